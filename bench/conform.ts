// Plants changes in the records of a run, and counts how many conformance rejects: `npm run bench:conform -- [--changes N] [--requests R] [--seed S]`.
//
// A cluster of four replicas and a client runs in this process, with real sockets and disks. Its record must conform. Then in N (default: 200)
// copies one thing is changed: a vote dropped, a digest altered, an execution moved, a signature by another. Each has to be rejected in its
// place; but a vote that did nothing may be missing, which is an execution, too: then the enumeration of the tests, which shares no code with
// conformance, has to find one. A record of 500 steps must take less than 0.1 s. Exit code 1 otherwise.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProtocol } from "../src/catalogue/index.js";
import { conform } from "../src/conform/index.js";
import type { Config } from "../src/protocol/index.js";
import { recordName } from "../src/records/files.js";
import { type RecordHead, type Records, readRecords } from "../src/records/index.js";
import { purpose, randomFor } from "../src/simulate/random.js";
import { naiveConform } from "../test/support/naive-conform.js";
import { isInPlace, planted, plantKinds } from "../test/support/planted.js";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";
import { servedCluster } from "./served-cluster.js";

const { values } = benchArguments({
  options: {
    changes: { type: "string", default: "200" },
    requests: { type: "string", default: "14" },
    seed: { type: "string", default: "1" },
  },
});
const changes = positiveNumber(values.changes, "--changes");
const random = randomFor(numberFrom0(values.seed, "--seed"), purpose.choice);
const directory = mkdtempSync(join(tmpdir(), "turncoat-conform-"));

try {
  const nodes = await servedCluster(directory, positiveNumber(values.requests, "--requests"));
  const records = readRecords(nodes.map((node) => join(node.directory, recordName)));
  const times: number[] = [];
  for (let round = 0; round < 11; round++) times.push(await timed(records));
  times.sort((a, b) => a - b);
  console.log(
    `${records.steps.length} steps of ${nodes.length} nodes conform; median of 11: ${times[5]!.toFixed(0)} ms of CPU time, at most ${times.at(-1)!.toFixed(0)} ms`,
  );
  const each500 = (times[5]! * 500) / records.steps.length;
  console.log(`that is ${each500.toFixed(0)} ms for 500 steps`);
  if (each500 >= 100) process.exitCode = 1;
  await plantAll(records);
} finally {
  rmSync(directory, { recursive: true });
}

async function timed(records: Records): Promise<number> {
  const before = process.cpuUsage();
  const { rejection } = await conform(records);
  if (rejection !== null)
    throw new Error(`the run itself is rejected: ${rejection.what}: ${rejection.reason}`);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What the enumeration has to know. */
async function settingOf({ heads }: Records) {
  const [{ protocol, config }] = [...heads.values()] as [RecordHead];
  return { ...(await findProtocol(protocol)), config: config as unknown as Config, byzantine: [] };
}

async function plantAll(records: Records): Promise<void> {
  const rows = new Map(
    plantKinds.map((kind) => [kind, { planted: 0, rejected: 0, inPlace: 0, legal: 0, wrong: 0 }]),
  );
  for (let number = 0; number < changes; number++) {
    const kind = plantKinds[number % plantKinds.length]!;
    const row = rows.get(kind)!;
    const change = planted(records, kind, random);
    const { rejection } = await conform(change.records);
    row.planted++;
    if (rejection === null) {
      const { conforms } = naiveConform(await settingOf(change.records), change.records);
      change.isExecution && conforms ? row.legal++ : row.wrong++;
    } else {
      row.rejected++;
      if (isInPlace(kind, change.step, rejection)) row.inPlace++;
    }
  }
  console.table(Object.fromEntries(rows));
  const total = [...rows.values()];
  const sum = (of: (row: (typeof total)[number]) => number) => total.reduce((all, row) => all + of(row), 0);
  console.log(
    `${sum((row) => row.rejected)} of ${changes} rejected (${((100 * sum((row) => row.rejected)) / changes).toFixed(1)} %), ${sum((row) => row.inPlace)} of them in their place; ${sum((row) => row.legal)} are executions, too`,
  );
  if (sum((row) => row.wrong) > 0 || sum((row) => row.inPlace) < sum((row) => row.rejected))
    process.exitCode = 1;
}
