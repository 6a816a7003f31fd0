// Schemas made of tables of parameters: of what a configuration may ask for, and of what files hold.

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

/** For a struct of what can be asked for: every field may be left out. */
export function askedSchemas<const Table extends ParameterTable>(table: Table): AskedSchemas<Table> {
  const fields = withOption(table).map(([name, { kind }]) => [name, Schema.optionalKey(kind.schema)]);
  return Object.fromEntries(fields) as AskedSchemas<Table>;
}

/** For the struct of one place in a setting, as files hold it. */
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
