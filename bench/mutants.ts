// Every mutant where it is known to fall: states and seconds to the first (shortest) violation, by the plain search and by
// visible steps. `npm run bench:mutants`. A plain search of more than 8 million states is given up, and says so.

import { findProtocol, settingFrom } from "../src/catalogue.js";
import { search } from "../src/explore/search.js";
import type { Reduction, SearchResult } from "../src/explore/verdict.js";
import { pbftMutants } from "../src/protocols/pbft/index.js";
import { grouped } from "../src/report/numbers.js";
import { plan } from "../src/suite/plan.js";

const maxStates = 8_000_000;

console.log(
  "| mutant | adversary | plain: actions | states | seconds | visible steps: actions (visible) | states | seconds |",
);
console.log("|---|---|---|---|---|---|---|---|");
for (const { name } of pbftMutants) {
  const [run] = plan(await findProtocol(name), { protocol: name });
  const setting = await settingFrom(run!.description);
  const by = (reduction: Reduction) => search(setting, { reduction, maxStates });
  const { adversary, byzantine } = run!.description;
  const cells = [...cellsOf(await by("none")), ...cellsOf(await by("visible-steps"))];
  console.log(`| ${name} | ${adversary} ${byzantine.join(", ")} | ${cells.join(" | ")} |`);
}

function cellsOf({ counterexample, depth, reduction, states, seconds }: SearchResult): string[] {
  const visible = reduction === "none" ? "" : ` (${depth})`;
  const length = counterexample ? `${counterexample.actions.length}${visible}` : "not finished";
  return [length, grouped(states), seconds.toFixed(1)];
}
