// Searches for a shorter sequence to the same violation, since removing actions cannot replace a detour by
// another one. It searches with the whole adversary or, if that is too much, with one restricted to messages
// like those in the trace. The limit is a number of states, not time, so the result is the same on every
// machine.

import { type SearchOptions, search } from "../explore/search.js";
import type { Reduction, SearchResult } from "../explore/search-result.js";
import type { Counterexample } from "../model/action.js";
import { UserError } from "../model/errors.js";
import { checksLiveness, type Setting } from "../model/setting.js";
import { type ActionSequence, lengthOf, type Oracle } from "./oracle.js";
import { type Likeness, restrictedTo } from "./restricted.js";
import { shrink } from "./shrink.js";

/** A sequence that violates the property of an oracle in its setting. */
export interface Found {
  readonly oracle: Oracle;
  readonly sequence: ActionSequence;
}

/** The result of the search for a shorter sequence. */
export interface Shorter extends Found {
  /** Whether certainly no sequence in this setting has fewer actions. */
  readonly isShortest: boolean;
}

/**
 * How many counterexamples a search by visible steps collects: the one with the fewest visible actions need
 * not have the fewest actions.
 */
const several = 32;

/**
 * First by visible steps; then, since fewer visible actions may be more actions, action by action. The widest
 * search comes first: if it finishes, the narrower ones add nothing.
 */
const stages: readonly { readonly reduction: Reduction; readonly likenesses: readonly Likeness[] }[] = [
  { reduction: "visible-steps", likenesses: ["any", "type", "same"] },
  { reduction: "none", likenesses: ["any", "same"] },
];

/**
 * Searches with at most `maxStates` states each. The result is minimal again, and no longer than the given
 * sequence.
 */
export async function shorter(found: Found, maxStates: number): Promise<Shorter> {
  const setting = found.oracle.focused;
  const { budget } = found.oracle.tally;
  let best = found;
  let isShortest = false;
  const isLive = checksLiveness(setting);
  // In actions, or in visible actions, which are at most as many. That nothing can happen any more is noticed
  // one step later.
  const depthBelow = (length: number) => length - (isLive ? 0 : 1);
  for (const { reduction, likenesses } of stages) {
    if (reduction === "visible-steps" && setting.network !== "async") continue; // not sound there
    const before = best;
    for (const likeness of likenesses) {
      const company = restrictedTo(setting, before.sequence.actions.concat(before.sequence.loop), likeness);
      const maxDepth = depthBelow(lengthOf(best.sequence));
      const maxViolations = reduction === "visible-steps" ? several : 1;
      const limits = { maxStates, maxDepth, maxViolations, ...budget?.limits };
      const result = await searchIn(company, { reduction, ...limits });
      if (result === null) continue;
      for (const counterexample of result.counterexamples) best = shorterOf(best, counterexample);
      if (!isComplete(result)) continue;
      isShortest = likeness === "any" && reduction === "none" && !isLive;
      break;
    }
  }
  return { ...best, isShortest };
}

/**
 * A search without dead messages; with them if the protocol's claim about them is wrong, as a mutant's may
 * be; null if it meets another defect of the protocol or the adversary: what was found before stays.
 */
async function searchIn(setting: Setting, options: SearchOptions): Promise<SearchResult | null> {
  for (const deadMessages of [true, false])
    try {
      return await search(setting, { ...options, deadMessages });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  return null;
}

/** Whether a search has found the shortest sequence, or none within its depth. */
function isComplete({ counterexample, verdict, reason }: SearchResult): boolean {
  return (
    counterexample !== null || verdict !== "inconclusive" || reason?.startsWith("the depth limit") === true
  );
}

/** The result of a search, shrunk, if it is shorter. The whole adversary can do what a restricted one can. */
function shorterOf(best: Found, { start, actions, loop = [] }: Counterexample): Found {
  const isSame = JSON.stringify(start) === JSON.stringify(best.oracle.start);
  const oracle = isSame ? best.oracle : best.oracle.elsewhere(best.oracle.setting, start);
  const violating = oracle.lenientSequence({ actions, loop });
  const sequence = violating && shrink(violating, oracle);
  return sequence && lengthOf(sequence) < lengthOf(best.sequence) ? { oracle, sequence } : best;
}
