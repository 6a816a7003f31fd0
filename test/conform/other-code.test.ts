// Records that other code has written: what conforms conforms, and what does not accuses nobody.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { conform } from "../../src/conform/index.js";
import { besideOtherCode } from "../../src/conform/other-code.js";
import { type Parts, partsOf } from "../../src/identity/identity.js";
import { UserError } from "../../src/model/errors.js";
import {
  type RecordedStep,
  type Records,
  readRecords,
  recordFilesIn,
  SimulatedRecords,
} from "../../src/records/index.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { observe } from "../../src/simulate/result.js";
import { simulationFrom } from "../../src/simulate/setting.js";

/** The records of a simulated run of Raft; `code` is what their heads say. */
async function recorded(code: Parts): Promise<Records> {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  try {
    const simulation = await simulationFrom(
      parametersFrom({ protocol: "raft", clients: 0, requests: 1, seed: 4 }),
    );
    const records = new SimulatedRecords(simulation, join(directory, "records"), code);
    await observe(simulation, records);
    records.close();
    return readRecords(simulation.nodes.flatMap(({ id }) => recordFilesIn(join(directory, "records", id))));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** As Raft was until its leaders said how soon a client asks. */
function withoutDelays(records: Records): Records {
  const plain = (effect: object) => ({ ...effect, delay: undefined });
  const steps = records.steps.map(
    (step) => JSON.parse(JSON.stringify({ ...step, effects: step.effects.map(plain) })) as RecordedStep,
  );
  return { ...records, steps };
}

test("records of the present code are judged as they are", async (t) => {
  const records = await recorded(await partsOf("raft"));
  const found = await conform(records);
  t.deepEqual([found.rejection, found.otherCode], [null, []]);
  const altered = await conform(withoutDelays(records));
  t.truthy(altered.rejection);
  t.deepEqual(altered.otherCode, []);
});

test("records say what they were written by, and how that differs from what they are held against", async (t) => {
  const now = await partsOf("raft");
  const records = await recorded({ ...now, turncoat: "0.0.9, build ab" });
  const found = await conform(records);
  t.is(found.rejection, null);
  const difference = `Turncoat was 0.0.9, build ab and is ${now.turncoat}`;
  t.deepEqual(found.otherCode, [`r0, r1, r2, r3: ${difference}`]);
  t.deepEqual((await conform(records, { byzantine: ["r0"] })).otherCode, [`r1, r2, r3: ${difference}`]);
  t.deepEqual((await conform(records, { protocol: "raft/votes-twice" })).otherCode, found.otherCode);
  const present = await recorded({ ...now, "./a-module.ts": "1" });
  t.deepEqual((await conform(present, { protocol: "raft/votes-twice" })).otherCode, []);
  t.deepEqual((await conform(present)).otherCode, ["r0, r1, r2, r3: ./a-module.ts is no longer imported"]);
});

test("of a record that does not say it, nobody knows", async (t) => {
  const records = await recorded(await partsOf("raft"));
  const heads = new Map(
    [...records.heads].map(([node, { code: _, ...head }]) => [
      node,
      node === "r1" ? head : { ...head, code: _! },
    ]),
  );
  const found = await conform(withoutDelays({ ...records, heads }));
  t.truthy(found.rejection);
  t.deepEqual(found.otherCode, [
    "r1: written by Turncoat 0.1.0, and it does not say with which code (early versions did not write that down)",
  ]);
});

test("an error of the protocol may come of it, too, and says so", (t) => {
  const throwing = () => {
    throw new UserError("protocol-threw", "step() of r0 threw.", { frames: ["mine.ts:3"] });
  };
  const error = t.throws(() => besideOtherCode("raft", ["r0: Turncoat was 1 and is 2"], throwing));
  t.regex(
    error.message,
    /^step\(\) of r0 threw\. The records were written by other code .* Turncoat was 1 and is 2\.$/,
  );
  t.deepEqual((error as UserError).frames, ["mine.ts:3"]);
  t.is(t.throws(() => besideOtherCode("raft", [], throwing)).message, "step() of r0 threw.");
  t.is(
    besideOtherCode("raft", ["r0"], () => 5),
    5,
  );
});
