// Interning: equal values get the same small integer, so that the search compares and stores integers only.

import type { Json } from "../protocol/index.js";
import { type Canonicalizer, SchemaMismatch } from "./canonical.js";
import type { SharedNumbering } from "./dictionary.js";
import { hasInternedStamp, stampInterned } from "./stamps.js";

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

/** Two threads must not number anything differently. */
function checkNumber(expected: number, found: number, what: string): void {
  if (found !== expected)
    throw new Error(`threads disagree: ${what} has the number ${found} in one and ${expected} in others`);
}

/**
 * Interns JSON-like values up to canonical form, and freezes what it keeps, so that a protocol which
 * mutates its input is caught in the act. The text of a value as it comes is looked up first; only a text
 * never seen before is brought into canonical form.
 */
export class Interner<T> implements SharedNumbering {
  readonly values: T[] = [];
  readonly #byText = new Map<string, number>();
  readonly #canonical: Canonicalizer;
  readonly #beside: readonly string[];
  #append: Parameters<SharedNumbering["share"]>[0] | null = null;
  /** How many of the values stand in the dictionary. */
  #shared = 0;

  /** `beside`: the fields of values that make no difference (see `Mark`). */
  constructor(canonical: Canonicalizer, beside: readonly string[] = []) {
    this.#canonical = canonical;
    this.#beside = beside;
  }

  /** A value without what stands beside it: equal for equal values. */
  identity(value: T): T {
    if (this.#beside.length === 0) return value;
    if (typeof value !== "object" || value === null) return value;
    const identity = { ...value } as Record<string, unknown>;
    for (const field of this.#beside) delete identity[field];
    return identity as T;
  }

  /** The id of `value`, or why it does not fit its schema. */
  intern(value: T): number | SchemaMismatch {
    // The text of a Map is "{}" and that of NaN "null": what is not plain JSON must not be looked up by its
    // text.
    const identity = this.identity(value);
    if (!isPlainJson(identity)) return this.#byCanonicalForm(value, null);
    const text = JSON.stringify(identity);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    return this.#byCanonicalForm(value, text);
  }

  #byCanonicalForm(value: T, text: string | null): number | SchemaMismatch {
    const canonical = this.#canonical(value);
    if (canonical instanceof SchemaMismatch) return canonical;
    const canonicalText = JSON.stringify(this.identity(canonical as T));
    const isKnown = () => this.#byText.has(canonicalText);
    // What stands beside a value goes with it to other threads.
    const whole = () => (this.#beside.length === 0 ? canonicalText : JSON.stringify(canonical));
    if (!isKnown() && (this.#append?.(whole(), isKnown) ?? true)) {
      this.#keep(canonical as T, canonicalText);
      if (this.#append) this.#shared++;
    }
    const id = this.#byText.get(canonicalText)!;
    if (text !== null && canonicalText !== text) this.#byText.set(text, id);
    return id;
  }

  #keep(value: T, text: string): void {
    interning(value as Json);
    this.#byText.set(text, this.values.push(value) - 1);
  }

  texts(): Iterable<string> {
    return this.values.map((value) => JSON.stringify(value));
  }

  deserialize(whole: string): void {
    const hasBeside = this.#beside.length > 0;
    const value = hasBeside ? (JSON.parse(whole) as T) : null;
    const text = hasBeside ? JSON.stringify(this.identity(value as T)) : whole;
    const known = this.#byText.get(text);
    checkNumber(this.#shared, known ?? this.values.length, text);
    this.#shared++;
    if (known === undefined) this.#keep(hasBeside ? (value as T) : (JSON.parse(whole) as T), text);
  }

  share(append: (text: string, isKnown: () => boolean) => boolean): void {
    if (this.#shared === 0) this.#shared = this.values.length; // see Numbering
    checkNumber(this.#shared, this.values.length, "what comes next");
    this.#append = append;
  }
}

/** Freezes a value that is canonical, and marks it and its parts as interned. */
export function interning<T extends Json>(canonical: T): T {
  return deepFreeze(canonical, stampInterned);
}

/**
 * Whether an object was interned: then it is canonical, hence plain all the way down. New states mostly
 * consist of such objects.
 */
export function isInterned(value: object): boolean {
  return hasInternedStamp(value);
}

/** Whether a value is what its JSON text says: no Map, no class instance, no undefined, no NaN. */
export function isPlainJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null || hasInternedStamp(value)) return true;
      if (Array.isArray(value)) return value.every(isPlainJson);
      return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
    default:
      return false;
  }
}

/**
 * Freezes a JSON value all the way down, and returns it. `visit` is called for every object that was not
 * frozen yet.
 */
export function deepFreeze<T extends Json>(value: T, visit?: (part: object) => void): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    visit?.(value);
    Object.freeze(value);
    for (const item of Object.values(value)) deepFreeze(item as Json, visit);
  }
  return value;
}
