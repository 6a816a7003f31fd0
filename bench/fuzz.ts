// How fast the fuzzer is: PBFT with four correct replicas and a client that makes eleven requests one after the other, so that every
// run goes on to the limit of 200 events. Included is what a campaign does: the choice of what is delivered, the checks of
// validity and linearizability, the counting of distinct states and its merging from block to block, and the record from
// which a run is replayed. `npm run bench:fuzz [-- STRATEGY SECONDS REQUESTS]`.
//
// The first seconds go into evaluating steps of the protocol for the first time, which every campaign pays once; so the table has
// ten rows. Rates are per CPU second of the process: on a busy machine compare those.

import Table from "cli-table3";
import { settingFrom } from "../src/catalogue.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { DistinctSample } from "../src/fuzz/sample.js";
import { strategyNamed } from "../src/fuzz/strategies/index.js";
import { grouped } from "../src/report/numbers.js";

const [strategy = "uniform", seconds = "60", requests = "11"] = process.argv.slice(2);
const rowSeconds = Number(seconds) / 10;

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
