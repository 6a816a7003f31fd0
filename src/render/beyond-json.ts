// Words for what messages of classes hold besides JSON: Map, Set, bytes, dates, bigints. In a trace each is an object with the single
// key "@" (see src/real/inside/codec.ts).

import type { Json } from "../protocol/index.js";

/** Milliseconds from 1970 to the last moment that a Date can name. */
const maxTime = 8.64e15;

/** How values inside are put into words: a `Describer` does it. */
interface Words {
  value(value: Json): string;
}

/** The wording of such a value, or null if it is plain JSON. */
export function beyondJson(value: object, describe: Words): string | null {
  const [[key, pair] = [], ...others] = Object.entries(value) as [string, Json][];
  if (key !== "@" || others.length > 0 || !Array.isArray(pair) || pair.length !== 2) return null;
  const [kind, held] = pair as unknown as readonly [Json, Json];
  if (typeof kind !== "string") return null;
  if (Array.isArray(held)) {
    if (held.length === 0) return "none";
    const items = kind === "Map" ? held.map((entry) => entryText(entry, describe)) : held.map(describe.value);
    return `{${items.join("; ")}}`;
  }
  if (kind === "undefined") return kind;
  if (kind === "Date" && typeof held === "number" && Math.abs(held) <= maxTime)
    return new Date(held).toISOString();
  return kind === "number" || kind === "bigint" ? String(held) : `${kind} ${String(held)}`;
}

function entryText(entry: Json, describe: Words): string {
  if (!Array.isArray(entry)) return describe.value(entry);
  return entry.map((part) => describe.value(part as Json)).join(": ");
}
