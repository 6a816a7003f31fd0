// Hot file: the set of visited states. It compares whole vectors, so it is exact: no hash compaction, no probability
// of a missed state. A Set of strings would be three lines, twenty times slower and ten times larger.
//
// States are numbered in the order of their discovery, which in a breadth-first search is the order of expansion too:
// the set is the queue. Each record is the vector and, behind it, the number of the parent state (-1: initial).

const chunkBits = 18;
const chunkStates = 1 << chunkBits;

/** Mixes a component and its position; the hash of a vector is the sum of its positions' hashes. */
export function hashAt(position: number, component: number): number {
  let hash = Math.imul(component + 1, 0x9e3779b1) ^ Math.imul(position + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return hash ^ (hash >>> 16);
}

/** See the file comment. */
export class VisitedSet {
  readonly width: number;
  readonly #stride: number;
  readonly #chunks: Int32Array[] = [];
  #count = 0;
  #mask = (1 << 16) - 1;
  #table = new Int32Array(2 << 16); // pairs (state + 1, hash)

  constructor(width: number) {
    this.width = width;
    this.#stride = width + 1;
  }

  /** How many states there are. */
  get count(): number {
    return this.#count;
  }

  /** Bytes held by records and table. */
  get bytes(): number {
    return this.#chunks.length * chunkStates * this.#stride * 4 + this.#table.byteLength;
  }

  /** The array in which a state's vector stands; see {@link offset}. */
  chunk(state: number): Int32Array {
    return this.#chunks[state >>> chunkBits] as Int32Array;
  }

  /** Where in its chunk a state's vector begins. */
  offset(state: number): number {
    return (state & (chunkStates - 1)) * this.#stride;
  }

  /** The state from which this one was discovered, or -1. */
  parent(state: number): number {
    return this.chunk(state)[this.offset(state) + this.width] as number;
  }

  hash(vector: Int32Array, offset = 0): number {
    let hash = 0;
    for (let at = 0; at < this.width; at++) hash = (hash + hashAt(at, vector[offset + at] as number)) | 0;
    return hash;
  }

  /** Adds a vector; returns its number if it is new, -1 if it was there. */
  add(vector: Int32Array, hash: number, parent: number): number {
    const table = this.#table;
    const mask = this.#mask;
    let index = (hash ^ (hash >>> 15)) & mask;
    for (; ; index = (index + 1) & mask) {
      const entry = table[index * 2] as number;
      if (entry === 0) break;
      if (table[index * 2 + 1] === hash && this.#equals(entry - 1, vector)) return -1;
    }
    const state = this.#count++;
    table[index * 2] = state + 1;
    table[index * 2 + 1] = hash;
    this.#store(state, vector, parent);
    if (this.#count * 2 > mask) this.#grow();
    return state;
  }

  #equals(state: number, vector: Int32Array): boolean {
    const chunk = this.#chunks[state >>> chunkBits] as Int32Array;
    const offset = (state & (chunkStates - 1)) * this.#stride;
    for (let at = 0; at < this.width; at++) if (chunk[offset + at] !== vector[at]) return false;
    return true;
  }

  #store(state: number, vector: Int32Array, parent: number): void {
    if (state >>> chunkBits === this.#chunks.length)
      this.#chunks.push(new Int32Array(chunkStates * this.#stride));
    const chunk = this.#chunks[state >>> chunkBits] as Int32Array;
    const offset = (state & (chunkStates - 1)) * this.#stride;
    for (let at = 0; at < this.width; at++) chunk[offset + at] = vector[at] as number;
    chunk[offset + this.width] = parent;
  }

  #grow(): void {
    const old = this.#table;
    this.#mask = this.#mask * 2 + 1;
    this.#table = new Int32Array((this.#mask + 1) * 2);
    const table = this.#table;
    const mask = this.#mask;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at] === 0) continue;
      const hash = old[at + 1] as number;
      let index = (hash ^ (hash >>> 15)) & mask;
      while (table[index * 2] !== 0) index = (index + 1) & mask;
      table[index * 2] = old[at] as number;
      table[index * 2 + 1] = hash;
    }
  }
}
