// Which strategy finds which mutant, and how soon: the table in docs/fuzzing.md.
//
//   npm run bench:fuzz-mutants -- [MUTANT ...] [--strategies mixed,guided] [--seeds N] [--write]
//
// Each mutant is fuzzed in its known setting, by each strategy, from 20 seeds. A campaign ends with the first
// violation, or when its CPU seconds are spent. Cells are medians of runs and CPU seconds. If the first few
// seeds find nothing, the rest are skipped, and the cell says how many runs found nothing. `--write` puts
// each row into the table as soon as it is complete, and leaves the others unchanged, so the table can be
// made in pieces. MUTANT is a name, or the beginning of one (`bracha/`).

import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { BlockMaker } from "../src/fuzz/block.js";
import { strategies, strategyNamed } from "../src/fuzz/strategies/index.js";
import type { Strategy } from "../src/fuzz/strategy.js";
import type { Setting } from "../src/model/setting.js";
import { grouped } from "../src/report/numbers.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";
import { cpuSeconds } from "./cpu-seconds.js";
import { rowsOf, writePart } from "./documents.js";
import { everyMutant, median } from "./measuring.js";

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: {
    seeds: { type: "string", default: "20" },
    /** The most CPU seconds of a campaign: of the default strategy, and of the others. */
    limit: { type: "string", default: "10" },
    others: { type: "string", default: "2" },
    /** How many seeds to try before a cell is given up. */
    patience: { type: "string", default: "3" },
    /** Default: all of them. With some of them only, `--write` makes no sense. */
    strategies: { type: "string", default: "" },
    write: { type: "boolean", default: false },
  },
});
const seeds = positiveNumber(values.seeds, "--seeds");
const columns = values.strategies === "" ? strategies : values.strategies.split(",").map(strategyNamed);
if (values.write && columns.length < strategies.length) refuse("--write needs a row of all strategies");

const heading = [
  `| mutant | ${columns.map(({ name }) => name).join(" | ")} |`,
  `|---${"|---".repeat(columns.length)}|`,
];

interface Attempt {
  readonly isFound: boolean;
  readonly runs: number;
  readonly seconds: number;
}

async function attempt(setting: Setting, strategy: Strategy, seed: number, limit: number): Promise<Attempt> {
  const startedAt = process.cpuUsage();
  // A new setting, so that no cache is shared between seeds.
  const maker = new BlockMaker(
    { ...setting },
    {
      seed,
      strategy,
      maxActions: 200,
      maxRuns: Number.POSITIVE_INFINITY,
      stopsAtFailure: true,
    },
  );
  let runs = 0;
  for (let block = 0; ; block++) {
    let asked = 0;
    // Reading the clock before every run would take more time than the runs.
    const isLate = () => ++asked % 64 === 0 && cpuSeconds(startedAt) > limit;
    const result = await maker.make(block, isLate);
    runs += result.counts.runs;
    const isFound = result.failures.length > 0;
    const seconds = cpuSeconds(startedAt);
    if (isFound || seconds > limit) return { isFound, runs, seconds };
  }
}

async function cell(setting: Setting, strategy: Strategy): Promise<string> {
  const limit = Number(strategy.name === "mixed" ? values.limit : values.others);
  const attempts: Attempt[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    attempts.push(await attempt(setting, strategy, seed, limit));
    if (seed >= positiveNumber(values.patience, "--patience") && attempts.every(({ isFound }) => !isFound))
      break;
  }
  const found = attempts.filter(({ isFound }) => isFound);
  const runs = attempts.reduce((sum, one) => sum + one.runs, 0);
  if (found.length === 0) return `not found in ${grouped(runs)}`;
  // A campaign that found nothing counts as longer than any that found something.
  const of = (measure: "runs" | "seconds") =>
    median(attempts.map((one) => (one.isFound ? one[measure] : Number.POSITIVE_INFINITY)));
  if (!Number.isFinite(of("runs"))) return `${found.length} of ${attempts.length} seeds`;
  const all = found.length === attempts.length ? "" : ` (${found.length} of ${attempts.length})`;
  return `${grouped(of("runs"))}, ${of("seconds").toFixed(1)} s${all}`;
}

/** Rows of the table, by the name of the mutant. */
type Rows = ReadonlyMap<string, string>;

/** Puts rows in the document, in the order of the catalogue. Rows of mutants that no longer exist are dropped. */
function write(rows: Rows): void {
  writePart("docs/fuzzing.md", "mutants", (part) => {
    const old = rowsOf(part);
    return [...heading, ...everyMutant.flatMap((name) => rows.get(name) ?? old.get(name) ?? [])].join("\n");
  });
}

for (const line of heading) console.log(line);
const rows = new Map<string, string>();
for (const name of everyMutant) {
  if (positionals.length > 0 && !positionals.some((wanted) => name.startsWith(wanted))) continue;
  const [run] = plan(await findProtocol(name), { protocol: name });
  const setting = await settingFrom(run!.description);
  const cells: string[] = [];
  for (const strategy of columns) cells.push(await cell(setting, strategy));
  rows.set(name, `| ${name} | ${cells.join(" | ")} |`);
  console.log(rows.get(name));
  if (values.write) write(rows);
}
