// An index of all states by vector. The visited set only tells whether it has a vector; fair-cycles.ts,
// which needs the graph once the search has ended, needs the number.

import type { VisitedSet } from "./visited.js";

/** The numbers of all states, by vector. */
export class StateIndex {
  readonly #visited: VisitedSet;
  /** Open addressing, at most half full: state + 1, or 0. */
  readonly #slots: Int32Array;
  readonly #scratch: Int32Array;

  constructor(visited: VisitedSet) {
    this.#visited = visited;
    this.#scratch = new Int32Array(visited.width);
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(visited.count * 2 + 1)));
    const vector = new Int32Array(visited.width);
    for (let state = 0; state < visited.count; state++)
      this.#slots[this.#slot(visited.read(state, vector))] = state + 1;
  }

  /** The number of the state with this vector, or -1. */
  find(vector: Int32Array): number {
    return this.#slots[this.#slot(vector)]! - 1;
  }

  /** Where the vector's number stands, or the empty place where it would. */
  #slot(vector: Int32Array): number {
    const mask = this.#slots.length - 1;
    let hash = 0;
    for (const value of vector) {
      hash = Math.imul(hash ^ value, 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    let slot = hash & mask;
    while (this.#slots[slot] !== 0 && !this.#isAt(this.#slots[slot]! - 1, vector)) slot = (slot + 1) & mask;
    return slot;
  }

  #isAt(state: number, vector: Int32Array): boolean {
    const other = this.#visited.read(state, this.#scratch);
    for (let at = 0; at < vector.length; at++) if (other[at] !== vector[at]) return false;
    return true;
  }
}
