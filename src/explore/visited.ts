// Hot file: the set of visited states. It compares whole vectors, so it is exact: no hash compaction, no
// probability of a missed state. A Set of strings would be three lines, twenty times slower and ten times
// larger.
//
// It has every state twice. First, packed (see packing.ts), in an open-addressing table, for lookups: most
// successors are known already, and with the vector in the table itself a lookup costs one access to memory
// that is not in the cache. Second, with the number of its parent (-1: initial), in the records: chunks in
// the order of discovery. A breadth-first search expands states in that order, so the set is the queue, and
// it is read from front to back.
//
// The table is cut into shards by the first bits of the hash. Each grows by itself, at a load of 3/4: so
// there is no moment at which everything has to be copied. Only when a value outgrows its bits, a few times
// in a search, is the whole table packed anew; records stay as they are, each chunk in the packing with
// which it was begun (but the last one).
//
// Several threads may share table and records. Why that is right:
//   - While they add states (a round), nobody replaces a shard or the packing. An entry, all 0 at first, is
//     written once, word by word, and no word of a packed vector is 0. So a word that is not 0 is final,
//     and an entry whose words are all equal to a vector's is that vector, in whatever order the writes
//     have become visible: no lookup of a known state needs an atomic operation.
//   - Who finds the first word of an entry 0 asks again by compare-and-exchange, which tells the truth
//     about the moment and lets one thread only have the entry. Entries are never emptied: so two threads
//     with one vector pass the same taken entries and arrive at the same free one, where the one that loses
//     finds the vector of the other.
//   - Who finds an entry with the same first word and a later one still 0 cannot tell yet, and waits: its
//     owner is about to write it (both by `Atomics`, so that the write is seen).
//   - Records are written without any of this: a chunk belongs to one thread, and others read it after the
//     round only, having been sent a message by its owner since. The same goes for a table that was
//     replaced between two rounds.

import type { Successors } from "../model/successors.js";
import { Packing } from "./packing.js";
import { SuccessorBatch } from "./successor-batch.js";

const chunkBits = 16;
const chunkStates = 1 << chunkBits;
const shardBits = 6;
const shardCount = 1 << shardBits;
const firstEntryBits = 7;
/**
 * A shard that threads share has at least so many entries (as a power of two), and is full where so many in
 * a row are taken.
 */
const sharedEntryBits = 12;
const longestRun = 1024;

/**
 * What {@link VisitedSet.addFromBatch} answers if the state is known, or if there is no room where it
 * should stand.
 */
export const known = -1;
export const noRoom = -2;

/** Records packed in one way. */
interface Chunk {
  readonly packing: Packing;
  readonly items: Int32Array;
}

/** What threads have to send each other: memory that they share from then on. */
export interface SharedChunk {
  readonly index: number;
  readonly bits: readonly number[];
  readonly items: Int32Array;
}
export interface SharedTable {
  readonly bits: readonly number[];
  readonly shards: readonly Int32Array[];
}

/** Records that were discovered one after the other: `count` states from number `first` on. */
export interface Segment {
  readonly first: number;
  readonly count: number;
}

/** The set of visited states, in the order of discovery. */
export class VisitedSet {
  readonly width: number;
  readonly #largest: () => ArrayLike<number>;
  #packing: Packing;
  #shards: Int32Array[] = [];
  /**
   * By how much a hash without the bits of the shard is shifted to the right to become the number of an
   * entry.
   */
  readonly #shifts = new Int32Array(shardCount);
  readonly #filled = new Int32Array(shardCount);
  readonly #chunks: Chunk[] = [];
  /**
   * How many states were added here, the number of the next one, and the first that its chunk has no room
   * for.
   */
  #count = 0;
  #next = 0;
  #chunkEnd = 0;
  /** How many chunks all threads have begun, if there are several. */
  #chunkCounter: Int32Array | null = null;
  readonly #newChunks: SharedChunk[] = [];
  readonly #segments: Segment[] = [];
  #segmentStart = 0;
  readonly #packings = new Map<string, Packing>();
  /** Successors that are to be added. */
  readonly batch: SuccessorBatch;
  /** Scratch: one packed vector. */
  readonly #key: Int32Array;
  /** What was looked at: kept, so that looking is not optimized away. */
  #touched = 0;

