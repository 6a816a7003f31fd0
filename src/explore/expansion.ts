// The expansion of a stored state: all its transitions, or those of the chosen reduction. Used by one thread
// and by several.

import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import type { Reduction } from "./search-result.js";
import { SleepSets } from "./sleep-sets.js";
import type { TallyBook } from "./tallies/tally-book.js";
import { VisibleSteps } from "./visible-steps.js";
import type { VisitedSet } from "./visited.js";

/** Lists the transitions of a stored state, under the chosen reduction. */
export class Expansion {
  /** Macro-steps, or null if transitions are single actions. */
  readonly visible: VisibleSteps | null;
  readonly #system: TransitionSystem;
  readonly #sleep: SleepSets | null;
  /** Scratch: the vector of the state's parent, and its number: states that stand together often have the same one. */
  readonly #parent: Int32Array;
  #parentNumber = -1;
  #parentIn: VisitedSet | null = null;

  /**
   * `maxLocalStates`: see {@link VisibleSteps}. `book`: what is known about tallies; null: they are not used.
   */
  constructor(
    system: TransitionSystem,
    reduction: Reduction,
    maxLocalStates = Number.POSITIVE_INFINITY,
    book: TallyBook | null = null,
  ) {
    this.#system = system;
    const isVisible = reduction === "visible-steps" || reduction === "dominance";
    this.visible = isVisible
      ? new VisibleSteps(system, reduction === "dominance", maxLocalStates, book)
      : null;
    this.#sleep = reduction === "sleep-sets" ? new SleepSets(system) : null;
    this.#parent = new Int32Array(system.width);
  }

  /**
   * Fills `out` with what follows a state. `parent` is the number of the state from which it was discovered
   * by one step, under the same names; -1 if that is not known.
   */
  successors(visited: VisitedSet, parent: number, vector: Int32Array, out: Successors): void {
    const isPlain = this.visible === null && this.#sleep === null;
    const before = parent < 0 || isPlain ? null : this.#vectorOf(visited, parent);
    // Both reductions rely on that what an adversary can say only grows.
    if (before !== null) this.#system.checkGrowth(before, 0, vector, 0);
    if (this.#sleep) this.#sleep.successors(before, vector, out);
    else (this.visible ?? this.#system).successors(vector, 0, out);
  }

  #vectorOf(visited: VisitedSet, parent: number): Int32Array {
    if (parent !== this.#parentNumber || visited !== this.#parentIn) visited.read(parent, this.#parent);
    this.#parentNumber = parent;
    this.#parentIn = visited;
    return this.#parent;
  }
}
