// Which flaws each adversary exposes that weaker ones do not: the table of docs/adversaries.md. `npm run
// bench:adversaries`. Every entry is searched again. Exit code 1 if a result differs from
// test/support/exposures.ts.

import { exposures, findingOf, heading, row } from "../test/support/exposures.js";
import { benchArguments } from "./arguments.js";

benchArguments();

const startedAt = performance.now();
const differing: string[] = [];
console.log(heading);
for (const exposure of exposures) {
  const found = await findingOf(exposure, exposure.adversary);
  const weaker: { [adversary: string]: number } = {};
  for (const name of Object.keys(exposure.weaker)) {
    const { states, actions } = await findingOf(exposure, name);
    weaker[name] = states;
    if (actions !== null)
      differing.push(`${name} exposes ${exposure.protocol} at ${exposure.byzantine}, too`);
  }
  const line = row({ ...exposure, found, weaker });
  console.log(line);
  if (line !== row(exposure)) differing.push(`expected: ${row(exposure)}`);
}
console.log(`\n${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
for (const what of differing) console.error(what);
process.exitCode = differing.length === 0 ? 0 : 1;
