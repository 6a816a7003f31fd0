// A record may say anything: what no node can have shown or received is rejected, and is no error.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { conform } from "../../src/conform/index.js";
import { partsOf } from "../../src/identity/identity.js";
import { type Records, readRecords, recordFilesIn, SimulatedRecords } from "../../src/records/index.js";
import { parametersFrom } from "../../src/simulate/raw-options.js";
import { observe } from "../../src/simulate/result.js";
import { simulationFrom } from "../../src/simulate/setting.js";

/** The records of a simulated run of Raft, in which the first text like this is replaced. */
async function altered(like: RegExp, by: string): Promise<Records> {
  const directory = mkdtempSync(join(tmpdir(), "turncoat-"));
  try {
    const asked = parametersFrom({ protocol: "raft", clients: 0, requests: 1, seed: 4 });
    const simulation = await simulationFrom(asked);
    const recorder = new SimulatedRecords(simulation, join(directory, "records"), await partsOf("raft"));
    await observe(simulation, recorder);
    recorder.close();
    const records = readRecords(
      simulation.nodes.flatMap(({ id }) => recordFilesIn(join(directory, "records", id))),
    );
    return { ...records, steps: JSON.parse(JSON.stringify(records.steps).replace(like, by)) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

test("an event of a kind that does not exist is rejected", async (t) => {
  const found = await conform(await altered(/"kind":"custom"/, '"kind":"customs"'));
  t.regex(found.rejection!.reason, /the record: r\d shows an event of unknown kind: .*"customs"/);
});

test("a message that the protocol does not have is rejected, and no behaviour is asked what it makes of it", async (t) => {
  const received = /("kind":"message","from":"r\d","message":\{"tag":")[^"]*"/;
  const found = await conform(await altered(received, '$1unheard-of"'));
  t.regex(found.rejection!.reason, /that is no message of the protocol/);
});
