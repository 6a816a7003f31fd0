// A nemesis as it is asked for, and the audit of what a cluster has done.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { Event } from "../../src/protocol/index.js";
import { audit } from "../../src/run/audit.js";
import { nemesisPlan } from "../../src/run/nemesis/plan.js";

function directoryOf(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-nemesis-"));
  t.teardown(() => rmSync(directory, { recursive: true }));
  return directory;
}

const replicas = ["r0", "r1", "r2"];
const plan = (text: string) => nemesisPlan(text, replicas, ["twin", "silent"]);

test("names are faults, and Byzantine replicas, the first that are free", (t) => {
  t.deepEqual(plan("kill,r0=twin,silent,partition"), {
    byzantine: { r0: "twin", r1: "silent" },
    faults: [
      { fault: "kill", seconds: 2 },
      { fault: "partition", seconds: 2 },
    ],
    ...{ calmSeconds: 2, times: Number.POSITIVE_INFINITY },
  });
});

test("a file says whom faults hit, and for how long", (t) => {
  const file = join(directoryOf(t), "nemesis.json");
  writeFileSync(
    file,
    JSON.stringify({ faults: [{ fault: "stop", nodes: ["r1"], seconds: 0.5 }], calmSeconds: 1, times: 3 }),
  );
  t.deepEqual(plan(file), {
    byzantine: {},
    faults: [{ fault: "stop", nodes: ["r1"], seconds: 0.5 }],
    ...{ calmSeconds: 1, times: 3 },
  });
  writeFileSync(file, JSON.stringify({ faults: [{ fault: "kil" }] }));
  t.throws(() => plan(file), { message: /^.* is not a nemesis's file:\n {2}.*faults\[0\]\.fault/ });
});

test("what means nothing is refused", (t) => {
  const refused = (text: string) => t.throws(() => plan(text))!.message;
  t.regex(refused("kil"), /^There is no file kil, nor a fault of that name\. Faults: kill, kill-all, /);
  t.is(refused("r7=twin"), "There is no replica r7; there are r0, r1, r2.");
  t.is(refused("r0=liar"), "r0 cannot be liar: use one of twin, silent.");
  t.is(refused("twin,twin,twin"), "With every replica Byzantine there is nobody left to observe.");
});

test("an audit leaves out what a crash has undone", async (t) => {
  const directory = directoryOf(t);
  let number = 0;
  const step = (input: object, ...events: readonly Event[]) =>
    JSON.stringify({ kind: "step", node: "r0", clock: { r0: ++number }, input, events });
  const message = { kind: "message" };
  const audited = async (...lines: readonly string[]) => {
    const file = join(directory, "r0");
    writeFileSync(file, `{"kind":"head"}\n${lines.join("\n")}\n`);
    number = 0;
    const { executed: count, twice, disagreements } = await audit(new Map([["r0", [file]]]), 1);
    return { count, twice, disagreements };
  };
  const [one, another] = [executed(1, "a"), executed(1, "b")];
  const before = () => [step({ kind: "start" }), step(message, one)];
  const again = (kept?: number) => step({ kind: "restart", stable: null, ...(kept && { kept }) });
  t.deepEqual(await audited(...before(), again(1), step(message, another)), {
    ...{ count: 1, twice: [], disagreements: [] },
  });
  t.deepEqual(await audited(...before(), again(2), step(message, one)), {
    ...{ count: 1, twice: ["r0: a"], disagreements: [] },
  });
  t.deepEqual(await audited(...before(), again(2), step(message, another)), {
    ...{ count: 2, twice: [], disagreements: ["slot 1"] },
  });
  // It came back with an empty disk; and a record of an earlier version does not say what was kept.
  t.deepEqual((await audited(...before(), step({ kind: "start" }), step(message, one))).twice, []);
  t.deepEqual((await audited(...before(), again(), step(message, one))).twice, ["r0: a"]);
});

const executed = (slot: number, request: string): Event => ({
  ...{ kind: "executed", slot, position: slot, request, result: "" },
});

test("an audit finds what was executed twice, differently, or not at all, and what nobody asked for", async (t) => {
  const directory = directoryOf(t);
  const record = (node: string, events: readonly Event[]): [string, readonly string[]] => {
    const file = join(directory, node);
    writeFileSync(
      file,
      `{"kind":"head"}\n${JSON.stringify({ node, clock: {}, events })}\n${JSON.stringify({ events: [] })}\n`,
    );
    return [node, [file]];
  };
  const client = record("c0", [
    ...["a", "b", "c"].map((request): Event => ({ kind: "invoked", request })),
    ...["a", "b", "c"].map((request): Event => ({ kind: "accepted", request, result: "" })),
  ]);
  const sound = record("r0", [executed(1, "a"), executed(2, "b"), executed(3, "c")]);
  const nothing = { twice: [], disagreements: [], missing: [], invented: [] };
  t.deepEqual(await audit(new Map([client, sound, ["r3", []]]), 1), {
    ...{ executed: 3, accepted: 3 },
    ...nothing,
  });
  const other = record("r1", [executed(1, "a"), executed(2, "d"), executed(3, "a")]);
  t.deepEqual(await audit(new Map([client, sound, other]), 2), {
    ...{ executed: 4, accepted: 3 },
    twice: ["r1: a"],
    disagreements: ["slot 2", "slot 3"],
    missing: ["b", "c"],
    invented: ["d"],
  });
});
