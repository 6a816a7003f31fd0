// One run: a walk whose every step is chosen by one number of a list. It is over at a violation, where nothing can happen
// any more, and at the end of the list.

import type { TransitionSystem } from "../model/system.js";
import { type Violation, Walk } from "../model/walk.js";
import { Candidates } from "./candidates.js";
import type { Strategy } from "./strategy.js";

/** What a run tells while it goes on. */
export interface Observer {
  /** A state was reached, the first one included. */
  reached(vector: Int32Array): void;
  /** A transition was taken: the id of its action. */
  took(cause: number): void;
}

/** How a run ended. */
export interface WalkEnd {
  readonly walk: Walk;
  readonly violation: Violation | null;
}

/** Makes walks through one system. */
export class RandomWalks {
  readonly #system: TransitionSystem;
  readonly #initial: ReturnType<TransitionSystem["initial"]>;
  readonly #candidates: Candidates;
  readonly #strategy: Strategy;

  constructor(system: TransitionSystem, strategy: Strategy) {
    this.#system = system;
    this.#initial = system.initial();
    this.#candidates = new Candidates(system);
    this.#strategy = strategy;
  }

  /** The first choice picks the start, every other one an action. */
  walk([first, ...rest]: readonly number[], observer?: Observer): WalkEnd {
    const walk = new Walk(this.#system, this.#initial[first! % this.#initial.length]!);
    observer?.reached(walk.vector);
    let violation = walk.violation();
    for (const choice of rest) {
      if (violation !== null || !this.#step(walk, choice, observer)) break;
      violation = walk.violation();
    }
    return { walk, violation };
  }

  /** False if there is nothing to do. */
  #step(walk: Walk, choice: number, observer: Observer | undefined): boolean {
    const successors = walk.successors();
    if (successors.length === 0) return false;
    const candidates = this.#candidates;
    candidates.arrange(successors, walk.vector[this.#system.width - 1]!);
    const index = candidates.index(this.#strategy.choose(candidates, choice));
    const cause = successors.cause(index);
    walk.take(index);
    observer?.took(cause);
    observer?.reached(walk.vector);
    return true;
  }
}
