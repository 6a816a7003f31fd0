// Interning: equal values get the same small integer, so that the search compares and stores integers only.

import type { Json } from "../protocol/index.js";
import { type Canonicalizer, Misfit } from "./canonical.js";

/** Numbers equal strings alike, from 0 on. */
export class Numbering {
  readonly #ids = new Map<string, number>();
  get size(): number {
    return this.#ids.size;
  }
  /** The id of `key`, and whether it is new. */
  id(key: string): { id: number; isNew: boolean } {
    const known = this.#ids.get(key);
    if (known !== undefined) return { id: known, isNew: false };
    const id = this.#ids.size;
    this.#ids.set(key, id);
    return { id, isNew: true };
  }
}

/**
 * Interns JSON-like values up to canonical form, and freezes what it keeps, so that a protocol which mutates its
 * input is caught in the act. The text of a value as it comes is looked up first; only a text never seen before is
 * brought into canonical form.
 */
export class Interner<T> {
  readonly values: T[] = [];
  readonly #byText = new Map<string, number>();
  readonly #canonical: Canonicalizer;

  constructor(canonical: Canonicalizer) {
    this.#canonical = canonical;
  }

  /** The id of `value`, or why it does not fit its schema. */
  intern(value: T): number | Misfit {
    // The text of a Map is "{}" and that of NaN "null": what is not plain JSON must not be looked up by its text.
    if (!isPlainJson(value)) return this.#byCanonicalForm(value, null);
    const text = JSON.stringify(value);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    return this.#byCanonicalForm(value, text);
  }

  #byCanonicalForm(value: T, text: string | null): number | Misfit {
    const canonical = this.#canonical(value);
    if (canonical instanceof Misfit) return canonical;
    const canonicalText = JSON.stringify(canonical);
    let id = this.#byText.get(canonicalText);
    if (id === undefined) {
      id = this.values.length;
      deepFreeze(canonical, (part) => interned.add(part));
      this.values.push(canonical as T);
      this.#byText.set(canonicalText, id);
    }
    if (text !== null && canonicalText !== text) this.#byText.set(text, id);
    return id;
  }
}

/** Objects that were interned: canonical, hence plain all the way down. New states mostly consist of these. */
const interned = new WeakSet<object>();

/** Whether a value is what its JSON text says: no Map, no class instance, no undefined, no NaN. */
export function isPlainJson(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value);
    case "object":
      if (value === null || interned.has(value)) return true;
      if (Array.isArray(value)) return value.every(isPlainJson);
      return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlainJson);
    default:
      return false;
  }
}

/** Freezes a JSON value all the way down, and returns it. `visit` is called for every object that was not frozen yet. */
export function deepFreeze<T extends Json>(value: T, visit?: (part: object) => void): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    visit?.(value);
    for (const item of Object.values(value)) deepFreeze(item as Json, visit);
  }
  return value;
}
