// Renames nodes and requests inside any JSON value. Names are renamed wherever they occur, also inside
// longer strings ("c0:1:A"). So nothing has to be marked; and since a renaming is one bijection on all
// values, different values stay different. Whether it is a symmetry of the protocol is not assumed:
// symmetry.ts checks that.

import type { Json } from "../../protocol/index.js";

/** A bijection on words, hence on values. */
export class Renaming {
  readonly #words: ReadonlyMap<string, string>;

  /** Words that are not in the map stay. */
  constructor(words: ReadonlyMap<string, string>) {
    if (new Set(words.values()).size !== words.size || [...words.values()].some((word) => !words.has(word)))
      throw new TypeError("a renaming must be a bijection");
    this.#words = words;
  }

  /** The value with every word replaced. */
  apply<T extends Json>(value: T): T {
    return this.#apply(value) as T;
  }

  #apply(value: Json): Json {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => this.#apply(item));
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.#text(key), this.#apply(item as Json)]),
    );
  }

  #text(text: string): string {
    const word = (one: string) => this.#words.get(one) ?? one;
    return /\W/.test(text) ? text.replace(/\w+/g, word) : word(text); // most texts are one word
  }
}

/**
 * Which words make one value out of another, or null if they differ otherwise than in words.
 *
 * ```ts
 * wordsBetween({ from: "c0", say: "A" }, { from: "c1", say: "B" }) // => Map { "from" => "from", "c0" => "c1", ... }
 * ```
 */
export function wordsBetween(from: Json, to: Json): ReadonlyMap<string, string> | null {
  const [left, right] = [JSON.stringify(from), JSON.stringify(to)];
  const skeleton = (text: string) => text.replace(/\w+/g, "_");
  if (skeleton(left) !== skeleton(right)) return null;
  const [before, after] = [left.match(/\w+/g) ?? [], right.match(/\w+/g) ?? []];
  const words = new Map<string, string>();
  for (const [index, word] of before.entries()) {
    if ((words.get(word) ?? after[index]) !== after[index]) return null;
    words.set(word, after[index]!);
  }
  return words;
}
