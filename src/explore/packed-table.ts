// Hot file: a table of packed vectors with open addressing and linear probing, at a load of 3/4 at most. The first bits of a vector's hash are the
// number of its entry, so when the table doubles it is read and written from front to back. The hash does not depend on the packing: vectors that
// are packed anew keep their entries.
//
// A table is one piece of memory until it has a gigabyte, and is split then, by the first bits of the hash, each time it doubles. (With one piece
// the loop of `touch` is so short that the processor waits for some ten entries at once. With 64 of them it waited for four.)
//
// Several threads may share a table. Why that is right:
//   - While they add vectors (a round), nobody replaces the memory or the packing. An entry, all 0 at first, is
//     written once, word by word, and no word of a packed vector is 0. So a word that is not 0 is final,
//     and an entry whose words are all equal to a vector's is that vector, in whatever order the writes
//     have become visible: no lookup of a known state needs an atomic operation.
//   - Who finds the first word of an entry 0 asks again by compare-and-exchange, which tells the truth
//     about the moment and lets one thread only have the entry. Entries are never emptied: so two threads
//     with one vector pass the same taken entries and arrive at the same free one, where the one that loses
//     finds the vector of the other.
//   - Who finds an entry with the same first word and a later one still 0 cannot tell yet, and waits: its
//     owner is about to write it (both by `Atomics`, so that the write is seen).
//   - What was replaced or packed anew between two rounds, others see after a message.

import { lookInBetween } from "../watch/clock.js";
import type { Packing } from "./packing.js";
import type { VectorHash } from "./vector-hash.js";

/** What a table says of a vector that it was to add; if there was no room where it should stand, it was not added. */
export const isNew = 0;
export const known = -1;
export const noRoom = -2;

/** A table begins with so many entries, as a power of two; one that threads share has more. */
const firstEntryBits = 13;
const sharedEntryBits = 18;
const highestLoad = 3 / 4;
/** A table that threads share has no room where so many entries in a row are taken. */
const longestRun = 1024;
/** A piece is not doubled beyond so many bytes. */
const largestPiece = 2 ** 30;
/** After so many entries of a table that is copied, whoever shows progress gets a turn: less than 10 ms. */
const betweenLooks = 2 ** 16;

/** A table of packed vectors. */
export class PackedTable {
  packing: Packing;
  readonly #hashing: VectorHash;
  readonly #largestPiece: number;
  /** As many as there are values of the first bits of the hash, all of the same size. */
  #pieces: Int32Array[];
  #entryBits = firstEntryBits;
  /** The bits of an entry's number in its piece. */
  #slotBits = firstEntryBits;
  /** The number of an entry of a piece is at most this. */
  #slotMask = 2 ** firstEntryBits - 1;
  #filled = 0;
  /** The table doubles when it has so many vectors. */
  #full = 2 ** firstEntryBits * highestLoad;
  /** What was looked at: kept, so that looking is not optimized away. */
  #touched = 0;

  /** `pieceBytes`: a piece is not doubled beyond so many bytes. For tests. */
  constructor(packing: Packing, hashing: VectorHash, pieceBytes = largestPiece) {
    this.packing = packing;
    this.#hashing = hashing;
    this.#largestPiece = pieceBytes;
    this.#pieces = [entries(2 ** firstEntryBits, packing.words)];
  }

  /** For how many vectors there would be room. */
  get capacity(): number {
    return 2 ** this.#entryBits;
  }

