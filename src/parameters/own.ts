// A protocol's own parameters: its author declares them in a table like those of every protocol, and `--set`
// sets them.

import * as Result from "effect/Result";
import * as Schema from "effect/Schema";
import type { Kind } from "./kinds.js";
import { always, type ParameterTable } from "./parameter.js";
import { ParseError, wholeFrom } from "./readers.js";

/**
 * A value of such a parameter. A text must be one word without comma or equals sign, since it appears on
 * command lines.
 */
export type OwnValue = number | boolean | string;

/** Values by name. */
export interface OwnValues {
  readonly [name: string]: OwnValue;
}

/**
 * The declaration of a parameter: its default, or more. Without a schema, a parameter whose default is a
 * whole number takes whole numbers from 0 on, and any other parameter takes values of its default's type.
 */
export type ParameterDefinition =
  | OwnValue
  | {
      /** The values that may be set. */
      readonly schema?: Schema.Constraint;
      readonly default: OwnValue;
      /** A description in a few words. */
      readonly help?: string;
    };

/** Declared parameters by name. */
export interface OwnParameters {
  readonly [name: string]: ParameterDefinition;
}

const tables = new WeakMap<OwnParameters, ParameterTable>();

/** The table of the declared parameters. @throws {ParseError} for a name or a default that could not be set. */
export function ownTable(own: OwnParameters): ParameterTable {
  const known = tables.get(own);
  if (known) return known;
  const table = Object.fromEntries(
    Object.entries(own).map(([name, said]) => [name, ownParameter(name, said)]),
  );
  tables.set(own, table);
  return table;
}

/** The defaults, by name. */
export function ownDefaults(own: OwnParameters): OwnValues {
  return Object.fromEntries(
    Object.entries(own).map(([name, said]) => [name, typeof said === "object" ? said.default : said]),
  );
}

function ownParameter(name: string, said: ParameterDefinition) {
  if (!/^[A-Za-z_][\w-]*$/.test(name))
    throw new ParseError(`a parameter cannot be called "${name}": use letters, digits, _ and -.`);
  const { schema, default: byDefault, help = "" } = typeof said === "object" ? said : { default: said };
  const kind = kindOf(byDefault, schema);
  const refused = problemOf(kind, byDefault);
  if (refused !== null)
    throw new ParseError(`the default of the parameter ${name} cannot be set: ${refused}`);
  return always(kind, "set", {
    option: null,
    value: "",
    help,
    byDefault: kind.write(byDefault),
    caption: (value) => `${name}=${kind.write(value)}`,
  });
}

function kindOf(byDefault: OwnValue, declared: Schema.Constraint | undefined): Kind<OwnValue> {
  const schema = (declared ?? usual(byDefault)) as Schema.Codec<OwnValue>;
  const isText = typeof byDefault === "string";
  const read = (text: string) => {
    const word = isText ? text : wordOf(text);
    const problem = problemOf(kind, word);
    if (problem !== null) throw new ParseError(problem);
    return word;
  };
  const kind: Kind<OwnValue> = { read, schema, stored: schema, write: String };
  return kind;
}

function usual(byDefault: OwnValue) {
  if (typeof byDefault === "boolean") return Schema.Boolean;
  if (typeof byDefault === "string") return Schema.String;
  return Number.isSafeInteger(byDefault) && byDefault >= 0
    ? Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))
    : Schema.Finite;
}

/** Parses a word of the command line as something other than a text. */
function wordOf(text: string): OwnValue {
  if (/^(true|yes)$/.test(text)) return true;
  if (/^(false|no)$/.test(text)) return false;
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function problemOf(kind: Kind<OwnValue>, value: unknown): string | null {
  if (typeof value === "string" && !/^[^\s,=]+$/.test(value))
    return "a text is one word here, without spaces, commas and equals signs.";
  const decoded = Schema.decodeUnknownResult(kind.schema)(value);
  return Result.isFailure(decoded) ? `${decoded.failure.message.split("\n")[0]!}.` : null;
}

/**
 * Checks a value: it has the right type, or is the text of such a value.
 *
 * @throws {ParseError} that says what would have been right.
 */
export function ownValue(table: ParameterTable, name: string, asked: unknown): OwnValue {
  const kind = table[name]!.kind as Kind<OwnValue>;
  if (typeof asked === "string") return kind.read(asked);
  const problem = problemOf(kind, asked);
  if (problem !== null) throw new ParseError(problem);
  return asked as OwnValue;
}

/**
 * All values of a list or range: `1..3` and `1,2,5` for numbers, `a,b` for texts. Each value gives a run of
 * its own.
 */
export function ownSweep(table: ParameterTable, name: string, asked: unknown): readonly OwnValue[] {
  if (typeof asked !== "string") return [ownValue(table, name, asked)];
  return asked.split(",").flatMap((part) => {
    const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(part) ?? [];
    if (first === undefined || last === undefined) return [ownValue(table, name, part)];
    const [from, to] = [wholeFrom(0)(first), wholeFrom(0)(last)];
    if (to < from || to - from > 1000)
      throw new ParseError("the range ends before it begins, or has more than a thousand values.");
    return Array.from({ length: to - from + 1 }, (_, index) => ownValue(table, name, String(from + index)));
  });
}

/**
 * Parses assignments: `epochs=3,mode=fast`. A word without an equals sign is another value of the name before
 * it: `epochs=1,2`.
 */
function assignments(text: string): OwnValues {
  const values: { [name: string]: string } = {};
  let last: string | null = null;
  for (const part of text.split(",")) {
    const [, name, value] = /^([^=]+)=([^=]+)$/.exec(part.trim()) ?? [];
    if (name !== undefined && value !== undefined) {
      values[name] = value;
      last = name;
    } else if (last !== null && part !== "" && !part.includes("=")) values[last] += `,${part}`;
    else throw new ParseError("use name=value, several of them with commas.");
  }
  return values;
}

const scalars = Schema.Record(
  Schema.String,
  Schema.Union([Schema.Finite, Schema.Boolean, Schema.String]),
) as Schema.Codec<OwnValues>;

/** The kind of `--set`: values for all of the protocol's own parameters. */
export const settings: Kind<OwnValues> = {
  read: assignments,
  schema: scalars,
  stored: scalars,
  and: (before, now) => ({ ...before, ...now }),
  write: (values) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(),
};
