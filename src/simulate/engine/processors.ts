// The processors of the replicas: a busy one handles a message when its turn comes. Each replica has its own,
// or all share a number of them.

import type { Micros } from "../../model/timed/timing.js";
import type { Simulation } from "../setting.js";

/** The processors of a run. */
export class Processors {
  /** How long one message takes; 0: nobody is ever busy. */
  readonly #processing: Micros;
  readonly #freeAt: Micros[];
  readonly #areShared: boolean;
  /** The longest wait for a processor so far. */
  longestWait: Micros = 0;
  /** The processor time that all replicas used. */
  busy: Micros = 0;

  constructor({ parameters, nodes }: Simulation) {
    this.#processing = Math.round(parameters.processingDelayMs * 1000);
    this.#areShared = parameters.processors !== null;
    this.#freeAt = new Array<Micros>(parameters.processors ?? nodes.length).fill(0);
  }

  /** Whether handling a message takes any time. */
  get takeTime(): boolean {
    return this.#processing > 0;
  }

  /** When a message that reaches a node now has been handled. */
  finish(node: number, now: Micros): Micros {
    const processor = this.#areShared ? this.#firstFree() : node;
    const begins = Math.max(now, this.#freeAt[processor]!);
    const ends = begins + this.#processing;
    this.#freeAt[processor] = ends;
    this.longestWait = Math.max(this.longestWait, begins - now);
    this.busy += this.#processing;
    return ends;
  }

  #firstFree(): number {
    const freeAt = this.#freeAt;
    return freeAt.reduce((first, at, other) => (at < freeAt[first]! ? other : first), 0);
  }
}
