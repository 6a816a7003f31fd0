// How fast the fuzzer is: `npm run bench:fuzz [-- STRATEGY SECONDS REQUESTS]`. It fuzzes PBFT with four
// correct replicas and a client that makes eleven requests in turn, so every run reaches the limit of 200
// events. The rate includes everything a campaign does: choosing deliveries, checking validity and
// linearizability, counting distinct states and merging the counts of blocks, and recording each run for
// replay.
//
// In the first seconds most steps of the protocol are evaluated for the first time, which every campaign pays
// once; so the table has ten rows. At the end the blocks of the last row are made again, and must give the
// same counts: that is the rate once every step is cached. Rates are per CPU second of the process. On a busy
// machine compare those.

import { deepEqual } from "node:assert/strict";
import Table from "cli-table3";
import { settingFrom } from "../src/catalogue/index.js";
import { BlockMaker, type BlockResult } from "../src/fuzz/block.js";
import { DistinctSample } from "../src/fuzz/sample.js";
import { strategyNamed } from "../src/fuzz/strategies/index.js";
import { grouped } from "../src/report/numbers.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";

const { positionals } = benchArguments({ allowPositionals: true });
const [strategy = "uniform", seconds = "45", requests = "11"] = positionals;
const rowSeconds = positiveNumber(seconds, "SECONDS") / 10;

const config = { replicas: 4, faults: 1, requests: 1, clients: true };
const setting = await settingFrom({
  protocol: "pbft",
  config: { ...config, slots: Number(requests), operations: Number(requests) },
  byzantine: [],
  adversary: null,
  network: "async",
  bounds: { views: 0 },
  properties: ["validity", "linearizability"],
});
const maker = new BlockMaker(setting, {
  seed: 1,
  strategy: strategyNamed(strategy),
  maxActions: 200,
  maxRuns: Number.POSITIVE_INFINITY,
  stopsAtFailure: true,
});

const table = new Table({
  head: ["CPU s", "runs", "events", "events/run", "events/CPU s", "steps evaluated"],
  colAligns: ["right", "right", "right", "right", "right", "right"],
  style: { head: [], border: [], compact: true },
});
const startedAt = process.cpuUsage();
const sample = new DistinctSample();

/** Makes blocks for at most so many CPU seconds, and prints a row of the table. */
async function row(
  name: () => string,
  blocks: Iterable<number>,
  limit: number,
): Promise<readonly BlockResult[]> {
  const rowAt = process.cpuUsage();
  const results: BlockResult[] = [];
  for (const block of blocks) {
    const result = await maker.make(block, () => false, sample.level);
    if (result.failures.length > 0) throw new Error("correct PBFT violates a property");
    sample.merge(result.sample);
    results.push(result);
    if (cpuSeconds(rowAt) >= limit) break;
  }
  const sum = (of: (result: BlockResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const [runs, events] = [sum(({ counts }) => counts.runs), sum(({ counts }) => counts.events)];
  const numbers = [
    runs,
    events,
    events / runs,
    events / cpuSeconds(rowAt),
    sum(({ stepCalls }) => stepCalls),
  ];
  table.push([name(), ...numbers.map((number) => grouped(Math.round(number)))]);
  return results;
}

function* from(first: number): Iterable<number> {
  for (let block = first; ; block++) yield block;
}

let last: readonly BlockResult[] = [];
let next = 0;
while (cpuSeconds(startedAt) < Number(seconds)) {
  last = await row(() => cpuSeconds(startedAt).toFixed(1), from(next), rowSeconds);
  next += last.length;
}
const again = await row(
  () => "again",
  last.map(({ block }) => block),
  Number.POSITIVE_INFINITY,
);
deepEqual(
  again.map(({ counts }) => counts),
  last.map(({ counts }) => counts),
);
console.log(table.toString());
