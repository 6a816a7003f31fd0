// Fuzzes every correct form of every protocol, under every adversary and on every network, looking for false
// alarms: `npm run fuzz:forms`. Exit code 1 if anything is violated.
//
//   npm run fuzz:forms -- [--runs N | --events N] [--settings N] [--seed N] [--only TEXT] [--json FILE] [--write]
//
// `--runs`: in each setting (default 40). `--events N` instead: as many runs as N events of each protocol take, the same share in each of its
// settings. `--settings N`: of each protocol so many settings, evenly spaced in their list, instead of all; each is then fuzzed for longer, with
// steps that are evaluated already. `--only`: the protocols whose name begins with TEXT. `--write` puts the table into docs/false-alarms.md.

import { writeFileSync } from "node:fs";
import { settingFrom } from "../src/catalogue/index.js";
import { type FuzzResult, fuzz } from "../src/fuzz/index.js";
import {
  type FormRow,
  formsJson,
  formsMarkdown,
  formsProblems,
  formsTable,
} from "../src/report/correct-forms.js";
import { correctForms } from "../src/suite/correct-forms.js";
import type { PlannedRun } from "../src/suite/plan.js";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";
import { writePart } from "./documents.js";

const { values } = benchArguments({
  options: {
    runs: { type: "string", default: "40" },
    events: { type: "string" },
    settings: { type: "string" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [maxRuns, seed] = [positiveNumber(values.runs, "--runs"), numberFrom0(values.seed, "--seed")];
const events = values.events === undefined ? null : positiveNumber(values.events, "--events");
const most =
  values.settings === undefined ? Number.POSITIVE_INFINITY : positiveNumber(values.settings, "--settings");
const startedAt = performance.now();
const rows: FormRow[] = [];
const forms = (await correctForms()).filter(({ description }) =>
  description.protocol.startsWith(values.only),
);
for (const protocol of new Set(forms.map(({ description }) => description.protocol))) {
  const settings = evenly(
    forms.filter(({ description }) => description.protocol === protocol),
    most,
  );
  const before = process.cpuUsage();
  for (const planned of settings) {
    rows.push({ planned, fuzz: await fuzzed(planned, events === null ? null : events / settings.length) });
    for (const problem of formsProblems(rows.slice(-1))) console.error(problem);
  }
  if (events !== null) console.log(progressLine(protocol, rows.slice(-settings.length), before));
}
console.log(formsTable(rows));
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(formsJson(rows), null, 2)}\n`);
if (values.write) writePart("docs/false-alarms.md", "forms", () => formsMarkdown(rows));
process.exitCode = formsProblems(rows).length === 0 ? 0 : 1;

/** So many of them, evenly spaced; all, if there are no more. */
function evenly<T>(all: readonly T[], count: number): readonly T[] {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
}

/** The runs of one setting: as many as were asked for, or as so many events take, by the length of the first ones. */
async function fuzzed({ description }: PlannedRun, share: number | null): Promise<FuzzResult> {
  const setting = await settingFrom(description);
  const first = await fuzz(setting, { seed, maxRuns });
  if (share === null || first.counterexample || first.events === 0 || first.events >= share) return first;
  return fuzz(setting, { seed, maxRuns: Math.ceil((share * first.runs) / first.events) });
}

function progressLine(protocol: string, made: readonly FormRow[], before: NodeJS.CpuUsage): string {
  const sum = (of: (result: FuzzResult) => number) => made.reduce((total, { fuzz }) => total + of(fuzz), 0);
  const { user, system } = process.cpuUsage(before);
  const figures = `${sum(({ runs }) => runs)} runs, ${sum((result) => result.events)} events, ${sum(({ decided }) => decided)} decided`;
  return `${protocol}: ${made.length} settings, ${figures}, ${formsProblems(made).length} violations, ${((user + system) / 1e6).toFixed(0)} CPU s`;
}
