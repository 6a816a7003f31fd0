// The kinds of values of parameters: how a value is parsed from the command line, which values a file may
// contain, and how a value is printed. Each parameter names its kind, and all code that parses or checks
// values uses the kind.

import * as Schema from "effect/Schema";
import { above0, milliseconds, namesIn, nonZeroTime, ParseError, type Reader, wholeFrom } from "./readers.js";

/** How values are parsed from the command line. */
export interface Readable<T> {
  /**
   * Parses a word of the command line.
   *
   * @throws {ParseError} that says what would have been right.
   */
  read(text: string): T;
  /** All possible words, if there are few. */
  readonly choices?: readonly string[];
  /** Whether the option takes no value: given, it means `true`. */
  readonly isSwitch?: boolean;
  /** Whether the option may be repeated. */
  readonly repeats?: boolean;
  /** For an option that may be repeated: combines the earlier value with the new one. Default: a list of all values. */
  and?(before: T | undefined, now: T): T;
}

/** How a parameter is parsed, printed and checked. */
export interface Kind<T> extends Readable<T> {
  /** The values that a configuration may ask for. */
  readonly schema: Schema.Codec<T>;
  /** The values that Turncoat's own files may contain: at least those, since files of earlier versions are still read. */
  readonly stored: Schema.Codec<T>;
  /** The text that `read` parses to this value. */
  write(value: T): string;
}

function kind<T>(schema: Schema.Codec<T>, read: Reader<T>, more: Partial<Kind<T>> = {}): Kind<T> {
  return { read, schema, stored: schema, write: (value) => String(value), ...more };
}

const wholeAtLeast = (least: number) => Schema.Int.check(Schema.isGreaterThanOrEqualTo(least));

/** A whole number of at least `least`. */
export function whole(least: number): Kind<number> {
  return kind(wholeAtLeast(least), wholeFrom(least), { stored: wholeAtLeast(0) });
}

/** One of a few words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): Kind<Word> {
  const read = (text: string): Word => {
    const found = words.find((word) => word === text);
    if (found === undefined) throw new ParseError(`use one of ${words.join(", ")}.`);
    return found;
  };
  return kind<Word>(Schema.Literals(words), read, { choices: words });
}

/** `yes` or `no`. */
export const yesOrNo: Kind<boolean> = kind<boolean>(
  Schema.Boolean,
  (text) => {
    if (text !== "yes" && text !== "no") throw new ParseError("use yes or no.");
    return text === "yes";
  },
  { write: (value) => (value ? "yes" : "no") },
);

/** A switch. */
export const given: Kind<boolean> & { readonly isSwitch: true } = {
  ...kind<boolean>(Schema.Boolean, (text) => text === "true", { write: () => "" }),
  isSwitch: true,
};

/** Any text. */
export const text: Kind<string> = kind<string>(Schema.String, (word) => word);

/** Comma-separated names. */
export const names: Kind<readonly string[]> = kind<readonly string[]>(Schema.Array(Schema.String), namesIn, {
  write: (list) => list.join(),
});

/** Names, or `each`. */
export const namesOrEach: Kind<readonly string[] | "each"> = kind<readonly string[] | "each">(
  Schema.Union([Schema.Literal("each"), Schema.Array(Schema.String)]),
  (word) => (word === "each" ? "each" : namesIn(word)),
  { write: (list) => (list === "each" ? list : list.join()) },
);

/** A number above 0. */
export const positive: Kind<number> = kind<number>(Schema.Finite.check(Schema.isGreaterThan(0)), above0, {
  stored: Schema.Number,
});

/** Milliseconds, with or without a unit, to the microsecond. */
export const time: Kind<number> = kind<number>(
  Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0)),
  (word) => toMicrosecond(milliseconds(word)),
  { stored: Schema.Number },
);

/** The same, and not 0. */
export const timeAbove0: Kind<number> = { ...time, read: (word) => positiveTime(word) };

function positiveTime(word: string): number {
  const value = toMicrosecond(nonZeroTime(word));
  if (value === 0) throw new ParseError("use a time above 0.");
  return value;
}

function toMicrosecond(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
