// When several threads take a search over: at the end of a level, once there are states enough for that. Each thread makes the searches
// inside nodes for itself (see visible-steps.ts). So while many states still need one, a second thread costs more than it saves.

import type { TransitionSystem } from "../../model/system.js";
import type { Reductions } from "../reductions.js";
import type { SearchOptions } from "../search-options.js";
import type { TallyBook } from "../tallies/tally-book.js";

/** The default of `SearchOptions.workers.from`. */
const defaultFrom = 400_000;
/** By default not while more states than one of so many need a search inside a node. */
const rareSearches = 10;

/** Decides when threads take over. */
export class HandOver {
  readonly #options: SearchOptions;
  readonly #isPossible: boolean;
  readonly #reductions: Reductions;
  readonly #book: TallyBook | null;
  /**
   * At the end of the last two levels: the states that were expanded, and the searches inside nodes that were made for them by this process.
   */
  #now = { expanded: -1, searches: 0 };
  #before = this.#now;

  constructor(
    { observations }: TransitionSystem,
    options: SearchOptions,
    reductions: Reductions,
    book: TallyBook | null,
  ) {
    const { workers, explain: explains, maxViolations = 1, pastViolations } = options;
    this.#options = options;
    this.#reductions = reductions;
    this.#book = book;
    this.#isPossible =
      workers !== undefined &&
      workers.count > 1 &&
      // Sleep sets depend on which parent was first, so several threads would count other transitions.
      reductions.reduction !== "sleep-sets" &&
      observations.properties.every(({ kind }) => kind === "always") &&
      !(reductions.representatives || explains || maxViolations !== 1 || pastViolations);
  }

  /** A level has come to its end with so many states expanded, by this process or before it was resumed. */
  levelEnds(expanded: number): void {
    if (expanded === this.#now.expanded) return;
    const now = { expanded, searches: this.#reductions.expansion.visible?.searches ?? 0 };
    this.#before = this.#now.expanded < 0 ? now : this.#now; // the first level after a search was resumed tells nothing
    this.#now = now;
  }

  /** Whether there are states enough, or a given share of that; asked at the end of a level. */
  isDue(states: number, share: number): boolean {
    if (!this.#isPossible) return false;
    if (this.#book && this.#book.searches > 0) return false; // what one thread learns about tallies, all would have to know
    const { from } = this.#options.workers!;
    if (states < (from ?? defaultFrom) * share) return false;
    const [expanded, searches] = [
      this.#now.expanded - this.#before.expanded,
      this.#now.searches - this.#before.searches,
    ];
    return from !== undefined || (expanded > 0 && searches * rareSearches < expanded);
  }
}
