// How parameters stand in captions: `n=4, f=1, 2 requests, 1 slot`.

import type { ParameterTable } from "./parameter.js";
import { type Words, wordsOf } from "./vocabulary.js";

/** What the table says of the values that are there, in its order; nothing of those that are neutral. */
export function captions(
  table: ParameterTable,
  values: { readonly [name: string]: unknown },
  words: Words = wordsOf(),
): string[] {
  const said = Object.entries(table).flatMap(([name, parameter]) => {
    const value = values[name];
    if (value === undefined || value === parameter.neutral || !parameter.caption) return [];
    const text = parameter.caption(value, words);
    return text === "" ? [] : [{ last: parameter.endsCaption === true, text }];
  });
  return [...said.filter(({ last }) => !last), ...said.filter(({ last }) => last)].map(({ text }) => text);
}

/**
 * The fields of a run's JSON that the table says, or those of its bounds: nothing of what is not there, or
 * neutral. Of those that every run has, or of the others only, if `always` says so.
 */
export function jsonFields(
  table: ParameterTable,
  where: "run" | "bounds",
  values: { readonly [name: string]: unknown },
  always?: boolean,
): { readonly [name: string]: unknown } {
  const there = Object.entries(table).filter(
    ([name, { json, neutral, always: has }]) =>
      json === where && (always ?? has) === has && values[name] !== undefined && values[name] !== neutral,
  );
  return Object.fromEntries(there.map(([name]) => [name, values[name]]));
}
