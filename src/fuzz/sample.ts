// Hot file: how many distinct states a campaign has seen, in little memory. Exact up to half a million; above that an
// estimate by adaptive sampling (Flajolet, "On Adaptive Sampling", Computing 1990): of all hashes those are kept that begin
// with k zero bits, and k is the smallest number with which they fit. What is kept does not depend on the order in which
// states come, so samples of several workers can be merged, and the result is the same as that of one.

/** How many hashes are kept at most: the standard error of the estimate is 1.2 / sqrt of it, 0.2 %. */
const maxKept = 1 << 19;

/** A sample that can cross processes and files. */
export interface PortableSample {
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
   * A sample that is to be merged into another one may begin with the level of that one (default 0): what the other would not
   * keep need not be kept here either, and most states are then dismissed by a look at their first bits.
   */
  constructor(level = 0) {
    this.#level = level;
  }

  /** k of the file comment. */
  get level(): number {
    return this.#level;
  }

  /** Whether `size` is an estimate. */
  get isEstimate(): boolean {
    return this.#level > 0;
  }

  /** How many distinct hashes there were. (Two states have the same hash with probability 2^-64.) */
  get size(): number {
    return this.#count * 2 ** this.#level;
  }

  /** Counts a state. */
  add(high: number, low: number): void {
    if (this.#level > 0 && high >>> (32 - this.#level) !== 0) return;
    if (!this.#insert(high, low)) return;
    this.#count++;
    if (this.#count > maxKept) this.#raise(this.#level + 1);
    else if (this.#count * 2 > this.#mask) this.#rebuild((this.#mask + 1) * 2);
  }

  /** Adds what another sample has seen. */
  merge({ level, hashes }: PortableSample): void {
    if (level > this.#level) this.#raise(level);
    for (let at = 0; at < hashes.length; at += 2) this.add(hashes[at] as number, hashes[at + 1] as number);
  }

  /** As plain data, to be merged into another sample. */
  portable(): PortableSample {
    const hashes = new Int32Array(this.#count * 2);
    let next = 0;
    for (let at = 0; at < this.#slots.length; at += 2) {
      if (((this.#slots[at] as number) | (this.#slots[at + 1] as number)) === 0) continue;
      hashes[next++] = this.#slots[at] as number;
      hashes[next++] = this.#slots[at + 1] as number;
    }
    return { level: this.#level, hashes };
  }

  /** The same, equal for equal sets. */
  sorted(): PortableSample {
    const { level, hashes } = this.portable();
    return { level, hashes: sortedPairs(hashes) };
  }

  /** False if it was there. A hash of all zeros stands for an empty slot, so it is taken for its neighbour. */
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
