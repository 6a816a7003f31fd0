// Generates schemas from tables of parameters: for configurations, and for Turncoat's own files.

import * as Schema from "effect/Schema";
import { type ParameterTable, type Place, standingIn, type ValueOf, withOption } from "./parameter.js";

type AskedSchemas<Table> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly option: string }
    ? Name
    : never]: Schema.optionalKey<Schema.Codec<ValueOf<Table[Name]>>>;
};

type StoredSchemas<Table, P extends Place> = {
  readonly [Name in keyof Table as Table[Name] extends { readonly place: P }
    ? Name
    : never]: Table[Name] extends { readonly always: true }
    ? Schema.Codec<ValueOf<Table[Name]>>
    : Schema.optionalKey<Schema.Codec<ValueOf<Table[Name]>>>;
};

/** The fields of a configuration; all optional. */
export function askedSchemas<const Table extends ParameterTable>(table: Table): AskedSchemas<Table> {
  const fields = withOption(table).map(([name, { kind }]) => [name, Schema.optionalKey(kind.schema)]);
  return Object.fromEntries(fields) as AskedSchemas<Table>;
}

/** The fields of one place of a setting, in a file. */
export function storedSchemas<const Table extends ParameterTable, const P extends Place>(
  table: Table,
  place: P,
): StoredSchemas<Table, P> {
  const fields = standingIn(table, place).map(([name, { kind, always }]) => [
    name,
    always ? kind.stored : Schema.optionalKey(kind.stored),
  ]);
  return Object.fromEntries(fields) as StoredSchemas<Table, P>;
}
