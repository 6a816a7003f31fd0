// JSON values as expressions of the Informal Trace Format. ITF knows no null; an object with a `tag` is a variant there, and
// has exactly the fields `tag` and `value`; names that begin with `#` are its own.

import type { Json } from "../protocol/index.js";

/** An expression as ADR-015 of Apalache and Quint's reader understand it. */
export type ItfValue =
  | boolean
  | string
  | number
  | readonly ItfValue[]
  | { readonly [field: string]: ItfValue };

const unit = { "#tup": [] } as const;

/**
 * The expression that stands for a value. What ITF cannot say is said by its means: null is the variant `None`, and a number
 * that is no safe integer is marked as not serializable, with its text.
 *
 * ```ts
 * itfValue({ tag: "vote", view: 0 }) // => { tag: "vote", value: { view: 0 } }
 * itfValue(null) // => { tag: "None", value: { "#tup": [] } }
 * ```
 */
export function itfValue(value: Json): ItfValue {
  if (value === null) return { tag: "None", value: unit };
  if (typeof value === "number")
    return Number.isSafeInteger(value) ? value : { "#unserializable": String(value) };
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: Json) => itfValue(item));
  const key = ["tag", "_tag"].find((name) => typeof (value as { [field: string]: Json })[name] === "string");
  const { [key ?? "tag"]: tag, ...rest } = value as { readonly [field: string]: Json };
  if (typeof tag !== "string") return record(value as { readonly [field: string]: Json });
  return { tag, value: Object.keys(rest).length === 0 ? unit : record(rest) };
}

/**
 * Quint drops every field that begins with two underscores, and a field named `tag` makes a variant: these begin with
 * `field_`, and so do those that begin with that. `#` begins what ITF itself says, and gets an underscore before it.
 */
function exportedName(name: string): string {
  if (name.startsWith("#")) return `_${name}`;
  return /^__|^_#|^_*tag$|^field_/.test(name) ? `field_${name}` : name;
}

/** A field named `tag` that is no text would make a reader take the record for a variant: such a field, too, is renamed. */
function record(fields: { readonly [field: string]: Json }): { readonly [field: string]: ItfValue } {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [exportedName(name), itfValue(value)]),
  );
}
