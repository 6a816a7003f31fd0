// Places in records: the fields of local states and of messages, also of records in records.

import type { Json } from "../../protocol/index.js";

/** The names of fields, from the outside in. */
export type Place = readonly string[];

export type JsonRecord = { readonly [name: string]: Json };

export function isRecord(value: Json | undefined): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** How deep records in records are looked into. */
const deepest = 3;

/** The places of all fields of these records. A record that has other fields in other values is one place, like a map. */
export function placesIn(values: readonly Json[], above: Place = []): readonly Place[] {
  if (above.length >= deepest || values.length === 0 || !values.every(isRecord)) return [];
  const [first] = values as readonly JsonRecord[];
  const names = Object.keys(first!);
  const text = names.join();
  if (above.length > 0 && !values.every((value) => Object.keys(value).join() === text)) return [];
  const all = above.length > 0 ? names : [...new Set(values.flatMap((value) => Object.keys(value)))];
  return all.flatMap((name) => {
    const inside = (values as readonly JsonRecord[]).flatMap((value) =>
      name in value ? [value[name]!] : [],
    );
    const parts = placesIn(inside, [...above, name]);
    return parts.length > 0 ? parts : [[...above, name]];
  });
}

/** What stands at a place; undefined if nothing does. */
export function at(value: Json, place: Place): Json | undefined {
  return place.reduce<Json | undefined>(
    (inside, name) => (isRecord(inside) ? inside[name] : undefined),
    value,
  );
}

/** What stands there instead; undefined: nothing, as in a record that never had it. */
export type Change = (old: Json) => Json | undefined;

/** The value with something else at these places, where there is something. */
export function changedAt(value: Json, places: readonly Place[], change: Change): Json {
  return places.reduce<Json>((whole, place) => changedAtOne(whole, place, change), value);
}

function changedAtOne(value: Json, [name, ...rest]: Place, change: Change): Json {
  if (name === undefined) return change(value) as Json; // JSON leaves out a field that is undefined
  if (!isRecord(value) || !(name in value)) return value;
  return { ...value, [name]: changedAtOne(value[name]!, rest, change) };
}

/** How many different values there are. */
export function different(values: readonly Json[]): number {
  return new Set(values.map((value) => JSON.stringify(value))).size;
}

/** By how much fewer different values there would be if something else stood at these places. */
export function gainOf(values: readonly Json[], places: readonly Place[], change: Change): number {
  return different(values) / Math.max(1, different(values.map((value) => changedAt(value, places, change))));
}
