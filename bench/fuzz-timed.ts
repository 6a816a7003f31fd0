// Fuzzes timed liveness: `npm run bench:fuzz-timed [-- EVENTS] [--write]`. Whoever is Byzantine, correct PBFT
// must serve its clients within k Delta after GST. Each adversary gets so many events (default 300,000),
// spread over its placements. Known flaws must be found. `--write` puts the tables into docs/fuzzing.md.

import { findProtocol, type SettingDescription, settingFrom } from "../src/catalogue/index.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { type CampaignCounts, noCounts, sumOf } from "../src/fuzz/counts.js";
import { defaultMaxTimedActions } from "../src/fuzz/index.js";
import { mixed } from "../src/fuzz/strategies/mixed.js";
import { grouped } from "../src/report/numbers.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments, positiveNumber } from "./arguments.js";
import { writePart } from "./documents.js";

const { values, positionals } = benchArguments({
  options: { write: { type: "boolean", default: false } },
  allowPositionals: true,
});
const wanted = positiveNumber(positionals[0] ?? "300000", "The number of events");
const seeds = 5;
let isGood = true;

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
const headOf = (heads: readonly string[]) => [row(heads), row(heads.map(() => "---"))];

function makerFor(setting: Awaited<ReturnType<typeof settingFrom>>, seed: number): BlockMaker {
  return new BlockMaker(setting, {
    ...{ seed, strategy: mixed, maxActions: defaultMaxTimedActions },
    ...{ maxRuns: Number.POSITIVE_INFINITY, stopsAtFailure: true },
  });
}

/** Runs of one setting, up to so many events. */
async function counted(description: SettingDescription, events: number): Promise<CampaignCounts> {
  const maker = makerFor(await settingFrom(description), 1);
  let counts = noCounts;
  for (let block = 0; counts.events < events; block++) {
    const result = await maker.make(block, () => counts.events + maker.soFar.events >= events);
    counts = sumOf(counts, result.counts);
    for (const { counterexample, path } of result.failures) {
      console.error(
        `${description.adversary} at ${description.byzantine}, path ${path}: ${counterexample.explanation}`,
      );
      isGood = false;
    }
    if (result.failures.length > 0) break;
  }
  return counts;
}

const entry = await findProtocol("pbft");
const table = headOf([
  "adversary",
  "at",
  "runs",
  "events",
  "waited",
  "longest",
  "undecided",
  "CPU s",
  "events/CPU s",
]);
const { config, bounds } = plan(entry, { protocol: "pbft", adversaries: ["silent"], timing: {} })[0]!
  .description;
const { views } = bounds;
for (const { name, plays, canMove } of entry.adversaries) {
  if (plays === "client") continue;
  const startedAt = process.cpuUsage();
  const placements = ["r0", "r1", "r2", "r3"].filter((self) => canMove({ self, config, views }));
  if (placements.length === 0) continue; // it lies about checkpoints, and there are none
  const runs = placements.flatMap((self) =>
    plan(entry, { protocol: "pbft", adversaries: [name], byzantine: [self], timing: {} }),
  );
  let counts = noCounts;
  for (const { description } of runs)
    counts = sumOf(counts, await counted(description, Math.ceil(wanted / runs.length)));
  const { user, system } = process.cpuUsage(startedAt);
  const seconds = (user + system) / 1e6;
  const { waited, longestWait, cutByActions, cutByViews } = counts.timed!;
  if (cutByActions + cutByViews > 0) isGood = false;
  const cells = [
    ...[name, runs.map(({ description }) => description.byzantine).join(", ")],
    ...[grouped(counts.runs), grouped(counts.events), grouped(waited)],
    ...[`${(longestWait / 10_000).toFixed(1)} Delta`, grouped(cutByActions + cutByViews)],
    ...[seconds.toFixed(1), grouped(counts.events / seconds)],
  ];
  table.push(row(cells));
}

const flaws: readonly (readonly [flaw: string, adversary: string, byzantine: string])[] = [
  ["primary-forever", "silent", "r0"],
  ["timeout-constant", "silent", "r3"],
  ["enters-without-asking", "selective-sender", "r1"],
  ["enters-without-asking", "arbitrary", "r1"],
  ["primary-waits-for-ever", "lying-voter", "r2"],
  ["read-only-optimization", "equivocating-primary", "r0"],
];
const found = headOf(["flaw", "adversary", `runs (median of ${seeds})`, "CPU s"]);
for (const [flaw, adversary, byzantine] of flaws) {
  const mutant = await findProtocol(`pbft/${flaw}`);
  const views = mutant.mutant!.exposedBy.timing ? mutant.mutant!.exposedBy.views : undefined;
  const [run] = plan(mutant, {
    ...{ protocol: mutant.name, adversaries: [adversary], byzantine: [byzantine], timing: {} },
    ...(views !== undefined && { views }),
  });
  const setting = await settingFrom(run!.description);
  const figures: (readonly [runs: number, seconds: number])[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const startedAt = process.cpuUsage();
    const maker = makerFor(setting, seed);
    let counts = noCounts;
    for (let block = 0, isFound = false; !isFound; block++) {
      const result = await maker.make(block);
      counts = sumOf(counts, result.counts);
      isFound = result.failures.length > 0;
      if (isFound || block < 9) continue;
      isGood = false;
      break;
    }
    const { user, system } = process.cpuUsage(startedAt);
    figures.push([counts.runs, (user + system) / 1e6]);
  }
  const median = (column: 0 | 1) =>
    figures.map((figure) => figure[column]).sort((a, b) => a - b)[Math.floor(seeds / 2)]!;
  found.push(row([flaw, `${adversary} at ${byzantine}`, grouped(median(0)), median(1).toFixed(1)]));
}
const tables = [...table, "", ...found].join("\n");
console.log(tables);
if (values.write) writePart("docs/fuzzing.md", "timed", () => tables);
process.exitCode = isGood ? 0 : 1;
