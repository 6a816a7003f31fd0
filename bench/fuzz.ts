// How fast the fuzzer is: PBFT with four replicas and a client that makes eight requests one after the other, so that a run has
// about 160 deliveries; property checks, the counting of distinct states, and the record from which a run is replayed included.
// `npm run bench:fuzz`.
//
// The first seconds go into evaluating steps of the protocol for the first time, which every campaign pays once; so the table has
// a row for every few seconds. Rates are per CPU second of the process: on a busy machine compare those.

import Table from "cli-table3";
import { settingFrom } from "../src/catalogue.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { DistinctSample } from "../src/fuzz/sample.js";
import { strategyNamed } from "../src/fuzz/strategies/index.js";
import { grouped } from "../src/report/numbers.js";

const [strategy = "uniform", seconds = "24"] = process.argv.slice(2);
const rowSeconds = 4;

const setting = await settingFrom({
  protocol: "pbft",
  config: { replicas: 4, faults: 1, requests: 1, slots: 8, operations: 8, clients: true },
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
const cpuSeconds = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1e6;
};
const startedAt = process.cpuUsage();
const sample = new DistinctSample();
let block = 0;
while (cpuSeconds(startedAt) < Number(seconds)) {
  const rowAt = process.cpuUsage();
  let [runs, events, stepCalls] = [0, 0, 0];
  while (cpuSeconds(rowAt) < rowSeconds) {
    const result = await maker.make(block++, () => false, sample.level);
    sample.merge(result.sample);
    if (result.failures.length > 0) throw new Error("correct PBFT violates a property");
    runs += result.counts.runs;
    events += result.counts.events;
    stepCalls += result.stepCalls;
  }
  const row = [runs, events, Math.round(events / runs), events / cpuSeconds(rowAt), stepCalls];
  table.push([cpuSeconds(startedAt).toFixed(1), ...row.map(grouped)]);
}
console.log(table.toString());