  /** `largest`: the largest value so far at each place of a vector, or more. It is asked rarely. */
  constructor(width: number, largest: () => ArrayLike<number> = () => []) {
    this.width = width;
    this.#largest = largest;
    this.#packing = Packing.narrowest(width);
    this.#key = new Int32Array(width);
    this.batch = new SuccessorBatch(width);
    // One piece of memory: to get 64 of them takes as long as a small search.
    const { words } = this.#packing;
    const [room, length] = [entries(shardCount * 2 ** firstEntryBits, words), words * 2 ** firstEntryBits];
    for (let shard = 0; shard < shardCount; shard++)
      this.#use(shard, room.subarray(shard * length, (shard + 1) * length));
  }

  /** How many states were added. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held by records and table. */
  get bytes(): number {
    const records = this.#chunks.reduce((sum, { items }) => sum + items.byteLength, 0);
    return records + this.#shards.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** For how many states the table has room. */
  get capacity(): number {
    return this.#shards.reduce((sum, { length }) => sum + length, 0) / this.#packing.words;
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

  /** Adds a vector; returns its number if it is new, `known` if it was there. For one thread only. */
  add(vector: Int32Array, parent: number): number {
    if (!this.#packing.fits(vector)) this.#widen(vector);
    this.#packing.pack(vector, this.#key, 0);
    const added = this.#add(this.#key, 0, hashOf(this.#key, 0, this.#packing.words), parent);
    if (added === noRoom) throw new Error("a shard of one thread is full");
    return added;
  }

  /**
   * Gathers all successors of a state, to be added by {@link addFromBatch}. False, and nothing more is
   * gathered, if one of them does not fit.
   */
  propose(vector: Int32Array, out: Successors, parent: number): boolean {
    return this.batch.gather(this.#packing, vector, out, parent);
  }

  /**
   * Looks at the places in the table where what is proposed would stand; to be called before it is added.
   * Looking at all places first lets the processor wait for several of them at once: memory is what a
   * search waits for most.
   */
  prefetch(): void {
    const { words } = this.#packing;
    const shards = this.#shards;
    const shifts = this.#shifts;
    const { items, hashes, count } = this.batch;
    let touched = 0;
    for (let index = 0, at = 0; index < count; index++, at += words) {
      const hash = hashOf(items, at, words);
      hashes[index] = hash;
      const shard = hash >>> (32 - shardBits);
      const slot = (hash << shardBits) >>> (shifts[shard] as number);
      touched ^= (shards[shard] as Int32Array)[slot * words] as number;
    }
    this.#touched ^= touched;
  }

  /** Adds the proposed successor with this index. Returns its number, {@link known}, or {@link noRoom}. */
  addFromBatch(index: number): number {
    const { items, hashes, parents } = this.batch;
    return this.#add(items, index * this.#packing.words, hashes[index] as number, parents[index] as number);
  }

  /** Makes room for all values that there are by now. */
  widen(): void {
    this.#widen([]);
  }

  /**
   * Begins to share the set with other threads. They get what this returns, and what is new before each
   * round.
   */
  share(): Int32Array {
    this.#endSegment();
    this.#segments.length = 0;
    for (const [index, { packing, items }] of this.#chunks.entries())
      this.#newChunks.push({ index, bits: packing.bits, items });
    for (const shard of this.#shards.keys())
      while (this.#shards[shard]!.length < 2 ** sharedEntryBits * this.#packing.words) this.#growShard(shard);
    this.#chunkCounter = new Int32Array(new SharedArrayBuffer(4));
    Atomics.store(this.#chunkCounter, 0, this.#chunks.length);
    return this.#chunkCounter;
  }

  /** Becomes another thread's view of a set that is shared. */
  join(chunkCounter: Int32Array): void {
    this.#chunkCounter = chunkCounter;
  }

  /**
   * Between two rounds, by one thread: makes room for so many states and for all values; returns the table
   * if it is new.
   */
  makeRoom(states: number): SharedTable | null {
    const before = this.#shards[0];
    const largest = this.#largest();
    if (this.#packing.bits.some((bits, at) => (largest[at] ?? 0) >= 2 ** bits)) this.#widen([]);
    while (this.capacity < states) for (const shard of this.#shards.keys()) this.#growShard(shard);
    return this.#shards[0] === before ? null : this.table;
  }

  /** The table as others have to use it. */
  get table(): SharedTable {
    return { bits: this.#packing.bits, shards: this.#shards.slice() };
  }

  /** Between two rounds: takes what others have made. */
  take(table: SharedTable | null, chunks: readonly SharedChunk[]): void {
    for (const { index, bits, items } of chunks)
      this.#chunks[index] = { packing: this.#packingOf(bits), items };
    if (table === null) return;
    this.#packing = this.#packingOf(table.bits);
    this.#chunkEnd = this.#next; // the next record begins a chunk, which may be in another packing
    for (const [shard, items] of table.shards.entries()) this.#use(shard, items);
  }

  /** After a round: the chunks begun and the states discovered in it. */
  drainUpdates(): { readonly chunks: SharedChunk[]; readonly segments: Segment[] } {
    this.#endSegment();
    return { chunks: this.#newChunks.splice(0), segments: this.#segments.splice(0) };
  }

  /** One packing for all chunks that have it: packings are many small arrays. */
  #packingOf(bits: readonly number[]): Packing {
    const text = bits.join();
    let packing = this.#packings.get(text);
    if (!packing) {
      packing = new Packing(bits);
      this.#packings.set(text, packing);
    }
    return packing;
  }

  #add(items: Int32Array, from: number, hash: number, parent: number): number {
    const { words } = this.#packing;
    const shard = hash >>> (32 - shardBits);
    const table = this.#shards[shard] as Int32Array;
    const isShared = this.#chunkCounter !== null;
    const first = items[from] as number;
    let at = ((hash << shardBits) >>> (this.#shifts[shard] as number)) * words;
    for (let run = 0; ; run++) {
      let found = table[at] as number;
      if (found === 0) {
        found = isShared ? Atomics.compareExchange(table, at, 0, first) : 0;
        if (found === 0) break;
      }
      if (found === first) {
        let word = 1;
        while (word < words) {
          let stored = table[at + word] as number;
          if (stored === 0) stored = written(table, at + word);
          if (stored !== items[from + word]) break;
          word++;
        }
        if (word === words) return known;
      }
      if (isShared && run === longestRun) return noRoom;
      at += words;
      if (at === table.length) at = 0;
    }
    if (isShared) {
      for (let word = 1; word < words; word++) Atomics.store(table, at + word, items[from + word] as number);
      return this.#record(items, from, parent);
    }
    for (let word = 0; word < words; word++) table[at + word] = items[from + word] as number;
    const state = this.#record(items, from, parent);
    const filled = (this.#filled[shard] as number) + 1;
    this.#filled[shard] = filled;
    if (filled * 4 * words > table.length * 3) this.#growShard(shard);
    return state;
  }

  #record(items: Int32Array, from: number, parent: number): number {
    if (this.#next === this.#chunkEnd) this.#beginChunk();
    const state = this.#next++;
    this.#count++;
    const { words } = this.#packing;
    const chunk = (this.#chunks[state >>> chunkBits] as Chunk).items;
    const at = (state & (chunkStates - 1)) * (words + 1);
    for (let word = 0; word < words; word++) chunk[at + word] = items[from + word] as number;
    chunk[at + words] = parent;
    return state;
  }

  #beginChunk(): void {
    this.#endSegment();
    const counter = this.#chunkCounter;
    const index = counter === null ? this.#chunks.length : Atomics.add(counter, 0, 1);
    const items = entries(chunkStates, this.#packing.words + 1);
    this.#chunks[index] = { packing: this.#packing, items };
    if (counter !== null) this.#newChunks.push({ index, bits: this.#packing.bits, items });
    this.#next = this.#segmentStart = index << chunkBits;
    this.#chunkEnd = this.#next + chunkStates;
  }

  #endSegment(): void {
    const count = this.#next - this.#segmentStart;
    if (count > 0) this.#segments.push({ first: this.#segmentStart, count });
    this.#segmentStart = this.#next;
  }

  /**
   * Packs the whole table anew, and the last chunk, so that states have consecutive numbers as long as
   * there is one thread.
   */
  #widen(values: ArrayLike<number>): void {
    const before = this.#packing;
    const largest = this.#largest();
    const places = Array.from({ length: this.width }, (_, at) => Math.max(largest[at] ?? 0, values[at] ?? 0));
    const after = before.widenedFor(places);
    const old = this.#shards;
    this.#shards = [];
    this.#packing = after;
    for (const [shard, { length }] of old.entries())
      this.#use(shard, entries(length / before.words, after.words));
    const vector = new Int32Array(this.width);
    for (const table of old)
      for (let at = 0; at < table.length; at += before.words) {
        if (table[at] === 0) continue;
        before.unpack(table, at, vector);
        after.pack(vector, this.#key, 0);
        this.#insert(this.#key, 0);
      }
    if (this.#next === this.#chunkEnd) return;
    if (this.#chunkCounter === null) this.#repackLast(before);
    else this.#chunkEnd = this.#next; // the next record begins a chunk
  }

  #repackLast(before: Packing): void {
    const { items } = this.#chunks.pop()!;
    const after = this.#packing;
    const repacked = entries(chunkStates, after.words + 1);
    const vector = new Int32Array(this.width);
    const count = this.#next & (chunkStates - 1);
    for (let record = 0; record < count; record++) {
      const from = record * (before.words + 1);
      const to = record * (after.words + 1);
      before.unpack(items, from, vector);
      after.pack(vector, repacked, to);
      repacked[to + after.words] = items[from + before.words] as number;
    }
    this.#chunks.push({ packing: after, items: repacked });
  }

  #growShard(shard: number): void {
    const { words } = this.#packing;
    const old = this.#shards[shard]!;
    this.#use(shard, entries((old.length / words) * 2, words));
    for (let at = 0; at < old.length; at += words) if (old[at] !== 0) this.#insert(old, at);
  }

  /** Puts into the table what is known not to be there. */
  #insert(items: Int32Array, from: number): void {
    const { words } = this.#packing;
    const hash = hashOf(items, from, words);
    const shard = hash >>> (32 - shardBits);
    // Vectors that are packed anew fall into other shards than before, which may not have room for them.
    if ((this.#filled[shard]! + 1) * 4 * words > this.#shards[shard]!.length * 3) this.#growShard(shard);
    const table = this.#shards[shard] as Int32Array;
    let at = ((hash << shardBits) >>> (this.#shifts[shard] as number)) * words;
    while (table[at] !== 0) {
      at += words;
      if (at === table.length) at = 0;
    }
    for (let word = 0; word < words; word++) table[at + word] = items[from + word] as number;
    this.#filled[shard]!++;
  }

  /** Takes an empty table as a shard. */
  #use(shard: number, table: Int32Array): void {
    this.#shards[shard] = table;
    this.#shifts[shard] = 1 + Math.clz32(table.length / this.#packing.words);
    this.#filled[shard] = 0;
  }
}

/** Room for so many entries, shared by whoever gets it. */
function entries(count: number, words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * words * 4));
}

/** Mixes the words of a packed vector. Only the first bits are used: they depend on all. */
function hashOf(items: Int32Array, from: number, words: number): number {
  let hash = 0;
  for (let word = 0; word < words; word++) {
    hash = Math.imul(hash ^ (items[from + word] as number), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash ^ (hash >>> 13), 0x846ca68b);
}

/** Waits for what another thread is about to write. */
function written(table: Int32Array, at: number): number {
  for (;;) {
    const word = Atomics.load(table, at);
    if (word !== 0) return word;
  }
}
