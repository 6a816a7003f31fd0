// Flaws of live and published code: what another tool needed to find each, and what Turncoat needs. `npm run
// league`. Exit code 0 only if the search finds each flaw.
//
//   npm run league -- [--short] [--only TEXT] [--seeds N] [--fuzz-seconds S] [--json FILE] [--markdown FILE] [--csv FILE]
//
// Each flaw is fuzzed from N seeds (default 20) for at most S seconds each (default 15). `--short`, for CI,
// leaves out the fuzzer and searches of more than a few seconds. `--only`: the protocols whose name begins
// with TEXT, or with one of several with commas between them; of a Markdown file that is there it replaces their rows, and leaves the others.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { fuzz } from "../src/fuzz/index.js";
import { paintFor } from "../src/render/paint.js";
import { flawsProblems } from "../src/report/flaws.js";
import {
  type FuzzTry,
  type LeagueRow,
  leagueCsv,
  leagueJson,
  leagueMarkdown,
  leagueSummary,
  leagueTable,
} from "../src/report/league.js";
import { type CatalogueRun, catalogueRuns } from "../src/suite/flaws.js";
import { leagueRuns } from "../src/suite/league.js";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";

const { values } = benchArguments({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    seeds: { type: "string", default: "20" },
    "fuzz-seconds": { type: "string", default: "15" },
    json: { type: "string" },
    markdown: { type: "string" },
    csv: { type: "string" },
  },
});
const seeds = values.short ? 0 : numberFrom0(values.seeds, "--seeds");
const maxSeconds = positiveNumber(values["fuzz-seconds"], "--fuzz-seconds");

const rows: LeagueRow[] = [];
const runs = leagueRuns(await catalogueRuns(values.short));
for (const run of runs) {
  const { protocol } = run.planned.description;
  if (!values.only.split(",").some((text) => protocol.startsWith(text))) continue;
  rows.push(await measured(run));
  console.error(`${run.planned.description.protocol}: ${rows.at(-1)!.search.verdict}`);
}
console.log(leagueTable(rows, paintFor(process.stdout.isTTY === true)));
const problems = flawsProblems(rows);
for (const problem of problems) console.log(problem);
console.log(leagueSummary(rows));
if (values.json) writeFileSync(values.json, `${JSON.stringify(leagueJson(rows), null, 2)}\n`);
if (values.markdown) writeFileSync(values.markdown, leagueMarkdown(rows, before(values.markdown)));
if (values.csv) writeFileSync(values.csv, leagueCsv(rows));
process.exitCode = problems.length === 0 ? 0 : 1;

/** What a document keeps if only some of its rows are measured. */
function before(file: string) {
  if (values.only === "" || !existsSync(file)) return null;
  const order = runs.map(({ planned }) => planned.description.protocol);
  return { document: readFileSync(file, "utf8"), order };
}

async function measured(run: CatalogueRun): Promise<LeagueRow> {
  const { description, reduction } = run.planned;
  const setting = await settingFrom(description);
  const [found, cpuSeconds] = await timed(() => search(setting, reduction === null ? {} : { reduction }));
  const tries: FuzzTry[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const [result, used] = await timed(() => fuzz(setting, { seed, maxSeconds }));
    tries.push({ found: result.counterexample !== null, runs: result.runs, cpuSeconds: used });
  }
  return { ...run, search: found, fuzz: null, cpuSeconds, tries };
}

/** A result, and the CPU seconds it took. */
async function timed<Result>(make: () => Promise<Result>): Promise<[Result, number]> {
  const before = process.cpuUsage();
  const result = await make();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}
