// The account of a minimization, for the terminal: what was removed, and why the rest has to stay.

import type { Account, Kept, Needed } from "../minimize/index.js";
import { visibleText } from "../model/visible-text.js";

/** The lines of an account of a violation of `property`. */
export function accountLines(account: Account, property: string): readonly string[] {
  return plainLines(account, property).map(visibleText);
}

function plainLines(account: Account, property: string): readonly string[] {
  const { actionsBefore, removed, kept, needed, isShortest, isTimed } = account;
  const fewer = actionsBefore - needed.length;
  const gone = [
    ...(fewer > 0 ? [`${fewer} of ${actionsBefore} actions`] : []),
    ...removed.map(({ part, before, after }) => `${part} ${before} → ${after}`),
  ];
  return [
    `Removed: ${gone.join("; ") || "nothing"}.`,
    `Why the rest has to stay (leaving out an action, and what is not possible without it, loses the violation of ${property}):`,
    ...(isTimed
      ? [
          "  every action: without it something else that had to happen by then is missing, or nothing is violated",
        ]
      : needed.map((need, index) => `  ${index + 1}: ${reasonOf(need)}`)),
    ...kept.map((part) => `  ${part.part}: ${keptText(part, property)}`),
    ...(isShortest
      ? [`No way with fewer actions violates ${property} here: an exhaustive search found none.`]
      : []),
  ];
}

function reasonOf({ impossibleWithout }: Needed): string {
  if (impossibleWithout.length === 0) return "without it all others are possible";
  const are = impossibleWithout.length === 1 ? "is" : "are";
  return `without it ${rangesText(impossibleWithout)} ${are} not possible`;
}

/** As in "2, 4-7". */
function rangesText(ascending: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of ascending) {
    const last = ranges.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(", ");
}

/**
 * What was tried in vain is not proven to be impossible: it was replayed, and for some parts looked for by a
 * short search.
 */
function keptText({ tried }: Kept, property: string): string {
  return `with ${tried.join(" or ")} no violation of ${property} was found`;
}
