// The whole catalogue of flaws in one table: `npm run flaws`. Exit code 0 only if every expected violation
// was found, every correct form holds, no other property was violated, and the corpus has a trace of each
// flaw that is not longer than the one the search found.
//
//   npm run flaws -- [--short] [--only TEXT] [--fuzz-seconds S] [--json FILE] [--markdown FILE]
//
// `--short` leaves out the fuzzer, and whatever takes more than a few seconds. `--fuzz-seconds`: how long to
// fuzz for each flaw (default 3). `--only`: the protocols whose name begins with TEXT, or with one of several with
// commas between them; of a Markdown file that is there it replaces their rows, and leaves the others.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { fuzz } from "../src/fuzz/index.js";
import { paintFor } from "../src/render/paint.js";
import { settingName } from "../src/render/setting.js";
import {
  type FlawRow,
  flawsJson,
  flawsMarkdown,
  flawsProblems,
  flawsSummary,
  flawsTable,
  type KeptTrace,
  lengthProblems,
} from "../src/report/flaws.js";
import { type CatalogueRun, catalogueRuns } from "../src/suite/flaws.js";
import { readTrace } from "../src/trace/index.js";
import { benchArguments, numberFrom0 } from "./arguments.js";

const { values } = benchArguments({
  options: {
    short: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    "fuzz-seconds": { type: "string", default: "3" },
    json: { type: "string" },
    markdown: { type: "string" },
  },
});
const fuzzSeconds = values.short ? 0 : numberFrom0(values["fuzz-seconds"], "--fuzz-seconds");
const startedAt = performance.now();
const rows: FlawRow[] = [];
const runs = await catalogueRuns(values.short);
const isWanted = (name: string) => values.only.split(",").some((text) => name.startsWith(text));
for (const run of runs) {
  if (!isWanted(run.planned.description.protocol)) continue;
  rows.push(await made(run));
  const { verdict, seconds } = rows.at(-1)!.search;
  console.error(`${settingName(run.planned.description)}: ${verdict}, ${seconds.toFixed(1)} s`);
}
console.log(flawsTable(rows, paintFor(process.stdout.isTTY === true)));
const problems = [...flawsProblems(rows), ...lengthProblems(rows, await keptLengths())];
for (const problem of problems) console.log(problem);
console.log(`${flawsSummary(rows)} ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(flawsJson(rows), null, 2)}\n`);
if (values.markdown) writeFileSync(values.markdown, flawsMarkdown(rows, before(values.markdown)));
process.exitCode = problems.length === 0 ? 0 : 1;

/** What a document keeps if only some of its rows are measured. */
function before(file: string) {
  if (values.only === "" || !existsSync(file)) return null;
  const order = runs.map(({ planned }) => planned.description.protocol);
  return { document: readFileSync(file, "utf8"), order };
}

/** The traces of the corpus, by protocol. */
async function keptLengths() {
  const lengths = new Map<string, KeptTrace>();
  for (const file of readdirSync("corpus")) {
    const { setting, violates, actions, loop = [] } = await readTrace(`corpus/${file}`);
    lengths.set(setting.protocol, {
      property: violates.property,
      actions: actions.length + loop.length,
      replicas: setting.config.replicas,
    });
  }
  return lengths;
}

async function made(run: CatalogueRun): Promise<FlawRow> {
  const { description, reduction, expect } = run.planned;
  const setting = await settingFrom(description);
  const result = await search(setting, reduction === null ? {} : { reduction });
  const isFuzzed = expect === "violated" && fuzzSeconds > 0;
  const fuzzed = isFuzzed ? await fuzz(setting, { seed: 1, maxSeconds: fuzzSeconds }) : null;
  return { ...run, search: result, fuzz: fuzzed };
}