  get bytes(): number {
    return this.#pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The memory, for other threads. */
  get pieces(): readonly Int32Array[] {
    return this.#pieces.slice();
  }

  /** Takes over the memory of another thread. */
  take(packing: Packing, pieces: readonly Int32Array[]): void {
    this.packing = packing;
    this.#pieces = [...pieces];
    const slotBits = Math.log2(pieces[0]!.length / packing.words);
    this.#resize(slotBits + Math.log2(pieces.length), slotBits);
  }

  /**
   * Looks at the entries of vectors with these hashes, before they are added: so that the processor waits for several of them at once. Memory is
   * what a search waits for most.
   */
  touch(hashes: Int32Array, count: number): void {
    const { words } = this.packing;
    const pieces = this.#pieces;
    const shift = 32 - this.#entryBits;
    let touched = 0;
    if (pieces.length === 1) {
      const piece = pieces[0] as Int32Array;
      for (let index = 0; index < count; index++)
        touched ^= piece[Math.imul((hashes[index] as number) >>> shift, words)] as number;
    } else {
      const slotBits = this.#slotBits;
      const mask = this.#slotMask;
      for (let index = 0; index < count; index++) {
        const entry = (hashes[index] as number) >>> shift;
        touched ^= (pieces[entry >>> slotBits] as Int32Array)[Math.imul(entry & mask, words)] as number;
      }
    }
    this.#touched ^= touched;
  }

  /** Adds the packed vector that begins at `from`: {@link isNew} or {@link known}. For one thread only. */
  add(items: Int32Array, from: number, hash: number): number {
    const { words } = this.packing;
    const entry = hash >>> (32 - this.#entryBits);
    const piece = this.#pieces[entry >>> this.#slotBits] as Int32Array;
    const first = items[from] as number;
    let at = Math.imul(entry & this.#slotMask, words);
    for (;;) {
      const found = piece[at] as number;
      if (found === 0) break;
      if (found === first) {
        let word = 1;
        while (word < words && piece[at + word] === items[from + word]) word++;
        if (word === words) return known;
      }
      at += words;
      if (at === piece.length) at = 0;
    }
    for (let word = 0; word < words; word++) piece[at + word] = items[from + word] as number;
    if (++this.#filled > this.#full) this.#grow();
    return isNew;
  }

  /** The same for several threads; perhaps {@link noRoom}. */
  addShared(items: Int32Array, from: number, hash: number): number {
    const { words } = this.packing;
    const entry = hash >>> (32 - this.#entryBits);
    const piece = this.#pieces[entry >>> this.#slotBits] as Int32Array;
    const first = items[from] as number;
    let at = Math.imul(entry & this.#slotMask, words);
    for (let run = 0; ; run++) {
      let found = piece[at] as number;
      if (found === 0) {
        found = Atomics.compareExchange(piece, at, 0, first);
        if (found === 0) break;
      }
      if (found === first) {
        let word = 1;
        while (word < words) {
          let stored = piece[at + word] as number;
          if (stored === 0) stored = written(piece, at + word);
          if (stored !== items[from + word]) break;
          word++;
        }
        if (word === words) return known;
      }
      if (run === longestRun) return noRoom;
      at += words;
      if (at === piece.length) at = 0;
    }
    for (let word = 1; word < words; word++) Atomics.store(piece, at + word, items[from + word] as number);
    return isNew;
  }

  /** Makes room for so many vectors, and for threads to share the table. */
  makeRoom(vectors: number): void {
    while (this.capacity < Math.max(vectors, 2 ** sharedEntryBits)) this.#grow();
  }

  /** Packs all vectors anew. */
  repack(after: Packing): void {
    const before = this.packing;
    const vector = new Int32Array(before.bits.length);
    this.packing = after;
    for (const [index, old] of this.#pieces.entries()) {
      const piece = after.words === before.words ? old : entries(old.length / before.words, after.words);
      for (let entry = 0; entry < old.length / before.words; entry++) {
        if ((entry & (betweenLooks - 1)) === 0) lookInBetween();
        const at = entry * before.words;
        if (old[at] === 0) continue;
        before.unpack(old, at, vector);
        after.pack(vector, piece, entry * after.words);
      }
      this.#pieces[index] = piece;
    }
  }

  #grow(): void {
    const { words } = this.packing;
    const old = this.#pieces;
    const splits = old[0]!.byteLength * 2 > this.#largestPiece;
    this.#resize(this.#entryBits + 1, this.#slotBits + (splits ? 0 : 1));
    this.#pieces = [];
    for (const [index, piece] of old.entries()) {
      for (let half = 0; half < (splits ? 2 : 1); half++)
        this.#pieces.push(entries(2 ** this.#slotBits, words));
      for (let at = 0, entry = 0; at < piece.length; at += words, entry++) {
        if ((entry & (betweenLooks - 1)) === 0) lookInBetween();
        if (piece[at] !== 0) this.#insert(piece, at);
      }
      old[index] = new Int32Array(0); // not needed any more
    }
  }

  #resize(entryBits: number, slotBits: number): void {
    this.#entryBits = entryBits;
    this.#slotBits = slotBits;
    this.#slotMask = 2 ** slotBits - 1;
    this.#full = 2 ** entryBits * highestLoad;
  }

  /** Puts into the table what is known not to be there. */
  #insert(items: Int32Array, from: number): void {
    const { words } = this.packing;
    const entry = this.#hashing.ofPacked(this.packing, items, from) >>> (32 - this.#entryBits);
    const piece = this.#pieces[entry >>> this.#slotBits] as Int32Array;
    let at = Math.imul(entry & this.#slotMask, words);
    while (piece[at] !== 0) {
      at += words;
      if (at === piece.length) at = 0;
    }
    for (let word = 0; word < words; word++) piece[at + word] = items[from + word] as number;
  }
}

/** Room for so many entries, shared by whoever gets it. */
export function entries(count: number, words: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * words * 4));
}

/** Waits for what another thread is about to write. */
function written(piece: Int32Array, at: number): number {
  for (;;) {
    const word = Atomics.load(piece, at);
    if (word !== 0) return word;
  }
}
