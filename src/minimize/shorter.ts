// Leaving out finds no detour that has to be replaced by another sequence. A search does: for a shorter sequence to the same violation,
// with all that the adversary can do, or, where that is too much, with what is like its messages in the trace. It is bounded by a
// number of states, not by time, so it finds the same on every machine.

import { type SearchOptions, search } from "../explore/search.js";
import type { Reduction, SearchResult } from "../explore/search-result.js";
import type { Counterexample } from "../model/action.js";
import { UserError } from "../model/errors.js";
import { checksLiveness, type Setting } from "../model/setting.js";
import { focusOn } from "../trace/focus.js";
import { type ActionSequence, lengthOf, type Oracle } from "./oracle.js";
import { type Likeness, restrictedTo } from "./restricted.js";
import { shrink } from "./shrink.js";

/** A sequence that violates the property of an oracle in its setting. */
export interface Found {
  readonly oracle: Oracle;
  readonly sequence: ActionSequence;
}

/** What a search for a shorter sequence came to. */
export interface Shorter extends Found {
  /** Whether it is certain that there is none with fewer actions in this setting. */
  readonly isShortest: boolean;
}

/** So many counterexamples are looked for by visible steps: the one with the fewest visible actions need not have the fewest actions. */
const several = 32;

/**
 * By visible steps, then, where fewer visible actions may be more actions, action by action. The widest search comes first: if it can
 * be finished, the narrower ones have nothing to add.
 */
const stages: readonly { readonly reduction: Reduction; readonly likenesses: readonly Likeness[] }[] = [
  { reduction: "visible-steps", likenesses: ["any", "type", "same"] },
  { reduction: "none", likenesses: ["any", "same"] },
];

/** Searches of at most `maxStates` states each. The sequence that is returned is minimal again, and no longer than the one given. */
export async function shorter(found: Found, maxStates: number): Promise<Shorter> {
  const setting = focusOn(found.oracle.setting, found.oracle.property);
  const { budget } = found.oracle.tally;
  let best = found;
  let isShortest = false;
  const isLive = checksLiveness(setting);
  // In actions, or in visible actions, of which there are not more. Whether something is stuck is seen one step later.
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
 * A search without dead messages; with them, if what a protocol says of them is wrong (of a mutant it may be); null if it comes to
 * something else that the protocol or the adversary does wrong: what was found before stays found.
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

/** Whether a search has found the shortest, or nothing within its depth. */
function isComplete({ counterexample, verdict, reason }: SearchResult): boolean {
  return (
    counterexample !== null || verdict !== "inconclusive" || reason?.startsWith("the depth limit") === true
  );
}

/** What a search has found, shrunk, if it is shorter. What a narrowed adversary can do, the whole one can as well. */
function shorterOf(best: Found, { start, actions, loop = [] }: Counterexample): Found {
  const isSame = JSON.stringify(start) === JSON.stringify(best.oracle.start);
  const oracle = isSame ? best.oracle : best.oracle.elsewhere(best.oracle.setting, start);
  const violating = oracle.lenientSequence({ actions, loop });
  const sequence = violating && shrink(violating, oracle);
  return sequence && lengthOf(sequence) < lengthOf(best.sequence) ? { oracle, sequence } : best;
}
