// Hot file: a batch of successors, packed as they are in the visited set, to be looked up there together: see
// VisitedSet.prefetch.

import type { Successors } from "../model/successors.js";
import type { Packing } from "./packing.js";

/** A batch of packed successors. */
export class SuccessorBatch {
  count = 0;
  /** The packed vectors, one after the other. */
  items: Int32Array;
  /** For each: its hash (once it was looked for), its parent and its observation. */
  hashes = new Int32Array(64);
  parents = new Int32Array(64);
  observations = new Int32Array(64);
  readonly #width: number;
  /** Scratch: the state whose successors they are, packed. */
  readonly #base: Int32Array;

  constructor(width: number) {
    this.#width = width;
    this.#base = new Int32Array(width);
    this.items = new Int32Array(64 * width);
  }

  clear(): void {
    this.count = 0;
  }

  /** Gathers all successors of a state. False, and none of them is, if one does not fit. */
  gather(packing: Packing, vector: Int32Array, out: Successors, parent: number): boolean {
    const { count } = this;
    if (count + out.length > this.hashes.length) this.#makeRoomFor(count + out.length);
    const isPacked = out.isWhole ? this.#packWhole(packing, out) : this.#packChanges(packing, vector, out);
    if (!isPacked) return false;
    for (let index = 0; index < out.length; index++) {
      this.parents[count + index] = parent;
      this.observations[count + index] = out.observation(index);
    }
    this.count = count + out.length;
    return true;
  }

  #packWhole(packing: Packing, out: Successors): boolean {
    const width = this.#width;
    for (let index = 0; index < out.length; index++) {
      if (!packing.fits(out.whole, index * width)) return false;
      packing.pack(out.whole, this.items, (this.count + index) * packing.words, index * width);
    }
    return true;
  }

  #packChanges(packing: Packing, vector: Int32Array, out: Successors): boolean {
    const { words } = packing;
    const base = this.#base;
    const last = this.#width - 1;
    const observation = vector[last] as number;
    const { items } = this;
    packing.pack(vector, base, 0);
    for (let index = 0, at = this.count * words; index < out.length; index++, at += words) {
      const node = out.node(index);
      const component = out.component(index);
      const after = out.observation(index);
      if (!packing.fitsAt(node, component)) return false;
      for (let word = 0; word < words; word++) items[at + word] = base[word] as number;
      packing.patch(items, at, node, component);
      if (after === observation) continue;
      if (!packing.fitsAt(last, after)) return false;
      packing.patch(items, at, last, after);
    }
    return true;
  }

  #makeRoomFor(count: number): void {
    this.hashes = enlarged(this.hashes, count * 2);
    this.parents = enlarged(this.parents, count * 2);
    this.observations = enlarged(this.observations, count * 2);
    this.items = enlarged(this.items, count * 2 * this.#width);
  }
}

function enlarged(items: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length);
  larger.set(items);
  return larger;
}
