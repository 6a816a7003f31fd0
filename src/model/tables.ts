// Hot file: the memo tables behind every transition. A Map with string keys would read better and cost
// twenty times as much; these are open-addressing tables over typed arrays, with linear probing, at most
// half full.

/** Multiplies and mixes two integers into a well-spread 32-bit hash. */
function hashPair(a: number, b: number): number {
  let hash = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b ^ 0x165667b1, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return hash ^ (hash >>> 15);
}

/** A map from pairs of non-negative integers to non-negative integers. */
export class PairTable {
  size = 0;
  #mask: number;
  #slots: Int32Array; // a, b, value + 1 (0: empty)

  constructor(capacity = 64) {
    this.#mask = capacity - 1;
    this.#slots = new Int32Array(capacity * 3);
  }

  /** The value of (a, b), or -1. */
  get(a: number, b: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let index = hashPair(a, b) & mask; ; index = (index + 1) & mask) {
      const at = index * 3;
      const value = slots[at + 2] as number;
      if (value === 0) return -1;
      if (slots[at] === a && slots[at + 1] === b) return value - 1;
    }
  }

  /** Sets the value of (a, b), which must not be set yet. */
  set(a: number, b: number, value: number): void {
    if (this.size * 2 > this.#mask) this.#grow();
    this.#insert(a, b, value + 1);
    this.size++;
  }

  /** All entries, in no particular order. */
  *entries(): Iterable<readonly [a: number, b: number, value: number]> {
    for (let at = 0; at < this.#slots.length; at += 3)
      if (this.#slots[at + 2] !== 0) yield [this.#slots[at]!, this.#slots[at + 1]!, this.#slots[at + 2]! - 1];
  }

  #insert(a: number, b: number, stored: number): void {
    const slots = this.#slots;
    const mask = this.#mask;
    let index = hashPair(a, b) & mask;
    while (slots[index * 3 + 2] !== 0) index = (index + 1) & mask;
    slots[index * 3] = a;
    slots[index * 3 + 1] = b;
    slots[index * 3 + 2] = stored;
  }

  #grow(): void {
    const old = this.#slots;
    this.#mask = this.#mask * 2 + 1;
    this.#slots = new Int32Array((this.#mask + 1) * 3);
    for (let at = 0; at < old.length; at += 3)
      if (old[at + 2] !== 0) this.#insert(old[at] as number, old[at + 1] as number, old[at + 2] as number);
  }
}

/** A growing array of integers. */
export class IntList {
  length = 0;
  items: Int32Array;

  constructor(capacity = 1024) {
    this.items = new Int32Array(capacity);
  }

  /** A list of the same items, without room for more. */
  copy(): IntList {
    const copy = new IntList(Math.max(1, this.length));
    copy.items.set(this.items.subarray(0, this.length));
    copy.length = this.length;
    return copy;
  }

  push(item: number): void {
    if (this.length === this.items.length) {
      const bigger = new Int32Array(this.items.length * 2);
      bigger.set(this.items);
      this.items = bigger;
    }
    this.items[this.length++] = item;
  }
}

/** A map from small non-negative integers to non-negative integers that is emptied at no cost. */
export class SparseMap {
  readonly #keys = new IntList();
  #values = new Int32Array(1024);
  /** Per key: the round in which it was set last. */
  #rounds = new Int32Array(1024);
  #round = 1;

  clear(): void {
    this.#keys.length = 0;
    this.#round++;
  }

  /** The value of a key, or -1. */
  get(key: number): number {
    return this.#rounds[key] === this.#round ? (this.#values[key] as number) : -1;
  }

  set(key: number, value: number): void {
    if (key >= this.#rounds.length) this.#grow(key);
    if (this.#rounds[key] !== this.#round) {
      this.#rounds[key] = this.#round;
      this.#keys.push(key);
    }
    this.#values[key] = value;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The key that was set first, second, ... */
  key(index: number): number {
    return this.#keys.items[index] as number;
  }

  /** All keys, in the order in which they were set. */
  all(): Int32Array {
    return this.#keys.items.subarray(0, this.#keys.length);
  }

  #grow(key: number): void {
    const length = Math.max(key + 1, 2 * this.#rounds.length);
    const [values, rounds] = [new Int32Array(length), new Int32Array(length)];
    values.set(this.#values);
    rounds.set(this.#rounds);
    this.#values = values;
    this.#rounds = rounds;
  }
}
