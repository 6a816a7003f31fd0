// Reads the values of ITF files that Turncoat has written: the inverse of `itfValue` (src/export/itf-value.ts), so that states and messages are
// what they were, with their nulls and tags. Of others' files only they know what their variants mean: see foreign.ts.

import type { Json } from "../../protocol/index.js";

/** Whether Turncoat has written a trace with this `#meta`. */
export function isOwn(meta: Json | undefined): boolean {
  const { description } = (meta ?? {}) as { readonly description?: Json };
  return typeof description === "string" && /^Turncoat \d/.test(description);
}

/**
 * The value that an expression of ours stands for. A record with only a tag `None` cannot be told from null.
 *
 * ```ts
 * ownValue({ tag: "vote", value: { view: 0, digest: { tag: "None", value: { "#tup": [] } } } }) // => { tag: "vote", view: 0, digest: null }
 * ```
 */
export function ownValue(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json) => ownValue(item));
  const fields = value as { readonly [field: string]: Json };
  for (const kind of ["#tup", "#set"])
    if (Array.isArray(fields[kind])) return (fields[kind] as readonly Json[]).map(ownValue);
  if (Array.isArray(fields["#map"]))
    return Object.fromEntries(
      (fields["#map"] as [string, Json][]).map(([key, item]) => [key, ownValue(item)]),
    );
  if (typeof fields["#unserializable"] === "string") return Number(fields["#unserializable"]);
  if (isVariant(fields)) return variant(fields.tag, fields.value);
  return record(fields);
}

function isVariant(fields: {
  readonly [field: string]: Json;
}): fields is { readonly tag: string; readonly value: Json } {
  return Object.keys(fields).sort().join() === "tag,value" && typeof fields.tag === "string";
}

function variant(tag: string, value: Json): Json {
  const inner = value as { readonly [field: string]: Json };
  const isUnit = Array.isArray(inner["#tup"]) && Object.keys(inner).length === 1;
  if (isUnit) return tag === "None" ? null : { tag };
  return { tag, ...(ownValue(value) as { readonly [field: string]: Json }) };
}

/** With the names that fields had before they were renamed for ITF's readers. */
function record(fields: { readonly [field: string]: Json }): Json {
  return Object.fromEntries(
    Object.entries(fields).map(([name, item]) => [name.replace(/^_(?=#)|^field_/, ""), ownValue(item)]),
  );
}
