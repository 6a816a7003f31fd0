// Who owns a state. Interned numbers mean something in one thread only, so ownership is decided by content: every
// component has a hash of its canonical text, and the owner of a state follows from the hashes of a few of its nodes.
// Transitions of all other nodes stay with the owner, and need not be sent to anybody.

import { hashText } from "../../model/hash.js";
import type { TransitionSystem } from "../../model/system.js";

/** See the file comment. */
export class Contents {
  readonly #system: TransitionSystem;
  readonly #hashes: Int32Array[];

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#hashes = system.nodes.map(() => new Int32Array(1024));
  }

  /** The number of the worker, out of `workers`, that owns a state; `nodes`: those that decide. */
  owner(vector: Int32Array, nodes: readonly number[], workers: number): number {
    return ownerOf(this.sum(vector, nodes), workers);
  }

  /** What decides about the owner of a state: the sum of the hashes of some components. */
  sum(vector: Int32Array, nodes: readonly number[]): number {
    let sum = 0;
    for (const node of nodes) sum = (sum + this.hash(node, vector[node] as number)) | 0;
    return sum;
  }

  /** The hash of a component's content. Never 0, which means that it is not known yet. */
  hash(node: number, component: number): number {
    const hashes = this.#hashes[node] as Int32Array;
    if (component < hashes.length && hashes[component] !== 0) return hashes[component] as number;
    if (component >= hashes.length) {
      const bigger = new Int32Array(Math.max(component + 1, hashes.length * 2));
      bigger.set(hashes);
      this.#hashes[node] = bigger;
    }
    const { local, timers, sent, crashes = 0 } = this.#system.nodes[node]!.describe(component);
    const sentTexts = sent.map((one) => JSON.stringify(one)).sort();
    const hash = hashText(`${node} ${JSON.stringify(local)} ${timers} ${sentTexts} ${crashes}`) | 0 || 1;
    this.#hashes[node]![component] = hash;
    return hash;
  }
}

/** The owner that follows from a sum. */
export function ownerOf(sum: number, workers: number): number {
  const mixed = Math.imul(sum ^ (sum >>> 16), 0x45d9f3b);
  return ((mixed ^ (mixed >>> 15)) >>> 0) % workers;
}
