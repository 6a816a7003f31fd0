// What a campaign counts while it runs.

import { VisitedSet } from "../explore/visited.js";
import type { TransitionSystem } from "../model/system.js";
import type { Observer, WalkEnd } from "./random-walk.js";

/** See the file comment. */
export class Counts implements Observer {
  runs = 0;
  events = 0;
  decided = 0;
  /** Executions by correct replicas. */
  decisions = 0;
  /** How many runs ended with each observation. */
  readonly runsByObservation: number[] = [];
  /** Ids of the actions that were taken. */
  readonly causes = new Set<number>();
  /** The highest view that a correct node was in when a run ended. */
  highestView = 0;
  /** Whether there was no more room for new states: then the number of distinct ones is a lower bound. */
  distinctStatesCapped = false;

  readonly #system: TransitionSystem;
  readonly #visited: VisitedSet;
  readonly #maxVisitedBytes: number;
  readonly #tally: number;

  /** `tally` is the index among the properties of the one that counts executions. */
  constructor(system: TransitionSystem, tally: number, maxVisitedBytes: number) {
    this.#system = system;
    this.#tally = tally;
    this.#visited = new VisitedSet(system.width, () => system.largestNumbers());
    this.#maxVisitedBytes = maxVisitedBytes;
  }

  get distinctStates(): number {
    return this.#visited.count;
  }

  reached(vector: Int32Array): void {
    if (this.distinctStatesCapped) return;
    this.#visited.add(vector, -1);
    this.distinctStatesCapped = this.#visited.bytes > this.#maxVisitedBytes;
  }

  took(cause: number): void {
    this.events++;
    this.causes.add(cause);
  }

  ended({ walk }: WalkEnd): void {
    const observation = walk.vector[this.#system.width - 1]!;
    const decisions = this.#system.observations.exercised(observation, this.#tally);
    this.runs++;
    this.decisions += decisions;
    if (decisions > 0) this.decided++;
    this.runsByObservation[observation] = (this.runsByObservation[observation] ?? 0) + 1;
    for (const [index, { viewOf }] of this.#system.nodes.slice(0, this.#system.correctCount).entries())
      this.highestView = Math.max(this.highestView, viewOf[walk.vector[index]!]!);
  }
}
