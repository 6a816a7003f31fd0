// Canonical names: of all names that request values and interchangeable replicas can have, the first ones.
// Traces of one flaw are then equal, and the first value is called A.

import { exchangeableRequests, interchangeable, permutationsOf } from "../model/symmetry/group.js";
import { Renaming } from "../model/symmetry/renaming.js";
import type { Found } from "./shorter.js";
import { inCausalOrder, shrink } from "./shrink.js";
import { renamed } from "./smaller.js";

/** The largest number of renamings tried. */
const maxRenamings = 200;

/** The same sequence with the smallest names for which it is a violation. */
export function withSmallestNames(found: Found): Found {
  const { setting, start } = found.oracle;
  let best = found;
  for (const renaming of renamings(found)) {
    const run = renamed({ start, sequence: found.sequence }, renaming);
    const oracle = found.oracle.elsewhere(setting, run.start);
    if (oracle.strictSequence(run.sequence) === null) continue;
    const ordered = { oracle, sequence: inCausalOrder(run.sequence, oracle) };
    if (textOf(ordered) < textOf(best)) best = ordered;
  }
  return best === found ? found : { oracle: best.oracle, sequence: shrink(best.sequence, best.oracle) };
}

function renamings({ oracle: { setting } }: Found): readonly Renaming[] {
  const requests = exchangeableRequests(setting);
  const groups = [...interchangeable(setting), ...(requests.length > 1 ? [requests] : [])];
  const order = groups.reduce((product, { length }) => product * factorial(length), 1);
  if (order > maxRenamings) return [];
  const all = groups
    .map((group) => permutationsOf(group))
    .reduce(
      (products, factor) => products.flatMap((left) => factor.map((right) => new Map([...left, ...right]))),
      [new Map<string, string>()],
    );
  return all.map((words) => new Renaming(words));
}

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}

function textOf({ oracle, sequence }: Found): string {
  return JSON.stringify([sequence.actions, sequence.loop, oracle.start]);
}
