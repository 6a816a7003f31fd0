// Interning: equal values get the same small integer, so that the search compares and stores integers only.

import type * as Schema from "effect/Schema";
import type { Json } from "../protocol/index.js";
import { type Canonicalizer, canonicalizer, fieldsBeside, SchemaMismatch } from "./canonical.js";
import { checkNumber } from "./check-number.js";
import type { SharedNumbering } from "./dictionary.js";
import { Parts } from "./parts.js";

/** Numbers equal strings alike, from 0 on. */
export class Numbering implements SharedNumbering {
  readonly #ids = new Map<string, number>();
  readonly #construct: (key: string) => void;
  #append: Parameters<SharedNumbering["share"]>[0] | null = null;
  /** How many of the entries stand in the dictionary. */
  #shared = 0;

  /**
   * `construct` makes what a key stands for, if another thread has numbered it; otherwise that is up to who
   * asks.
   */
  constructor(construct: (key: string) => void = () => {}) {
    this.#construct = construct;
  }

  get size(): number {
    return this.#ids.size;
  }

  /** The id of `key`, if it has one. */
  find(key: string): number | undefined {
    return this.#ids.get(key);
  }

  /** The id of `key`, and whether it is new. */
  id(key: string): { id: number; isNew: boolean } {
    const known = this.#ids.get(key);
    if (known !== undefined) return { id: known, isNew: false };
    if (this.#append && !this.#append(key, () => this.#ids.has(key)))
      return { id: this.#ids.get(key)!, isNew: false };
    const id = this.#ids.size;
    this.#ids.set(key, id);
    if (this.#append) this.#shared++;
    return { id, isNew: true };
  }

  texts(): Iterable<string> {
    return this.#ids.keys();
  }

  deserialize(key: string): void {
    const known = this.#ids.get(key);
    checkNumber(this.#shared, known ?? this.#ids.size, key);
    this.#shared++;
    if (known !== undefined) return;
    this.#ids.set(key, this.#ids.size);
    this.#construct(key);
  }

  share(append: (text: string, isKnown: () => boolean) => boolean): void {
    if (this.#shared === 0) this.#shared = this.#ids.size; // the dictionary begins with what stands here
    checkNumber(this.#shared, this.#ids.size, "what comes next");
    this.#append = append;
  }
}

/**
 * Interns JSON-like values up to canonical form. What it keeps is frozen, so that a protocol which mutates its
 * input is caught in the act.
 */
export class Interner<T> implements SharedNumbering {
  readonly values: T[] = [];
  readonly #parts = new Parts();
  readonly #canonical: Canonicalizer;
  readonly #beside: readonly string[];
  /** By the number of a value among the parts: its id, + 1. */
  #ids = new Int32Array(64);
  #append: Parameters<SharedNumbering["share"]>[0] | null = null;
  /** How many of the values stand in the dictionary. */
  #shared = 0;

  constructor(schema: Schema.Top) {
    this.#canonical = canonicalizer(schema, this.#parts);
    this.#beside = fieldsBeside(schema);
  }

  /** A value without what stands beside it (see `Mark`): equal for equal values. */
  identity(value: T): T {
    if (this.#beside.length === 0) return value;
    if (typeof value !== "object" || value === null) return value;
    const identity = { ...value } as Record<string, unknown>;
    for (const field of this.#beside) delete identity[field];
    return identity as T;
  }

  /** The id of `value`, or why it does not fit its schema. */
  intern(value: T): number | SchemaMismatch {
    const canonical = this.#canonical(value);
    if (canonical instanceof SchemaMismatch) return canonical;
    const number = this.#parts.numberOf(canonical);
    const known = this.#idOf(number);
    if (known >= 0) return known;
    const isKnown = () => this.#idOf(number) >= 0;
    // What stands beside a value goes with it to other threads.
    if (this.#append?.(JSON.stringify(canonical), isKnown) ?? true) {
      this.#keep(canonical as T, number);
      if (this.#append) this.#shared++;
    }
    return this.#idOf(number);
  }

  #idOf(number: number): number {
    return (this.#ids[number] ?? 0) - 1;
  }

  #keep(value: T, number: number): void {
    if (number >= this.#ids.length) {
      const more = new Int32Array(Math.max(number + 1, 2 * this.#ids.length));
      more.set(this.#ids);
      this.#ids = more;
    }
    this.#ids[number] = this.values.push(value);
  }

  texts(): Iterable<string> {
    return this.values.map((value) => JSON.stringify(value));
  }

  deserialize(text: string): void {
    const value = this.#canonical(JSON.parse(text)) as Json;
    const number = this.#parts.numberOf(value);
    const known = this.#idOf(number);
    checkNumber(this.#shared, known < 0 ? this.values.length : known, text);
    this.#shared++;
    if (known < 0) this.#keep(value as T, number);
  }

  share(append: (text: string, isKnown: () => boolean) => boolean): void {
    if (this.#shared === 0) this.#shared = this.values.length; // see Numbering
    checkNumber(this.#shared, this.values.length, "what comes next");
    this.#append = append;
  }
}
