// Converts options to the values they ask for, and the values of a setting back to options.

import {
  type Asked,
  type Fields,
  flag,
  type Options,
  type ParameterTable,
  type Place,
  withOption,
} from "./parameter.js";
import type { Noun } from "./vocabulary.js";

/** Values by name. */
export interface Values {
  readonly [name: string]: unknown;
}

/** The values of the given options, by the names of the library. */
export function valuesOf<const Table extends ParameterTable>(
  table: Table,
  options: Options<Table>,
): Asked<Table> {
  const given: Values = { ...options };
  const values = withOption(table).flatMap(([name, , option]) =>
    given[option] === undefined ? [] : [[name, given[option]]],
  );
  return Object.fromEntries(values) as Asked<Table>;
}

/** The values that belong into a setting. Neutral values are left out. */
export function standing<const Table extends ParameterTable, const P extends Place>(
  table: Table,
  place: P,
  values: Asked<Table>,
): Partial<Fields<Table, P>> {
  const asked: Values = { ...values };
  const there = Object.entries<ParameterTable[string]>(table).filter(
    ([name, parameter]) =>
      parameter.place === place && asked[name] !== undefined && asked[name] !== parameter.neutral,
  );
  return Object.fromEntries(there.map(([name]) => [name, asked[name]])) as Partial<Fields<Table, P>>;
}

/** The options that were given, as flags: `--views`. */
export function givenOptions(table: ParameterTable, options: Values): string[] {
  return withOption(table).flatMap(([, , option]) => (options[option] === undefined ? [] : [flag(option)]));
}

/** The command line options that ask for these values, in the protocol's words. */
export function writtenOptions(
  table: ParameterTable,
  values: Values,
  words: { readonly [option: string]: Noun | null } = {},
): string[] {
  return withOption(table).flatMap(([field, parameter, option]) => {
    const value = values[field];
    const word = words[option];
    if (value === undefined || value === parameter.neutral || word === null) return [];
    const [name, written] = [flag(word?.many ?? option), parameter.kind.write(value)];
    return [written === "" ? name : `${name} ${shellWord(written)}`];
  });
}

/** A word as a shell takes it for one. */
export function shellWord(text: string): string {
  return /^[\w./@:+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
