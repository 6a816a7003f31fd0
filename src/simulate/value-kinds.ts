// The kinds of values of a simulation's parameters: how words are read, and which values a program may give.

import * as Schema from "effect/Schema";
import type { Readable } from "../parameters/kinds.js";
import {
  above0,
  milliseconds,
  nonZeroTime,
  orNone,
  probability,
  type Reader,
  wholeFrom,
} from "../parameters/readers.js";

/** How values are read from words, and the values that a program may give. */
export interface Checked<T> extends Readable<T> {
  readonly schema: Schema.Codec<T>;
}

/** The kind with this reader and these values. */
export function checked<T>(read: Reader<T>, schema: Schema.Codec<T>): Checked<T> {
  return { read, schema };
}

/** A number of at least 0. */
export const amount: Schema.Codec<number> = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0));

const above = Schema.Finite.check(Schema.isGreaterThan(0));

export function whole(least: number): Checked<number> {
  return checked(wholeFrom(least), Schema.Int.check(Schema.isGreaterThanOrEqualTo(least)));
}

export const name: Checked<string> = checked((text) => text, Schema.String);
export const positive: Checked<number> = checked(above0, above);
/** In milliseconds. */
export const time: Checked<number> = checked(milliseconds, amount);
export const timeAbove0: Checked<number> = checked(nonZeroTime, above);
/** A probability. */
export const share: Checked<number> = checked(probability, amount.check(Schema.isLessThanOrEqualTo(1)));

/** The same, or null, which is the word `none`. */
export function orNull<T>({ read, schema }: Checked<T>): Checked<T | null> {
  return checked<T | null>(orNone(read), Schema.NullOr(schema));
}

/** The same, or null if nobody has said: there is no word for it. */
export function orUnsaid<T>({ read, schema }: Checked<T>): Checked<T | null> {
  return checked<T | null>(read, Schema.NullOr(schema));
}
