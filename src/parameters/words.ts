// Numbers as text: with the noun that they count (`1 slot`, `2 slots`), and in groups of digits (`4,409,109`).

import type { Noun } from "./vocabulary.js";

/**
 * As in `1 slot` and `2 slots`. A word whose plural is not its singular with an s comes as both. `write`: how the number is written.
 *
 * ```ts
 * counted(1676, "state", grouped) // => "1,676 states"
 * ```
 */
export function counted(
  number: number,
  what: string | Noun,
  write: (number: number) => string = String,
): string {
  const { one, many } = typeof what === "string" ? { one: what, many: `${what}s` } : what;
  return `${write(number)} ${number === 1 ? one : many}`;
}

/**
 * ```ts
 * grouped(4409109) // => "4,409,109"
 * ```
 */
export function grouped(value: number): string {
  const whole = Math.round(value);
  // Locales take 15 ms to load, which is a quarter of a Node that does nothing.
  return Number.isSafeInteger(whole)
    ? String(whole).replaceAll(/\B(?=(\d{3})+$)/g, ",")
    : whole.toLocaleString("en-US");
}
