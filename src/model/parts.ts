// The parts of interned values, each of them once: equal parts are one object, with one number. A value is
// looked up by the numbers of its parts, and never by its text; only what is new in it is looked at, and a hit
// makes no object.
//
// Hot file: what is looked up stands in typed arrays.

import type { Json } from "../protocol/index.js";
import { numberOfPart, stampPart, textOfPart } from "./stamps.js";
import { IntList } from "./tables.js";

/** A list of numbers as a key. */
function hashOf(items: Int32Array, from: number, to: number): number {
  let hash = to - from;
  for (let at = from; at < to; at++) {
    hash = Math.imul(hash ^ (items[at] as number), 0x85ebca6b);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}

/** Numbers for primitive values, and for objects by their parts. */
export class Parts {
  /** Strings, numbers, truth values and null. Their numbers are odd. */
  readonly #atoms = new Map<Json, number>();
  /** Objects and arrays. Their numbers are even, from 2 on. */
  readonly #objects: (Json & object)[] = [];
  /** Of each object the place of its key in `keys`: its length, then its items. */
  readonly #places = new IntList();
  readonly #keys = new IntList();
  /** Open addressing, linear probing: the index of an object, + 1. */
  #slots = new Int32Array(64);
  /** The key under way. */
  readonly #key = new IntList();
  #kinds = 0;

  /** A number for what is made by one schema: what others make is told apart. */
  kind(): number {
    return ++this.#kinds;
  }

  /** The number of a value that is a part, or a primitive. */
  numberOf(value: Json): number {
    if (typeof value === "object" && value !== null) return numberOfPart(value);
    const known = this.#atoms.get(value);
    if (known !== undefined) return known;
    const number = 2 * this.#atoms.size + 1;
    this.#atoms.set(value, number);
    return number;
  }

  /** Begins the key of what a schema makes. The parts come first: a key is not begun while another is under way. */
  begin(kind: number): void {
    this.#key.length = 0;
    this.#key.push(kind);
  }

  /** Adds a part to the key under way; undefined: one that is absent. */
  add(value: Json | undefined): void {
    this.#key.push(value === undefined ? 0 : this.numberOf(value));
  }

  /** The object with the key under way; null if there is none yet. */
  find(): (Json & object) | null {
    const [mask, keys] = [this.#slots.length - 1, this.#keys.items];
    const { items, length } = this.#key;
    for (let slot = hashOf(items, 0, length) & mask; ; slot = (slot + 1) & mask) {
      const index = (this.#slots[slot] as number) - 1;
      if (index < 0) return null;
      const place = this.#places.items[index] as number;
      if (keys[place] !== length) continue;
      let at = 0;
      while (at < length && keys[place + 1 + at] === items[at]) at++;
      if (at === length) return this.#objects[index]!;
    }
  }

  /** Keeps an object, frozen, under the key under way. */
  keep<T extends Json & object>(object: T, maker: object): T {
    if (this.#objects.length * 2 >= this.#slots.length) this.#grow();
    const { items, length } = this.#key;
    this.#places.push(this.#keys.length);
    this.#keys.push(length);
    for (let at = 0; at < length; at++) this.#keys.push(items[at] as number);
    const index = this.#objects.push(object) - 1;
    this.#insert(index, hashOf(items, 0, length));
    stampPart(object, maker, 2 * index + 2);
    return Object.freeze(object);
  }

  #insert(index: number, hash: number): void {
    const mask = this.#slots.length - 1;
    let slot = hash & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = index + 1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    const keys = this.#keys.items;
    for (let index = 0; index < this.#objects.length; index++) {
      const place = this.#places.items[index] as number;
      this.#insert(index, hashOf(keys, place + 1, place + 1 + (keys[place] as number)));
    }
  }
}

/** The JSON text of a value that consists of parts. */
export function textOfValue(value: Json): string {
  return typeof value === "object" && value !== null ? textOfPart(value) : JSON.stringify(value);
}
