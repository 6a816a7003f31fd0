// Hot file: counts the distinct states of a campaign in little memory. Exact up to half a million. Above that
// it estimates by adaptive sampling (Flajolet, "On Adaptive Sampling", Computing 1990): it keeps the hashes
// that begin with k zero bits, for the smallest k with which they fit. The sample does not depend on the
// order of the states, so samples of several workers merge into the same result.

/** The largest number of hashes kept: the standard error of the estimate is 1.2 / sqrt of it, 0.2 %. */
const maxKept = 1 << 19;

/** A sample as data, for other processes and files. */
export interface SerializedSample {
  readonly level: number;
  /** Two integers for each hash. */
  readonly hashes: Int32Array;
}

/** A set of 64-bit hashes; see the file comment. */
export class DistinctSample {
  #level: number;
  #count = 0;
  #mask = 4095;
  #slots = new Int32Array(8192);

  /**
   * A sample that will be merged into another one may begin with that one's level (default 0): what the other
   * would drop need not be kept, and most states are then dismissed by their first bits.
   */
  constructor(level = 0) {
    this.#level = level;
  }

  /** The k of the file head. */
  get level(): number {
    return this.#level;
  }

  /** Whether `size` is an estimate. */
  get isEstimate(): boolean {
    return this.#level > 0;
  }

  /** The number of distinct hashes. (Two states have the same hash with probability 2^-64.) */
  get size(): number {
    return this.#count * 2 ** this.#level;
  }

  /** Adds a state. */
  add(high: number, low: number): void {
    if (this.#level > 0 && high >>> (32 - this.#level) !== 0) return;
    if (!this.#insert(high, low)) return;
    this.#count++;
    if (this.#count > maxKept) this.#raise(this.#level + 1);
    else if (this.#count * 2 > this.#mask) this.#rebuild((this.#mask + 1) * 2);
  }

  /** Adds another sample. */
  merge({ level, hashes }: SerializedSample): void {
    if (level > this.#level) this.#raise(level);
    for (let at = 0; at < hashes.length; at += 2) this.add(hashes[at] as number, hashes[at + 1] as number);
  }

  /** As plain data, to be merged into another sample. */
  serialized(): SerializedSample {
    const hashes = new Int32Array(this.#count * 2);
    let next = 0;
    for (let at = 0; at < this.#slots.length; at += 2) {
      if (((this.#slots[at] as number) | (this.#slots[at + 1] as number)) === 0) continue;
      hashes[next++] = this.#slots[at] as number;
      hashes[next++] = this.#slots[at + 1] as number;
    }
    return { level: this.#level, hashes };
  }

  /** As data in a canonical order, equal for equal sets. */
  sorted(): SerializedSample {
    const { level, hashes } = this.serialized();
    return { level, hashes: sortedPairs(hashes) };
  }

  /** False if it was there. A hash of all zeros marks an empty slot, so its neighbour stands for it. */
  #insert(high: number, low: number): boolean {
    const word = (high | low) === 0 ? 1 : low;
    const slots = this.#slots;
    for (let index = word & this.#mask; ; index = (index + 1) & this.#mask) {
      const at = index * 2;
      if (slots[at] === high && slots[at + 1] === word) return false;
      if (((slots[at] as number) | (slots[at + 1] as number)) === 0) {
        slots[at] = high;
        slots[at + 1] = word;
        return true;
      }
    }
  }

  #raise(level: number): void {
    this.#level = level;
    this.#rebuild(this.#mask + 1);
    if (this.#count > maxKept) this.#raise(level + 1);
  }

  #rebuild(capacity: number): void {
    const old = this.#slots;
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * 2);
    this.#count = 0;
    for (let at = 0; at < old.length; at += 2) {
      const [high, low] = [old[at] as number, old[at + 1] as number];
      if ((high | low) === 0 || (this.#level > 0 && high >>> (32 - this.#level) !== 0)) continue;
      this.#insert(high, low);
      this.#count++;
    }
  }
}

/** Pairs of integers in order. */
function sortedPairs(pairs: Int32Array): Int32Array {
  const keys = new BigInt64Array(pairs.length / 2);
  for (let at = 0; at < keys.length; at++)
    keys[at] = (BigInt(pairs[at * 2]!) << 32n) | BigInt(pairs[at * 2 + 1]! >>> 0);
  keys.sort();
  const sorted = new Int32Array(pairs.length);
  for (let at = 0; at < keys.length; at++) {
    sorted[at * 2] = Number(keys[at]! >> 32n);
    sorted[at * 2 + 1] = Number(BigInt.asIntN(32, keys[at]!));
  }
  return sorted;
}
