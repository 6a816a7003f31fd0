// A snapshot for people: references are paths instead of numbers, and plain values have no tags.

import type { Json } from "../protocol/index.js";

type Tagged = { readonly [name: string]: Json };

/** The state in a snapshot's text. */
export function shownSnapshot(at: string): Json {
  const paths: string[] = [];
  return shown(JSON.parse(at) as Json, "", paths, true);
}

/** Objects are counted in the order in which the snapshot has met them, so `paths` is indexed like references. */
function shown(value: Json, path: string, paths: string[], isRoot = false): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    paths.push(path);
    return value.map((item, index) => shown(item, `${path}[${index}]`, paths));
  }
  const { "@": named, ...fields } = value as Tagged;
  const tag = typeof named === "string" ? named.replace(/ [0-9a-z]+$/, "") : named;
  if (fields["@ref"] !== undefined) return `-> ${paths[fields["@ref"] as number] ?? "?"}`;
  if (tag === "undefined" || tag === "hole") return tag;
  if ((tag === "number" || tag === "bigint" || tag === "symbol") && "is" in fields) return fields.is!;
  if (!isRoot && tag !== "timer" && tag !== "accessor") paths.push(path);
  if (tag === "Timeout")
    return /^timer\b/.test(String(fields.name)) ? fields.name! : `timer ${String(fields.name)}`;
  if (typeof tag === "string" && Object.keys(fields).length === 0) return tag;
  // The array of entries itself was no object of the user's.
  if (Array.isArray(fields.entries) && typeof tag === "string") {
    const entries = (fields.entries as readonly (readonly [Json, Json])[]).map(([key, one]) => [
      shown(key, `${path}.key`, paths),
      shown(one, `${path}.get(${JSON.stringify(key)})`, paths),
    ]);
    if (entries.every(([key]) => typeof key === "string" || typeof key === "number"))
      return { [tag]: Object.fromEntries(entries) as Json };
    return { [tag]: entries as Json };
  }
  if (Array.isArray(fields.values) && typeof tag === "string")
    return { [tag]: fields.values.map((item, index) => shown(item, `${path}[${index}]`, paths)) };
  const result: Record<string, Json> = typeof tag === "string" && tag !== "Object" ? { "": tag } : {};
  for (const [name, item] of Object.entries(fields))
    result[name] =
      name === "items" && Array.isArray(item)
        ? item.map((one, index) => shown(one, `${path}[${index}]`, paths))
        : shown(item, path === "" ? name : `${path}.${name}`, paths);
  return result;
}
