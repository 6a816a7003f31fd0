// Hot file: a batch of successors, packed as they are in the visited set, to be looked up there together: see
// VisitedSet.prefetch. Most successors have been met a short while ago: two steps lead to the same state in either order. Those are
// recognized by a small table of recent vectors, which stays in the processor's cache, and are not gathered.

import { type Successors, stride as successorStride } from "../model/successors.js";
import { Packing } from "./packing.js";
import { mixed, type VectorHash } from "./vector-hash.js";

/** So many recent vectors are remembered, as a power of two. */
const recentBits = 14;
const recentShift = 32 - recentBits;

/** A batch of packed successors. */
export class SuccessorBatch {
  count = 0;
  /** The packed vectors, one after the other. */
  items: Int32Array;
  /** For each: its hash, its parent and its observation. */
  hashes = new Int32Array(64);
  parents = new Int32Array(64);
  observations = new Int32Array(64);
  readonly #width: number;
  readonly #hashing: VectorHash;
  /** Vectors that were remembered, each at the place that its hash gives it, in this packing. */
  #recent = new Int32Array(0);
  #packing: Packing;
  /** Scratch: the state whose successors they are, packed. */
  readonly #base: Int32Array;

  constructor(width: number, hashing: VectorHash) {
    this.#width = width;
    this.#packing = new Packing([]);
    this.#hashing = hashing;
    this.#base = new Int32Array(width);
    this.items = new Int32Array(64 * width);
  }

  clear(): void {
    this.count = 0;
  }

  /** Gathers the successors of a state that are not among the recent ones. False, and none of them is, if one does not fit. */
  gather(packing: Packing, vector: Int32Array, out: Successors, parent: number): boolean {
    if (packing !== this.#packing) this.#forget(packing);
    const { count } = this;
    if (count + out.length > this.hashes.length) this.#makeRoomFor(count + out.length);
    const end = out.isWhole ? this.#packWhole(packing, out) : this.#packChanges(packing, vector, out);
    if (end < 0) return false;
    const { parents } = this;
    for (let index = count; index < end; index++) parents[index] = parent;
    this.count = end;
    return true;
  }

  /** One of the batch is in the visited set: for a while, nothing equal is gathered any more. */
  remember(index: number): void {
    const { words } = this.#packing;
    const { items } = this;
    const recent = this.#recent;
    const slot = ((this.hashes[index] as number) >>> recentShift) * words;
    for (let word = 0, at = index * words; word < words; word++)
      recent[slot + word] = items[at + word] as number;
  }

  #forget(packing: Packing): void {
    this.#packing = packing;
    this.#recent = new Int32Array(packing.words * 2 ** recentBits);
  }

  /** Returns the end of the batch then, or -1. */
  #packWhole(packing: Packing, out: Successors): number {
    const width = this.#width;
    const { words } = packing;
    let end = this.count;
    for (let index = 0; index < out.length; index++) {
      if (!packing.fits(out.whole, index * width)) return -1;
      packing.pack(out.whole, this.items, end * words, index * width);
      const hash = mixed(this.#hashing.sum(out.whole, index * width));
      if (this.#isRecent(hash, end * words, words)) continue;
      this.hashes[end] = hash;
      this.observations[end++] = out.observation(index);
    }
    return end;
  }

  /** Each is the present state with another component, and perhaps another observation: so are its packed form and its hash. */
  #packChanges(packing: Packing, vector: Int32Array, out: Successors): number {
    const { words, word: wordOf, shift: shiftOf, mask: maskOf } = packing;
    const base = this.#base;
    const last = this.#width - 1;
    const observation = vector[last] as number;
    const { items, hashes, observations } = this;
    const { factors } = this.#hashing;
    const changes = out.items;
    const changesEnd = out.length * successorStride;
    packing.pack(vector, base, 0);
    const sum = this.#hashing.sum(vector, 0);
    let end = this.count;
    for (let from = 0; from < changesEnd; from += successorStride) {
      const node = changes[from] as number;
      const component = changes[from + 1] as number;
      const after = changes[from + 2] as number;
      if ((component & (maskOf[node] as number)) !== component) return -1;
      const at = end * words;
      for (let word = 0; word < words; word++) items[at + word] = base[word] as number;
      const change = component - (vector[node] as number);
      (items[at + (wordOf[node] as number)] as number) += change << (shiftOf[node] as number);
      let hash = (sum + Math.imul(change, factors[node] as number)) | 0;
      if (after !== observation) {
        if (!packing.fitsAt(last, after)) return -1;
        const learned = after - observation;
        (items[at + (wordOf[last] as number)] as number) += learned << (shiftOf[last] as number);
        hash = (hash + Math.imul(learned, factors[last] as number)) | 0;
      }
      hash = mixed(hash);
      if (this.#isRecent(hash, at, words)) continue;
      hashes[end] = hash;
      observations[end++] = after;
    }
    return end;
  }

  #isRecent(hash: number, at: number, words: number): boolean {
    const recent = this.#recent;
    const { items } = this;
    const slot = (hash >>> recentShift) * words;
    let word = 0;
    while (word < words && recent[slot + word] === items[at + word]) word++;
    return word === words;
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
