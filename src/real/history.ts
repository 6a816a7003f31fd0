// The history of an instance: its inputs, in order. An object cannot be copied, but it can be made again from
// its history.

import type { Json } from "../protocol/index.js";

/** One input, with the choices that were made in the step. */
export type Entry =
  | readonly ["start", restored: string | null, ...choices: number[]]
  | readonly ["message", from: string, text: string, ...choices: number[]]
  | readonly ["timer", name: string, ...choices: number[]]
  | readonly ["request", text: string, ...choices: number[]];

/**
 * A list that shares its beginning with others. As JSON it is an array of entries. (Its fields are private: who looks into a state has
 * nothing to look for in thousands of objects that hang together.)
 */
export class History {
  readonly #parent: History | null;
  readonly #entry: Entry;
  readonly #length: number;

  constructor(parent: History | null, entry: Entry) {
    this.#parent = parent;
    this.#entry = entry;
    this.#length = (parent?.length ?? 0) + 1;
    Object.freeze(entry);
    Object.freeze(this);
  }

  get parent(): History | null {
    return this.#parent;
  }

  get entry(): Entry {
    return this.#entry;
  }

  get length(): number {
    return this.#length;
  }

  entries(): Entry[] {
    const all: Entry[] = [];
    for (let at: History | null = this; at; at = at.parent) all.push(at.entry);
    return all.reverse();
  }

  toJSON(): Json {
    return this.entries();
  }

  /** Whether two histories consist of the same inputs. */
  equals(other: History): boolean {
    if (this.length !== other.length) return false;
    let [a, b]: [History | null, History | null] = [this, other];
    for (; a && b && a !== b; a = a.parent, b = b.parent)
      if (a.entry.join("\n") !== b.entry.join("\n")) return false;
    return true;
  }
}

const adopted = new WeakMap<object, History>();

/** The history that stands in a state: it may have come from another thread, or from a file. */
export function historyOf(value: unknown): History {
  if (value instanceof History) return value;
  const known = adopted.get(value as object);
  if (known) return known;
  const history = (value as readonly Entry[]).reduce<History | null>(
    (parent, entry) => new History(parent, entry),
    null,
  )!;
  adopted.set(value as object, history);
  return history;
}
