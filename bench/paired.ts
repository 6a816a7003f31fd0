// What this build costs beside another one: `npm run bench:paired -- OTHER [--pairs 5] [--only TEXT]`. OTHER is the `build` folder of another
// version, compiled on the same machine. Every row does the same work with both, in turn and each time in a new process, and the table has the
// medians of the CPU seconds; the last column is the median of the quotients of the pairs. On a busy machine a pair may differ by a tenth either way:
// take more of them.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import Table from "cli-table3";
import { benchArguments, positiveNumber, refuse } from "./arguments.js";
import { median } from "./measuring.js";
import { type Measured, rows } from "./paired-rows.js";

const { values, positionals } = benchArguments({
  allowPositionals: true,
  options: { pairs: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const other = resolve(positionals[0] ?? refuse("give the build folder of another version"));
if (!existsSync(other)) refuse(`there is no ${other}`);
const pairs = positiveNumber(values.pairs, "--pairs");
const own = fileURLToPath(new URL("..", import.meta.url));
const script = fileURLToPath(new URL("paired-process.js", import.meta.url));

function measuredIn(build: string, row: string): Measured {
  return JSON.parse(execFileSync(process.execPath, [script, build, row], { encoding: "utf8" }));
}

const table = new Table({
  head: ["row", "the other, CPU s", "this one, CPU s", "x"],
  colAligns: ["left", "right", "right", "right"],
  style: { head: [], border: [], compact: true },
});
for (const row of Object.keys(rows).filter((name) => name.includes(values.only))) {
  const measured = Array.from({ length: pairs }, (_, pair) => {
    // Who is first changes, so that neither gains from what the other leaves behind.
    const isFirst = pair % 2 === 0;
    const both = (isFirst ? [other, own] : [own, other]).map((build) => measuredIn(build, row));
    const [theirs, ours] = isFirst ? both : both.toReversed();
    if (theirs!.work !== ours!.work) refuse(`the builds do not do the same in "${row}"`);
    return [theirs!.seconds, ours!.seconds] as const;
  });
  const theirs = median(measured.map(([seconds]) => seconds));
  const ours = median(measured.map(([, seconds]) => seconds));
  const quotient = median(measured.map(([a, b]) => b / a));
  table.push([row, theirs.toFixed(2), ours.toFixed(2), quotient.toFixed(3)]);
}
console.log(table.toString());
