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
  const { tag, ...rest } = value as { readonly [field: string]: Json };
  if (typeof tag !== "string") return record(value as { readonly [field: string]: Json });
  return { tag, value: Object.keys(rest).length === 0 ? unit : record(rest) };
}

/** A field named `tag` that is no text would make a reader take the record for a variant: such a field, too, is renamed. */
function record(fields: { readonly [field: string]: Json }): { readonly [field: string]: ItfValue } {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      /^#|^_*tag$/.test(name) ? `_${name}` : name,
      itfValue(value),
    ]),
  );
}
