// The difference of two JSON values that share their unchanged parts, as states do: what is the same object is
// not looked into, so it costs what has changed. A log keeps differences instead of whole states.

import type { Json } from "../protocol/index.js";

/**
 * How to make a value of an older one: a whole new value; or of an object the fields that are gone and the changes of others; or of
 * an array its new length and the changes of items.
 */
export type Patch =
  | { readonly value: Json }
  | { readonly gone?: readonly string[]; readonly fields: { readonly [name: string]: Patch } }
  | { readonly length: number; readonly items: { readonly [index: string]: Patch } };

/**
 * The difference, or null if there is none.
 *
 * ```ts
 * difference({ view: 0, log: [1] }, { view: 1, log: [1] }) // => { fields: { view: { value: 1 } } }
 * ```
 */
export function difference(before: Json, after: Json): Patch | null {
  if (before === after) return null;
  if (!isObject(before) || !isObject(after) || Array.isArray(before) !== Array.isArray(after))
    return { value: after };
  const old = before as { readonly [name: string]: Json };
  const fields: { [name: string]: Patch } = Object.create(null);
  for (const [name, item] of Object.entries(after)) {
    const changed = Object.hasOwn(old, name) ? difference(old[name]!, item) : { value: item };
    if (changed !== null) fields[name] = changed;
  }
  const isEmpty = Object.keys(fields).length === 0;
  if (Array.isArray(after))
    return isEmpty && after.length === (before as readonly Json[]).length
      ? null
      : { length: after.length, items: fields };
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  if (gone.length === 0) return isEmpty ? null : { fields };
  return { gone, fields };
}

/** The value that a difference makes of an older one. */
export function patched(before: Json, patch: Patch): Json {
  if ("value" in patch) return patch.value;
  if ("items" in patch) {
    const items = [...(before as readonly Json[])].slice(0, patch.length);
    for (const [index, change] of Object.entries(patch.items)) {
      const at = Number(index);
      items[at] = patched(items[at] ?? null, change);
    }
    return items;
  }
  const fields = new Map(Object.entries(before as { readonly [name: string]: Json }));
  for (const name of patch.gone ?? []) fields.delete(name);
  for (const [name, change] of Object.entries(patch.fields))
    fields.set(name, patched(fields.get(name) ?? null, change));
  return Object.fromEntries(fields); // unlike an assignment it takes "__proto__" for a name like others
}

function isObject(value: Json): value is Exclude<Json, null | boolean | number | string> {
  return typeof value === "object" && value !== null;
}
