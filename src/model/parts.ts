// The parts of interned values, each of them once: equal parts are one object, with one number. A value is
// looked up by the numbers of its parts, and never by its text; only what is new in it is looked at, and of what is
// known nothing is made again.
//
// Hot file: what is looked up stands in typed arrays.

import type { Json } from "../protocol/index.js";
import { numberOfPart, stampPart, textOfPart } from "./stamps.js";
import { IntList } from "./tables.js";
import { Tuples } from "./tuples.js";

/** Numbers for primitive values, and for objects by their parts. */
export class Parts {
  /** Strings, numbers, truth values and null. Their numbers are odd. */
  readonly #atoms = new Map<Json, number>();
  /** Objects and arrays. Their numbers are even, from 2 on. */
  readonly #objects: (Json & object)[] = [];
  /** By which they are looked up: the schema, and the numbers of the parts. */
  readonly #keys = new Tuples();
  /** The key under way. */
  readonly #key = new IntList(64);
  #kinds = 0;

  /** A number for what is made by one schema: what others make is told apart. */
  kind(): number {
    return this.#kinds++;
  }

  /** The number of a primitive, or of an object that is a part. */
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
    return this.#objects[this.#keys.find(this.#key.items, this.#key.length)] ?? null;
  }

  /** Keeps an object, frozen, under the key under way. */
  keep<T extends Json & object>(object: T, maker: object): T {
    const index = this.#keys.add(this.#key.items, this.#key.length);
    this.#objects.push(object);
    stampPart(object, maker, 2 * index + 2);
    return Object.freeze(object);
  }
}

/** The JSON text of a value; that of a part is made once. */
export function textOfValue(value: Json): string {
  return typeof value === "object" && value !== null ? textOfPart(value) : JSON.stringify(value);
}
