// Captions of settings: `n=4, f=1, 2 requests, 1 slot`.

import type { ParameterTable } from "./parameter.js";
import { type Words, wordsOf } from "./vocabulary.js";

/** The captions of the values, in the order of the table. Neutral values have none. */
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
 * The fields of a run's JSON, or of its bounds, from a table. Missing and neutral values are left out.
 * `always` restricts them to parameters that every run has (true), or to the others (false).
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
