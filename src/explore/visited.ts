// Hot file: the set of visited states. It compares whole vectors, so it is exact: no hash compaction, no
// probability of a missed state. A Set of strings would be three lines, twenty times slower and ten times
// larger.
//
// It has every state twice. First, packed (see packing.ts), in a table (packed-table.ts), for lookups: most
// successors are known already, and with the vector in the table itself a lookup costs one access to memory
// that is not in the cache. Second, with the number of its parent (-1: initial), in the records: chunks in
// the order of discovery. A breadth-first search expands states in that order, so the set is the queue, and
// it is read from front to back.
//
// When a value outgrows its bits, a few times in a search, the table is packed anew. Records stay as they are,
// each chunk in the packing with which it was begun (but the last one).
//
// Several threads may share table and records. For the table see packed-table.ts. Records are written without
// any care: a chunk belongs to one thread, and others read it after the round only, having been sent a message
// by its owner since.

import type { Successors } from "../model/successors.js";
import { entries, known, noRoom, PackedTable } from "./packed-table.js";
import { bitsOf, Packing } from "./packing.js";
import { SuccessorBatch } from "./successor-batch.js";
import { mixed, VectorHash } from "./vector-hash.js";

export { known, noRoom } from "./packed-table.js";

const chunkBits = 16;
const chunkStates = 1 << chunkBits;
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
  readonly pieces: readonly Int32Array[];
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
  readonly #table: PackedTable;
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
  readonly #hashing: VectorHash;
  /** All packed vectors that were added here, one or the other bit set in any of them. */
  #used: Int32Array;
  /** Successors that are to be added. */
  readonly batch: SuccessorBatch;
  /** Scratch: one packed vector. */
  readonly #key: Int32Array;

  /** `largest`: the largest value so far at each place of a vector, or more. It is asked rarely. */
  constructor(width: number, largest: () => ArrayLike<number> = () => []) {
    this.width = width;
    this.#largest = largest;
    this.#key = new Int32Array(width);
    this.#used = new Int32Array(width);
    this.#hashing = new VectorHash(width);
    this.batch = new SuccessorBatch(width, this.#hashing);
    this.#table = new PackedTable(Packing.narrowest(width), this.#hashing);
  }

  get #packing(): Packing {
    return this.#table.packing;
  }

  /** How many states were added. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held by records and table. */
  get bytes(): number {
    const records = this.#chunks.reduce((sum, { items }) => sum + items.byteLength, 0);
    return records + this.#table.bytes;
  }

  /** For how many states the table has room. */
  get capacity(): number {
    return this.#table.capacity;
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
    const isKnown = this.#table.add(this.#key, 0, mixed(this.#hashing.sum(vector, 0))) === known;
    return isKnown ? known : this.#record(this.#key, 0, parent);
  }

  /**
   * Gathers all successors of a state, to be added by {@link addFromBatch}. False, and nothing more is
   * gathered, if one of them does not fit.
   */
  propose(vector: Int32Array, out: Successors, parent: number): boolean {
    return this.batch.gather(this.#packing, vector, out, parent);
  }

  /** Looks at the places in the table where what is proposed would stand; to be called before it is added. */
  prefetch(): void {
    this.#table.touch(this.batch.hashes, this.batch.count);
  }

  /** Adds the proposed successor with this index. Returns its number, {@link known}, or {@link noRoom}. */
  addFromBatch(index: number): number {
    const { batch } = this;
    const from = index * this.#packing.words;
    const hash = batch.hashes[index] as number;
    const answer =
      this.#chunkCounter === null
        ? this.#table.add(batch.items, from, hash)
        : this.#table.addShared(batch.items, from, hash);
    if (answer === noRoom) return noRoom;
    batch.remember(index);
    return answer === known ? known : this.#record(batch.items, from, batch.parents[index] as number);
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
    this.#table.makeRoom(0);
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
    const [before, packing] = [this.capacity, this.#packing];
    const largest = this.#largest();
    if (this.#packing.bits.some((bits, at) => (largest[at] ?? 0) >= 2 ** bits)) this.#widen([]);
    this.#table.makeRoom(states);
    return this.capacity === before && this.#packing === packing ? null : this.table;
  }

  /** The table as others have to use it. */
  get table(): SharedTable {
    return { bits: this.#packing.bits, pieces: this.#table.pieces };
  }

  /** Between two rounds: takes what others have made. */
  take(table: SharedTable | null, chunks: readonly SharedChunk[]): void {
    for (const { index, bits, items } of chunks)
      this.#chunks[index] = { packing: this.#packingOf(bits), items };
    if (table === null) return;
    this.#table.take(this.#packingOf(table.bits), table.pieces);
    this.#chunkEnd = this.#next; // the next record begins a chunk, which may be in another packing
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

  #record(items: Int32Array, from: number, parent: number): number {
    if (this.#next === this.#chunkEnd) this.#beginChunk();
    const state = this.#next++;
    this.#count++;
    const { words } = this.#packing;
    const chunk = (this.#chunks[state >>> chunkBits] as Chunk).items;
    const at = (state & (chunkStates - 1)) * (words + 1);
    const used = this.#used;
    for (let word = 0; word < words; word++) {
      const value = items[from + word] as number;
      chunk[at + word] = value;
      (used[word] as number) |= value;
    }
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
    const after = Packing.roomFor(places, this.#usedBits());
    this.#table.repack(after);
    const [used, vector] = [new Int32Array(this.width), new Int32Array(this.width)];
    before.unpack(this.#used, 0, vector);
    after.pack(vector, used, 0);
    this.#used = used;
    if (this.#next === this.#chunkEnd) return;
    if (this.#chunkCounter === null) this.#repackLast(before);
    else this.#chunkEnd = this.#next; // the next record begins a chunk
  }

  /** By position, how many bits its values take. Those that other threads have added are not known. */
  #usedBits(): readonly number[] {
    if (this.#chunkCounter !== null) return this.#packing.bits;
    const used = new Int32Array(this.width);
    this.#packing.unpack(this.#used, 0, used);
    return Array.from(used, bitsOf);
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
}
