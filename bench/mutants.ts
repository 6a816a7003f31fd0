// Searches for every mutant in its known setting: states and seconds to the first (shortest) violation, in
// the plain search and by visible steps where these are sound. `npm run bench:mutants [-- NAME]`: the mutants
// whose name begins with NAME. A plain search is given up after 8 million states.

import { findProtocol, settingFrom } from "../src/catalogue/index.js";
import { search } from "../src/explore/search.js";
import type { Reduction, SearchResult } from "../src/explore/search-result.js";
import { grouped } from "../src/report/numbers.js";
import { plan } from "../src/suite/plan.js";
import { benchArguments } from "./arguments.js";
import { everyMutant } from "./measuring.js";

const maxStates = 8_000_000;
const [wanted = ""] = benchArguments({ allowPositionals: true }).positionals;

console.log(
  "| mutant | adversary | plain: actions | states | seconds | visible steps: actions (visible) | states | seconds |",
);
console.log("|---|---|---|---|---|---|---|---|");
for (const name of everyMutant.filter((one) => one.startsWith(wanted))) {
  const [run] = plan(await findProtocol(name), { protocol: name });
  const setting = await settingFrom(run!.description);
  const by = (reduction: Reduction) => search(setting, { reduction, maxStates });
  const { adversary, byzantine, network } = run!.description;
  const reduced = network === "async" ? cellsOf(await by("visible-steps")) : ["-", "-", "-"];
  const cells = [...cellsOf(await by("none")), ...reduced];
  const who = adversary === null ? "none" : `${adversary} ${byzantine.join(", ")}`;
  console.log(`| ${name} | ${who} | ${cells.join(" | ")} |`);
}

function cellsOf({ counterexample, depth, reduction, states, seconds }: SearchResult): string[] {
  const visible = reduction === "none" ? "" : ` (${depth})`;
  const length = counterexample ? actionsOf(counterexample) : "not finished";
  return [`${length}${counterexample ? visible : ""}`, grouped(states), seconds.toFixed(1)];
}

function actionsOf({ actions, loop = [] }: NonNullable<SearchResult["counterexample"]>): string {
  return loop.length === 0 ? `${actions.length}` : `${actions.length}+${loop.length}`;
}
