// Numbers for lists of integers: what is looked up all the time, as components and outboxes, is made of numbers, and a
// text for each would cost more than all the rest.
//
// Hot file: open addressing over typed arrays, with linear probing, at most half full.

import { checkNumber } from "./check-number.js";
import type { SharedNumbering } from "./dictionary.js";
import { IntList } from "./tables.js";

function hashOf(items: ArrayLike<number>, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ (items[at] as number), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Numbers equal lists of integers of 32 bits alike, from 0 on. */
export class Tuples {
  /** Of each list the place in `items` of its length, behind which it stands. */
  readonly #places = new IntList(64);
  readonly #items = new IntList(256);
  /** A number, + 1; 0: empty. */
  #slots = new Int32Array(64);

  /** How many have a number: that of the next one. */
  get size(): number {
    return this.#places.length;
  }

  /** The number of a list, or of its first `length` items; -1 if it has none. */
  find(list: ArrayLike<number>, length = list.length): number {
    const slots = this.#slots;
    const [mask, items, places] = [slots.length - 1, this.#items.items, this.#places.items];
    for (let slot = hashOf(list, 0, length) & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] as number) - 1;
      if (number < 0) return -1;
      const place = places[number] as number;
      if (items[place] !== length) continue;
      let at = 0;
      while (at < length && items[place + 1 + at] === list[at]) at++;
      if (at === length) return number;
    }
  }

  /** The number of a list that has none yet. */
  add(list: ArrayLike<number>, length = list.length): number {
    if (this.size * 2 >= this.#slots.length) this.#grow();
    const number = this.size;
    this.#places.push(this.#items.length);
    this.#items.push(length);
    for (let at = 0; at < length; at++) this.#items.push(list[at] as number);
    this.#insert(number, hashOf(list, 0, length));
    return number;
  }

  /** The number of a list. It is new if it is what `size` was. */
  id(list: ArrayLike<number>): number {
    const known = this.find(list);
    return known >= 0 ? known : this.add(list);
  }

  /** The list with a number. */
  list(number: number): number[] {
    const place = this.#places.items[number] as number;
    const from = place + 1;
    return [...this.#items.items.subarray(from, from + (this.#items.items[place] as number))];
  }

  #insert(number: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const items = this.#items.items;
    for (let number = 0; number < this.size; number++) {
      const from = (this.#places.items[number] as number) + 1;
      this.#insert(number, hashOf(items, from, from + (items[from - 1] as number)));
    }
  }
}

/** Lists that have the same numbers in several threads. */
export class SharedTuples implements SharedNumbering {
  readonly #tuples = new Tuples();
  readonly #construct: (list: readonly number[]) => void;
  #append: Parameters<SharedNumbering["share"]>[0] | null = null;
  /** How many of them stand in the dictionary. */
  #shared = 0;

  /** `construct` makes what a list stands for, if another thread has numbered it; otherwise that is up to who asks. */
  constructor(construct: (list: readonly number[]) => void) {
    this.#construct = construct;
  }

  /** How many have a number: that of the next one. */
  get size(): number {
    return this.#tuples.size;
  }

  /** The number of a list. It is new if nothing was made for it yet. */
  id(list: readonly number[]): number {
    const known = this.#tuples.find(list);
    if (known >= 0) return known;
    if (this.#append && !this.#append(list.join(), () => this.#tuples.find(list) >= 0))
      return this.#tuples.find(list);
    if (this.#append) this.#shared++;
    return this.#tuples.add(list);
  }

  *texts(): Iterable<string> {
    for (let number = 0; number < this.size; number++) yield this.#tuples.list(number).join();
  }

  deserialize(text: string): void {
    const list = text === "" ? [] : text.split(",").map(Number);
    const known = this.#tuples.find(list);
    checkNumber(this.#shared, known < 0 ? this.size : known, text);
    this.#shared++;
    if (known >= 0) return;
    this.#tuples.add(list);
    this.#construct(list);
  }

  share(append: (text: string, isKnown: () => boolean) => boolean): void {
    if (this.#shared === 0) this.#shared = this.size; // see Numbering
    checkNumber(this.#shared, this.size, "what comes next");
    this.#append = append;
  }
}
