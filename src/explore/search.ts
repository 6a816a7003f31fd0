// The entry point of the exhaustive search: visits every reachable state, or one of those that a reduction
// has shown to be equivalent. breadth-first.ts does the work. This file decides what must be searched again
// in another way, because a reduction was refused, or because a violation has no shortest counterexample yet.

import { isFault, UserError } from "../model/errors.js";
import { asJson, checksLiveness, type Setting } from "../model/setting.js";
import { SymmetryRefused } from "../model/symmetry/group.js";
import { withoutTimeOf } from "../verdict/limits.js";
import { BreadthFirst } from "./breadth-first.js";
import { readCheckpointHeader } from "./checkpoint.js";
import { PathsNeeded } from "./findings.js";
import type { SearchOptions } from "./search-options.js";
import type { RefusedReduction, SearchResult } from "./search-result.js";
import { TalliesRefined } from "./tallies/tallied-search.js";
import { relianceCaveat, TallyBook } from "./tallies/tally-book.js";

export type { SearchOptions } from "./search-options.js";

/**
 * Explores everything that can happen in a setting.
 *
 * ```ts
 * const { verdict, counterexample } = await search(setting);
 * verdict // => "violated"
 * counterexample.actions.length // => 4
 * ```
 * Limits (`maxSeconds`, `maxMemoryBytes`, `maxStates`) and `signal` are looked at about twenty times a
 * second, also inside one long expansion: what is given up there counts as not expanded, and is made again
 * from its beginning if the search is resumed. They are not looked at inside a single call of your code: a
 * `step` that never returns blocks the thread, as it would anywhere. The command line watches from another
 * thread and names such a call; a program that needs this runs `search` in a worker that it can terminate.
 *
 * @throws {UserError} if the protocol or the adversary throws, mutates its input, is nondeterministic or
 * malformed.
 */
export async function search<Message, Request>(
  asked: Setting<Message, Request>,
  options: SearchOptions = {},
): Promise<SearchResult> {
  const setting = asJson(asked);
  if (setting.timing)
    throw new UserError(
      "bad-option",
      "The search knows no clock: every timer may fire at any moment. Timed runs are made by turncoat fuzz.",
    );
  if (options.pastViolations && options.reduction === "dominance") {
    const result = await searchOnce(setting, { ...options, reduction: "visible-steps" });
    const reason = "it leaves out states, and those past violations are to be counted";
    return { ...result, refused: [...result.refused, { reduction: "dominance", reason }] };
  }
  const result = await searchOnce(setting, options);
  if (result.reduction !== "dominance" || result.counterexample === null) return result;
  // What was found need not be shortest, so it is looked for once more; if that takes too long, it has been
  // found all the same.
  const { onObservation: _, resume: __, checkpoint: ___, ...again } = options;
  try {
    const shortest = await searchOnce(setting, {
      ...withoutTimeOf(again, result.seconds),
      reduction: "visible-steps",
    });
    if (shortest.counterexample !== null) return shortest;
    return withLengthCaveat(result, shortest.interrupted ? "was interrupted" : "has reached a limit");
  } catch (error) {
    if (!isFault(error)) throw error;
    return withLengthCaveat(result, `ended with an error: ${error.message}`); // what was found before is not lost
  }
}

/** A result with a counterexample of which no shortest one was found. */
function withLengthCaveat(result: SearchResult, why: string): SearchResult {
  const text = `the counterexample need not be a shortest one: the search for that, with visible steps, ${why}`;
  return { ...result, caveats: [...result.caveats, { text }] };
}

/**
 * The options with the reduction of the file that a search goes on from: one for liveness that asks for a reduction ends with the graph of the
 * plain search where executions may go round, and may have been cut there.
 */
function asItWasCut(setting: Setting, options: SearchOptions): SearchOptions {
  const { checkpoint, resume, reduction } = options;
  if (!resume || checkpoint === undefined || reduction === "none" || !checksLiveness(setting)) return options;
  return readCheckpointHeader(checkpoint.file).reduction === "none"
    ? { ...options, reduction: "none" }
    : options;
}

async function searchOnce(setting: Setting, asked: SearchOptions): Promise<SearchResult> {
  const options = asItWasCut(setting, asked);
  const onceEach = tellingOnce(options);
  const book = new TallyBook(setting, options.tallies);
  let again: SearchOptions = { ...options, ...onceEach };
  const refused: RefusedReduction[] = [];
  const startedAt = performance.now();
  let secondsBefore = 0;
  for (;;) {
    try {
      const result = await new BreadthFirst(setting, again, book).toEnd();
      const reliance = book.reliance();
      return {
        ...result,
        seconds: secondsBefore + result.seconds,
        refused: [...result.refused, ...refused],
        ...(reliance !== null && { tallies: reliance }),
        ...(reliance !== null &&
          result.verdict === "holds" && { caveats: [...result.caveats, relianceCaveat(reliance)] }),
      };
    } catch (error) {
      if (error instanceof PathsNeeded) return alone(setting, { ...options, ...onceEach }, error.seconds);
      if (error instanceof TalliesRefined) {
        book.keepLearned();
        secondsBefore = (performance.now() - startedAt) / 1000;
        const { maxSeconds } = options;
        const left = withoutTimeOf({ ...(maxSeconds !== undefined && { maxSeconds }) }, secondsBefore);
        again = { ...again, resume: false, ...left };
      } else if (error instanceof SymmetryRefused) {
        again = { ...again, symmetry: false };
        refused.push({ reduction: "symmetry", reason: error.message });
      } else throw error;
    }
  }
}

/** Each observation is told once, also where the search begins anew. */
function tellingOnce({ onObservation }: SearchOptions): Pick<SearchOptions, "onObservation"> {
  if (onObservation === undefined) return {};
  const told = new Set<string>();
  return {
    onObservation: (states) => {
      const text = JSON.stringify(states);
      if (told.has(text)) return;
      told.add(text);
      onObservation(states);
    },
  };
}

/**
 * The same search by one thread, from the beginning. Something will be found, so no limit of time cuts it
 * short.
 */
async function alone(
  setting: Setting,
  { maxSeconds: _, workers: __, resume: ___, ...options }: SearchOptions,
  secondsBefore: number,
): Promise<SearchResult> {
  const result = await new BreadthFirst(setting, {
    ...options,
    onProgress: (progress) =>
      options.onProgress?.({ ...progress, seconds: secondsBefore + progress.seconds }),
  }).toEnd();
  return { ...result, seconds: secondsBefore + result.seconds };
}
