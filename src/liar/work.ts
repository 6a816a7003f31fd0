// The alphabets of a protocol that are worked out, or are being worked out: each once for all that ask, in pieces, and passed on to the
// threads of a run.

import { grouped } from "../parameters/words.js";
import type { Json, NodeId, Protocol } from "../protocol/index.js";
import { calls } from "../watch/calls.js";
import type { Alphabet, Rehearsed } from "./alphabet.js";
import type { FoundLie } from "./lies.js";
import type { Situation } from "./vocabulary.js";

/** An alphabet that was worked out, as plain data. */
export interface SavedAlphabet {
  /** The situation, as JSON. */
  readonly key: string;
  readonly lies: readonly FoundLie[];
  readonly stands: number;
  readonly drafts: number;
  readonly leftOut: number;
  readonly limits: readonly string[];
}

/** By protocol and situation. */
const known = new WeakMap<Protocol<Json, Json>, Map<string, Work>>();

/** The work on the alphabet of a protocol in a situation, which `begin` begins if nobody has. */
export function workOn(
  protocol: Protocol<Json, Json>,
  { byzantine, config, views, beyond }: Situation,
  begin: () => Generator<Rehearsed, Alphabet>,
): Work {
  const key = JSON.stringify([byzantine, config, views, beyond]);
  const works = worksOf(protocol);
  const work = works.get(key) ?? new Work(byzantine, begin);
  works.set(key, work);
  work.begin ??= begin;
  return work;
}

/** The alphabets of a protocol that are ready. */
export function savedAlphabets(protocol: Protocol<Json, Json>): readonly SavedAlphabet[] {
  return [...worksOf(protocol)].flatMap(([key, { alphabet }]) => {
    if (alphabet === null) return [];
    const { lies, stands, drafts, leftOut, limits } = alphabet;
    return [{ key, lies, stands, drafts, leftOut, limits }];
  });
}

/** Takes over alphabets of the same protocol from another thread. */
export function takeAlphabets(protocol: Protocol<Json, Json>, saved: readonly SavedAlphabet[]): void {
  for (const one of saved) worksOf(protocol).set(one.key, new Work(JSON.parse(one.key)[0], null, one));
}

function worksOf(protocol: Protocol<Json, Json>): Map<string, Work> {
  const works = known.get(protocol) ?? new Map<string, Work>();
  known.set(protocol, works);
  return works;
}

/** The work on one alphabet. */
export class Work {
  begin: (() => Generator<Rehearsed, Alphabet>) | null;
  readonly #byzantine: readonly NodeId[];
  #steps: Generator<Rehearsed, Alphabet> | null = null;
  #at: Rehearsed | null = null;
  alphabet: Alphabet | null;

  constructor(
    byzantine: readonly NodeId[],
    begin: (() => Generator<Rehearsed, Alphabet>) | null,
    saved: SavedAlphabet | null = null,
  ) {
    this.#byzantine = byzantine;
    this.begin = begin;
    this.alphabet = saved && this.#restored(saved);
  }

  /** Does it all. */
  finish(): Alphabet {
    while (this.alphabet === null) this.#advance();
    return this.alphabet;
  }

  /** Does it in pieces; after each it says what it is at. */
  *pieces(): Generator<() => string, void> {
    while (this.alphabet === null) {
      this.#advance();
      yield this.#words;
    }
  }

  /** Whether there is anything for a node to say; it works until that is known. */
  findsLieOf(node: NodeId): boolean {
    while (this.alphabet === null && !this.#at?.hasLieOf(node)) this.#advance();
    return (
      this.alphabet === null || this.alphabet.isCut || this.alphabet.lies.some(({ self }) => self === node)
    );
  }

  /** A piece of work. It calls the user's functions, so whoever watches this thread is told. */
  #advance(): void {
    const before = calls(
      () =>
        `What works out everything that arbitrary can say, as ${this.#byzantine.join(", ")}, once for all runs,`,
    );
    try {
      this.#steps ??= this.begin!();
      const step = this.#steps.next();
      if (!step.done) this.#at = step.value;
      else {
        this.alphabet = step.value;
        this.#steps = null;
      }
    } catch (error) {
      this.#steps = null; // a generator that has thrown would only say that it is done
      throw error;
    } finally {
      calls(before);
    }
  }

  readonly #words = (): string =>
    `arbitrary works out what it can say as ${this.#byzantine.join(", ")}: ` +
    `${grouped(this.#at?.count ?? 0)} messages so far, in ${grouped(this.#at?.stands ?? 0)} states of correct nodes`;

  #restored({ lies, stands, drafts, leftOut, limits }: SavedAlphabet): Alphabet {
    // What only explanations ask for is not passed on: it is worked out again.
    let whole: Alphabet | null = null;
    const made = () => {
      if (whole === null) {
        this.alphabet = null;
        whole = this.finish();
      }
      return whole;
    };
    return {
      ...{ lies, stands, drafts, leftOut, limits, isCut: limits.length > 0 },
      of: (self, to) => lies.flatMap((lie) => (lie.self === self && lie.role === to ? [lie.message] : [])),
      everything: (self, limit) => made().everything(self, limit),
      missing: (others, said, looking) => made().missing(others, said, looking),
    };
  }
}
