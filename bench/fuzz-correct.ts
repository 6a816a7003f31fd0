// Fuzzes correct PBFT with every strategy, looking for false alarms: `npm run bench:fuzz-correct [--
// EVENTS]`, so many events (default ten million) in each of three settings. Nothing may be violated, and at
// least half of the runs must decide something.

import Table from "cli-table3";
import { type SettingDescription, settingFrom } from "../src/catalogue/index.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { type CampaignCounts, noCounts, sumOf } from "../src/fuzz/counts.js";
import { strategies } from "../src/fuzz/strategies/index.js";
import { grouped } from "../src/report/numbers.js";
import { benchArguments, positiveNumber } from "./arguments.js";

const [events = "10000000"] = benchArguments({ allowPositionals: true }).positionals;
const wanted = positiveNumber(events, "The number of events");

const base = {
  protocol: "pbft",
  config: { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false },
  network: "async",
  bounds: { views: 1 },
  properties: ["agreement", "validity", "integrity"],
} as const;
const served = {
  config: { ...base.config, requests: 1, clients: true },
  properties: ["validity", "clients-are-served"],
};
const settings: readonly SettingDescription[] = [
  { ...base, byzantine: ["r1"], adversary: "silent" },
  { ...base, byzantine: ["r0"], adversary: "arbitrary" },
  { ...base, ...served, byzantine: ["r2"], adversary: "lying-voter" },
];

const table = new Table({
  head: ["strategy", "adversary", "runs", "events", "decided", "CPU s", "events/CPU s"],
  style: { head: [], border: [], compact: true },
});
let isGood = true;
for (const strategy of strategies)
  for (const description of settings) {
    const startedAt = process.cpuUsage();
    const maker = new BlockMaker(await settingFrom(description), {
      ...{ seed: 1, strategy, maxActions: 200, stopsAtFailure: true },
      maxRuns: Number.POSITIVE_INFINITY,
    });
    let counts: CampaignCounts = noCounts;
    for (let block = 0; counts.events < wanted; block++) {
      const result = await maker.make(block, () => counts.events + maker.soFar.events >= wanted);
      counts = sumOf(counts, result.counts);
      for (const { counterexample, path } of result.failures) {
        console.error(`${strategy.name}: ${counterexample.property}: ${counterexample.explanation}, ${path}`);
        isGood = false;
      }
    }
    if (counts.decided * 2 < counts.runs) isGood = false;
    const { user, system } = process.cpuUsage(startedAt);
    const seconds = (user + system) / 1e6;
    const decided = `${Math.round((100 * counts.decided) / counts.runs)} %`;
    const who = `${description.adversary} at ${description.byzantine}`;
    table.push([
      ...[strategy.name, who, grouped(counts.runs), grouped(counts.events), decided],
      ...[seconds.toFixed(1), grouped(counts.events / seconds)],
    ]);
  }
console.log(table.toString());
process.exitCode = isGood ? 0 : 1;
