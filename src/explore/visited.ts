// Hot file: the set of visited states. It compares whole vectors, so it is exact: no hash compaction, no probability
// of a missed state. A Set of strings would be three lines, twenty times slower and ten times larger.
//
// States are numbered in the order of their discovery, which in a breadth-first search is the order of expansion too:
// the set is the queue. Each record is the vector, packed (see packing.ts), and behind it the number of the parent state
// (-1: initial). Records stand in chunks, each packed in the way that was enough when it was begun; so a component that
// outgrows its bits has only the last chunk packed anew.
//
// The table of (state, hash) pairs is cut into shards by the first bits of the hash. Each grows by itself, at a load of
// 3/4: so there is no moment at which everything has to be rehashed.

import { Packing } from "./packing.js";

const chunkBits = 16;
const chunkStates = 1 << chunkBits;
const shardBits = 6;
const firstShardEntries = 128;

/** Mixes a component and its position; the hash of a vector is the sum of its positions' hashes. */
export function hashAt(position: number, component: number): number {
  let hash = Math.imul(component + 1, 0x9e3779b1) ^ Math.imul(position + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** Records packed in one way. */
interface Chunk {
  readonly packing: Packing;
  readonly items: Int32Array;
}

/** See the file comment. */
export class VisitedSet {
  readonly width: number;
  readonly #chunks: Chunk[] = [];
  #packing: Packing;
  #count = 0;
  /** Pairs (state + 1, hash); 0 is empty. The size of a shard is a power of two. */
  readonly #shards: Int32Array[] = [];
  readonly #filled = new Int32Array(1 << shardBits);
  #chunkBytes = 0;
  #tableBytes = 0;
  /** What was looked at: kept, so that looking is not optimized away. */
  #touched = 0;
  /** Scratch: the vector at hand as it would stand in a chunk. */
  #key: Int32Array;

  constructor(width: number) {
    this.width = width;
    this.#packing = Packing.narrowest(width);
    this.#key = new Int32Array(width);
    for (let shard = 0; shard < 1 << shardBits; shard++) {
      this.#shards.push(new Int32Array(firstShardEntries * 2));
      this.#tableBytes += firstShardEntries * 8;
    }
  }

  /** How many states there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held by records and table. */
  get bytes(): number {
    return this.#chunkBytes + this.#tableBytes;
  }

  /** Writes a state's vector into the first `width` places of `into`, and returns it. */
  read(state: number, into: Int32Array): Int32Array {
    const { packing, items } = this.#chunks[state >>> chunkBits] as Chunk;
    packing.unpack(items, (state & (chunkStates - 1)) * (packing.words + 1), into);
    return into;
  }

  /** The state from which this one was discovered, or -1. */
  parent(state: number): number {
    const { packing, items } = this.#chunks[state >>> chunkBits] as Chunk;
    return items[(state & (chunkStates - 1)) * (packing.words + 1) + packing.words] as number;
  }

  hash(vector: Int32Array): number {
    let hash = 0;
    for (let at = 0; at < this.width; at++) hash = (hash + hashAt(at, vector[at] as number)) | 0;
    return hash;
  }

  /** The number of the state with this vector, or -1. */
  find(vector: Int32Array, hash: number): number {
    const table = this.#shards[hash >>> (32 - shardBits)] as Int32Array;
    return (table[this.#slot(table, vector, hash)] as number) - 1;
  }

  /**
   * Looks at the place in the table where a vector with this hash would stand, and nothing more. Looking at the places of
   * several vectors first, and adding them then, lets the processor wait for all of them at once: memory is what a search
   * waits for most.
   */
  touch(hash: number): void {
    const table = this.#shards[hash >>> (32 - shardBits)] as Int32Array;
    this.#touched ^= table[((hash ^ (hash >>> 13)) << 1) & (table.length - 1)] as number;
  }

  /** The same for the record that probably is the vector's. */
  touchRecord(hash: number): void {
    const table = this.#shards[hash >>> (32 - shardBits)] as Int32Array;
    const slot = ((hash ^ (hash >>> 13)) << 1) & (table.length - 1);
    const entry = table[slot] as number;
    if (entry === 0 || table[slot + 1] !== hash) return;
    const { packing, items } = this.#chunks[(entry - 1) >>> chunkBits] as Chunk;
    this.#touched ^= items[((entry - 1) & (chunkStates - 1)) * (packing.words + 1)] as number;
  }

  /** Adds a vector; returns its number if it is new, -1 if it was there. */
  add(vector: Int32Array, hash: number, parent: number): number {
    const shard = hash >>> (32 - shardBits);
    const table = this.#shards[shard] as Int32Array;
    const slot = this.#slot(table, vector, hash);
    if (table[slot] !== 0) return -1;
    const state = this.#count++;
    table[slot] = state + 1;
    table[slot + 1] = hash;
    this.#store(state, vector, parent);
    const filled = (this.#filled[shard] as number) + 1;
    this.#filled[shard] = filled;
    if (filled * 8 > table.length * 3) this.#growShard(shard, table);
    return state;
  }

  /** Where the entry of a vector stands in the table, or the empty place where it would. */
  #slot(table: Int32Array, vector: Int32Array, hash: number): number {
    const mask = table.length - 1;
    let packed: Packing | null = null;
    for (let slot = ((hash ^ (hash >>> 13)) << 1) & mask; ; slot = (slot + 2) & mask) {
      const entry = table[slot] as number;
      if (entry === 0) return slot;
      if (table[slot + 1] !== hash) continue;
      const { packing, items } = this.#chunks[(entry - 1) >>> chunkBits] as Chunk;
      if (packed !== packing) {
        if (!packing.fits(vector)) continue;
        packing.pack(vector, this.#key, 0);
        packed = packing;
      }
      if (this.#isKeyAt(items, ((entry - 1) & (chunkStates - 1)) * (packing.words + 1), packing.words))
        return slot;
    }
  }

  #isKeyAt(items: Int32Array, offset: number, words: number): boolean {
    const key = this.#key;
    for (let word = 0; word < words; word++) if (items[offset + word] !== key[word]) return false;
    return true;
  }

  #store(state: number, vector: Int32Array, parent: number): void {
    const at = state & (chunkStates - 1);
    if (!this.#packing.fits(vector)) {
      this.#packing = this.#packing.widenedFor(vector);
      if (at !== 0) this.#repackLast(at);
    }
    const { words } = this.#packing;
    if (at === 0) {
      this.#chunks.push({ packing: this.#packing, items: new Int32Array(chunkStates * (words + 1)) });
      this.#chunkBytes += chunkStates * (words + 1) * 4;
    }
    const { items } = this.#chunks[state >>> chunkBits] as Chunk;
    this.#packing.pack(vector, items, at * (words + 1));
    items[at * (words + 1) + words] = parent;
  }

  /** Packs the records of the last chunk anew, in the present way. */
  #repackLast(count: number): void {
    const { packing: before, items } = this.#chunks.pop() as Chunk;
    const after = this.#packing;
    const repacked = new Int32Array(chunkStates * (after.words + 1));
    const vector = new Int32Array(this.width);
    for (let record = 0; record < count; record++) {
      before.unpack(items, record * (before.words + 1), vector);
      after.pack(vector, repacked, record * (after.words + 1));
      repacked[record * (after.words + 1) + after.words] = items[
        record * (before.words + 1) + before.words
      ] as number;
    }
    this.#chunks.push({ packing: after, items: repacked });
    this.#chunkBytes += (repacked.length - items.length) * 4;
  }

  #growShard(shard: number, old: Int32Array): void {
    const table = new Int32Array(old.length * 2);
    const mask = table.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      const hash = old[at + 1] as number;
      let slot = ((hash ^ (hash >>> 13)) << 1) & mask;
      while (table[slot] !== 0) slot = (slot + 2) & mask;
      table[slot] = old[at] as number;
      table[slot + 1] = hash;
    }
    this.#shards[shard] = table;
    this.#tableBytes += old.byteLength;
  }
}
