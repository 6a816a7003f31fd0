// Fuzzes every correct form of every protocol, under every adversary and on every network, looking for false
// alarms: `npm run fuzz:forms`. Exit code 1 if anything is violated.
//
//   npm run fuzz:forms -- [--runs N] [--seed N] [--only TEXT] [--json FILE] [--write]
//
// `--runs`: in each setting (default 40). `--only`: the protocols whose name begins with TEXT. `--write` puts
// the table into docs/false-alarms.md.

import { writeFileSync } from "node:fs";
import { settingFrom } from "../src/catalogue/index.js";
import { fuzz } from "../src/fuzz/index.js";
import {
  type FormRow,
  formsJson,
  formsMarkdown,
  formsProblems,
  formsTable,
} from "../src/report/correct-forms.js";
import { correctForms } from "../src/suite/correct-forms.js";
import { benchArguments, numberFrom0, positiveNumber } from "./arguments.js";
import { writePart } from "./documents.js";

const { values } = benchArguments({
  options: {
    runs: { type: "string", default: "40" },
    seed: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    json: { type: "string" },
    write: { type: "boolean", default: false },
  },
});
const [maxRuns, seed] = [positiveNumber(values.runs, "--runs"), numberFrom0(values.seed, "--seed")];
const startedAt = performance.now();
const rows: FormRow[] = [];
for (const planned of await correctForms()) {
  if (!planned.description.protocol.startsWith(values.only)) continue;
  rows.push({ planned, fuzz: await fuzz(await settingFrom(planned.description), { seed, maxRuns }) });
  for (const problem of formsProblems(rows.slice(-1))) console.error(problem);
}
console.log(formsTable(rows));
console.log(`${((performance.now() - startedAt) / 1000).toFixed(0)} s.`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(formsJson(rows), null, 2)}\n`);
if (values.write) writePart("docs/false-alarms.md", "forms", () => formsMarkdown(rows));
process.exitCode = formsProblems(rows).length === 0 ? 0 : 1;
