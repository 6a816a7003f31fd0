// The vocabulary of a protocol: what it calls its views and its slots, if it has any. Everything that people read or type follows it;
// files and the library keep the names `views` and `slots`.

import { ParseError } from "./readers.js";

/** What views can be called, with the word for one of them. */
export const viewWords = {
  views: "view",
  epochs: "epoch",
  rounds: "round",
  terms: "term",
  ballots: "ballot",
  iterations: "iteration",
  phases: "phase",
} as const;

/** What slots can be called, with the word for one of them. */
export const slotWords = {
  slots: "slot",
  heights: "height",
  indexes: "index",
  instances: "instance",
  blocks: "block",
} as const;

/** The parameters that protocols have words of their own for. */
export const ownWords = { views: viewWords, slots: slotWords } as const;

/**
 * What a protocol calls its views and slots; null: it has none, so nobody is asked for any, and nothing says any. Default: `views` and
 * `slots`.
 *
 * ```ts
 * const streamlet: Vocabulary = { views: "epochs", slots: "heights" };
 * const register: Vocabulary = { views: null, slots: null };
 * ```
 */
export interface Vocabulary {
  readonly views?: keyof typeof viewWords | null;
  readonly slots?: keyof typeof slotWords | null;
}

/** A word for several, and for one. */
export interface Noun {
  readonly many: string;
  readonly one: string;
}

/** The words of a protocol; null where it has no such thing. */
export interface Words {
  readonly views: Noun | null;
  readonly slots: Noun | null;
}

/**
 * The words that a vocabulary means.
 *
 * ```ts
 * wordsOf({ views: "epochs" }).views?.one // => "epoch"
 * ```
 * @throws {ParseError} for a word that is none of those that views or slots can be called.
 */
export function wordsOf(vocabulary: Vocabulary = {}): Words {
  return { views: noun("views", vocabulary.views), slots: noun("slots", vocabulary.slots) };
}

function noun(what: keyof typeof ownWords, word: string | null = what): Noun | null {
  if (word === null) return null;
  const known: { readonly [many: string]: string } = ownWords[what];
  const one = Object.hasOwn(known, word) ? known[word] : undefined;
  if (one !== undefined) return { many: word, one };
  throw new ParseError(
    `vocabulary.${what} is ${JSON.stringify(word)}: use one of ${Object.keys(known).join(", ")}, or null where there are none.`,
  );
}

/** Words that stand for the parameter `views` or `slots` on a command line, besides these names: `--epochs 2`. */
export const aliases: readonly { readonly word: string; readonly parameter: keyof typeof ownWords }[] = (
  ["views", "slots"] as const
).flatMap((parameter) =>
  Object.keys(ownWords[parameter])
    .filter((word) => word !== parameter)
    .map((word) => ({ word, parameter })),
);

/**
 * ` at slot 1`, or nothing where there are no slots.
 *
 * ```ts
 * atSlot({ slots: "heights" }, 2) // => " at height 2"
 * atSlot({ slots: null }, 2) // => ""
 * ```
 */
export function atSlot(vocabulary: Vocabulary | undefined, slot: number | string): string {
  const { slots } = wordsOf(vocabulary);
  return slots === null ? "" : ` at ${slots.one} ${slot}`;
}

/** `views 0-2`, in the protocol's word; nothing where it has none. */
export function viewRange(noun: Noun | null, last: number, between = "-"): string {
  return noun === null ? "" : `${noun.many} 0${between}${last}`;
}
