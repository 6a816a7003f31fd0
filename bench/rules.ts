// Which property needs which rule of PBFT: `npm run rules`. Every mutant is searched in its known setting (or
// fuzzed, if only timed runs find it), and every harmless variant where it is known to hold. Exit code 1 if a
// verdict is not the expected one. `--write` puts the table into docs/rules.md.

import { readFileSync } from "node:fs";
import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import { fuzz } from "../src/fuzz/index.js";
import { pbftMutants, pbftRules, pbftTimedMutants, pbftVariants } from "../src/protocols/pbft/index.js";
import { grouped } from "../src/report/numbers.js";
import { pbftSuites } from "../src/suite/pbft.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments } from "./arguments.js";
import { writePart } from "./documents.js";

const { values } = benchArguments({ options: { write: { type: "boolean", default: false } } });
const root = new URL("../../", import.meta.url);

/** The first sentence of each rule's comment. */
function meanings(): ReadonlyMap<string, string> {
  const source = readFileSync(new URL("src/protocols/pbft/rules.ts", root), "utf8");
  const found = source.matchAll(/\/\*\*((?:(?!\*\/).)*)\*\/\s*readonly (\w+):/gs);
  return new Map(
    [...found].map(([, comment, name]) => {
      const text = comment!.replaceAll(/\s*\n\s*\* ?/g, " ").trim();
      return [name!, /^.*?\.(?= [A-Z]|$)/.exec(text)?.[0] ?? text];
    }),
  );
}

let failures = 0;

async function outcome(name: string): Promise<string> {
  const entry = await findProtocol(name);
  const expected = pbftSuites.standard
    .flatMap(({ requests }) => requests)
    .find((request) => request.protocol === name && request.expect === "holds");
  const [run] = plan(entry, expected ?? { protocol: name });
  const { description } = run!;
  const result = await search(await settingFrom(description), { reduction: "visible-steps" });
  const where = `${description.adversary ?? "nobody lies"}${description.byzantine.length > 0 ? ` at ${description.byzantine.join(", ")}` : ""}, views 0-${description.bounds.views}`;
  const length = result.counterexample ? `${result.counterexample.actions.length} actions, ` : "";
  if (result.verdict !== (expected ? "holds" : "violated")) failures++;
  return `${description.properties.join(", ")} ${result.verdict}: ${where} (${length}${grouped(result.states)} states)`;
}

/** A flaw that only timed runs show is fuzzed, with seed 1. */
async function timedOutcome(name: string): Promise<string> {
  const [run] = plan(await findProtocol(name), { protocol: name });
  const { description } = run!;
  const result = await fuzz(await settingFrom(description), { seed: 1, maxRuns: 5000 });
  if (result.verdict !== "violated") failures++;
  const where = `${description.adversary} at ${description.byzantine}`;
  return `${description.properties.join(", ")} ${result.verdict} in timed runs: ${where} (${result.counterexample?.actions.length} actions, run ${result.runs})`;
}

const rows: string[] = [];
const open: string[] = [];
for (const [rule, meaning] of meanings()) {
  if (!(rule in pbftRules)) continue;
  const mutants = pbftMutants.filter(({ changes }) => changes.includes(rule));
  const timed = pbftTimedMutants.filter(({ changes }) => changes.includes(rule));
  const variants = pbftVariants.filter(({ changes }) => changes.includes(rule));
  if (mutants.length + timed.length + variants.length === 0) open.push(`- \`${rule}\`: ${meaning}`);
  for (const { name, flaw } of mutants)
    rows.push(`| \`${rule}\` | ${meaning} | \`${name}\`: ${flaw} | ${await outcome(name)} |`);
  for (const { name, flaw } of timed)
    rows.push(`| \`${rule}\` | ${meaning} | \`${name}\`: ${flaw} | ${await timedOutcome(name)} |`);
  for (const { name, change } of variants)
    rows.push(
      `| \`${rule}\` | ${meaning} | \`${name}\`: ${change} | no harm found. ${await outcome(name)} |`,
    );
}
const table = [
  "| rule | what it says | without it, or weaker | what breaks |",
  "|---|---|---|---|",
  ...rows,
  "",
  "Rules that no mutant changes, so that nothing here shows whether they are needed:",
  "",
  ...(open.length > 0 ? open : ["- none"]),
].join("\n");
console.log(table);
if (values.write) writePart("docs/rules.md", "rules", () => table);
process.exitCode = failures > 0 ? 1 : 0;
