// Saving a search to its checkpoint: when it is due, how much time has to be kept for it, and why it was not
// possible. What a checkpoint holds, and how a search is resumed from one: see checkpoint.ts.

import { UserError } from "../model/errors.js";
import type { TransitionSystem } from "../model/system.js";
import { type Counters, writeCheckpoint } from "./checkpoint.js";
import type { Reductions } from "./reductions.js";
import { SaveTimes } from "./save-times.js";
import type { SearchOptions } from "./search-options.js";
import type { StateList } from "./state-list.js";
import type { TallyBook } from "./tallies/tally-book.js";

/** What belongs to the search that is saved. */
export interface SavingDependencies {
  readonly options: Pick<SearchOptions, "checkpoint" | "maxSeconds">;
  readonly reductions: Reductions;
  readonly system: TransitionSystem;
  readonly book: TallyBook | null;
  /** Seconds of searching so far. */
  readonly seconds: () => number;
}

/** The checkpoint of one search; without one nothing is ever due. */
export class Saving {
  /** See `SearchResult.unsaved`. */
  unsaved: string | null = null;
  readonly #deps: SavingDependencies;
  readonly #times: SaveTimes;

  constructor(deps: SavingDependencies) {
    this.#deps = deps;
    this.#times = new SaveTimes(deps.options.checkpoint?.everySeconds);
  }

  /** Whether the search is to be saved now. */
  isDue(): boolean {
    return this.#isPossible && this.#times.isDue(this.#deps.seconds());
  }

  /** How much of the limit of time is kept for saving so many states; at most half, or a search that is resumed would not get on. */
  secondsKept(states: number): number {
    const { maxSeconds = Number.POSITIVE_INFINITY } = this.#deps.options;
    return this.#isPossible ? Math.min(this.#times.expectedSeconds(states), maxSeconds / 2) : 0;
  }

  get #isPossible(): boolean {
    return this.#deps.options.checkpoint !== undefined && this.#deps.reductions.unsavable === null;
  }

  /** Calls what saves so many states, and takes down how long that took. */
  timed(states: number, save: () => void): void {
    const startedAt = performance.now();
    save();
    this.#times.saved(states, this.#deps.seconds(), startedAt);
  }

  /** Writes the checkpoint, if there is to be one; if it cannot be, `unsaved` says why. */
  write(states: StateList, counted: Omit<Counters, "seconds">): void {
    const { options, reductions, system, book, seconds } = this.#deps;
    const { checkpoint } = options;
    if (!checkpoint) return;
    this.unsaved = reductions.unsavable;
    if (this.unsaved !== null) return;
    const reliance = book?.reliance();
    const counters = {
      ...counted,
      seconds: seconds(),
      ...(reliance && { tallies: reliance, learnedTallies: book!.allLearned() }),
    };
    try {
      writeCheckpoint(checkpoint.file, checkpoint, reductions.reduction, system, states, counters);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.unsaved = error.message; // a search of hours does not end because of a full disk
    }
  }
}
