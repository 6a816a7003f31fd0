// The exhaustive search, as it is asked for: every reachable state is visited, or of those that a reduction has shown to be
// alike one. The work is done in breadth-first.ts; here it is decided what has to be done once more in another way, because
// a reduction was refused, or because what was found has no shortest way to it yet.

import { UserError } from "../model/errors.js";
import { asJson, type Setting } from "../model/setting.js";
import { SymmetryRefused } from "../model/symmetry/group.js";
import type { Json } from "../protocol/index.js";
import { withoutTimeOf } from "../verdict/limits.js";
import { BreadthFirst } from "./breadth-first.js";
import { PathsNeeded } from "./findings.js";
import type { SearchOptions } from "./search-options.js";
import type { SearchResult } from "./search-result.js";

export type { SearchOptions } from "./search-options.js";

/**
 * Explores everything that can happen in a setting.
 *
 * ```ts
 * const result = await search(setting);
 * result.verdict // => "holds"
 * ```
 * Limits (`maxSeconds`, `maxMemoryBytes`, `maxStates`) and `signal` are looked at about twenty times a second, also inside one long
 * expansion: what is given up there counts as not expanded, and is made again from its beginning if the search is resumed. They are
 * not looked at inside a single call of your code: a `step` that never returns blocks the thread, as it would anywhere. The command
 * line watches from another thread and names such a call; a program that needs this runs `search` in a worker that it can terminate.
 *
 * @throws {UserError} if the protocol or the adversary throws, mutates its input, is nondeterministic or malformed.
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
  const result = await searchOnce(setting, options);
  if (result.reduction !== "dominance" || result.counterexample === null) return result;
  // What was found need not be shortest, so it is looked for once more; if that takes too long, it has been found all the same.
  const { onObservation: _, resume: __, checkpoint: ___, ...again } = options;
  const shortest = await searchOnce(setting, {
    ...withoutTimeOf(again, result.seconds),
    reduction: "visible-steps",
  });
  return shortest.counterexample === null ? result : shortest;
}

async function searchOnce(setting: Setting, options: SearchOptions): Promise<SearchResult> {
  const told: string[] = [];
  const onObservation = (states: readonly Json[]) => {
    told.push(JSON.stringify(states));
    options.onObservation?.(states);
  };
  try {
    return await new BreadthFirst(setting, { ...options, onObservation }).toEnd();
  } catch (error) {
    if (error instanceof PathsNeeded) return alone(setting, options, new Set(told), error.seconds);
    if (!(error instanceof SymmetryRefused)) throw error;
    const result = await new BreadthFirst(setting, { ...options, symmetry: false }).toEnd();
    return { ...result, refused: [...result.refused, { reduction: "symmetry", reason: error.message }] };
  }
}

/** The same search by one thread, from the beginning. Something will be found, so no limit of time cuts it short. */
async function alone(
  setting: Setting,
  { maxSeconds: _, workers: __, resume: ___, ...options }: SearchOptions,
  told: ReadonlySet<string>,
  secondsBefore: number,
): Promise<SearchResult> {
  const result = await new BreadthFirst(setting, {
    ...options,
    onObservation: (states) => {
      if (!told.has(JSON.stringify(states))) options.onObservation?.(states);
    },
    onProgress: (progress) =>
      options.onProgress?.({ ...progress, seconds: secondsBefore + progress.seconds }),
  }).toEnd();
  return { ...result, seconds: secondsBefore + result.seconds };
}
