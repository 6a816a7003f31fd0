// Parsers of option values: numbers, probabilities, times, lists of names.

/** @throws {ParseError} */
export type Reader<T> = (text: string) => T;

/** A value that could not be read; the message says what would have been right. */
export class ParseError extends Error {}

export function wholeFrom(least: number): Reader<number> {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new ParseError(`use a whole number of at least ${least}.`);
    return value;
  };
}

/** Comma-separated names. */
export function namesIn(text: string): readonly string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new ParseError("use names separated by commas.");
  return items;
}

export function orNone<T>(reader: Reader<T>): Reader<T | null> {
  return (text) => (text === "none" ? null : reader(text));
}

export function decimal(text: string): number {
  const value = decimalIn(text);
  if (value === null) throw new ParseError("use a number of at least 0.");
  return value;
}

function decimalIn(text: string): number | null {
  const value = Number(text);
  return /^(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(value) ? value : null;
}

export function above0(text: string): number {
  const value = decimalIn(text);
  if (value === null || value <= 0) throw new ParseError("use a number above 0.");
  return value;
}

export function probability(text: string): number {
  const value = decimal(text);
  if (value > 1) throw new ParseError("use a probability between 0 and 1.");
  return value;
}

/**
 * A time in milliseconds, or with a unit.
 *
 * ```ts
 * milliseconds("2s") // => 2000
 * milliseconds("250") // => 250
 * ```
 */
export function milliseconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|m|h)?$/.exec(text);
  if (!match)
    throw new ParseError("use a time such as 10, 10ms, 2s or 500us (without a unit: milliseconds).");
  const factor = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }[match[2] ?? "ms"]!;
  return Number(match[1]) * factor;
}

export function nonZeroTime(text: string): number {
  const value = milliseconds(text);
  if (value <= 0) throw new ParseError("use a time above 0.");
  return value;
}

/**
 * A time in seconds, or with a unit.
 *
 * ```ts
 * secondsAbove0("1.5") // => 1.5
 * secondsAbove0("5m") // => 300
 * ```
 */
export function secondsAbove0(text: string): number {
  const hasUnit = /\d(us|ms|s|m|h)$/.test(text);
  const value = hasUnit ? milliseconds(text) / 1000 : decimalIn(text);
  if (value === null || value <= 0)
    throw new ParseError("use a time above 0: a number of seconds, or such as 30s, 5m or 2h.");
  return value;
}
