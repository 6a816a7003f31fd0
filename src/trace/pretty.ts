// JSON that is readable in a diff: a value that fits on a line is on one line, a longer one has a line for
// each item. `JSON.stringify` knows only the extremes, and would give a signed message of PBFT fifteen lines.

import type { Json } from "../protocol/index.js";

/**
 * Lays a value out in lines of at most `width` characters where that is possible. Keys keep their order.
 *
 * ```ts
 * prettyJson({ view: 0, slots: [1, 2] }) // => '{ "view": 0, "slots": [1, 2] }'
 * ```
 */
export function prettyJson(value: Json, width = 110): string {
  return layout(value, 0, 0, width);
}

/** `used` is how much of the present line is taken before and after the value. */
function layout(value: Json, indent: number, used: number, width: number): string {
  const flat = flatText(value);
  if (typeof value !== "object" || value === null || indent + used + flat.length <= width) return flat;
  const inner = " ".repeat(indent + 2);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const lines = keyed(value).map(
    ([key, item]) => `${inner}${key}${layout(item, indent + 2, key.length + 1, width)}`,
  );
  return lines.length === 0 ? flat : `${open}\n${lines.join(",\n")}\n${" ".repeat(indent)}${close}`;
}

function flatText(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const items = keyed(value).map(([key, item]) => `${key}${flatText(item)}`);
  if (Array.isArray(value)) return `[${items.join(", ")}]`;
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

/** The items, each with the text of its key (none in an array). */
function keyed(value: object): [string, Json][] {
  if (Array.isArray(value)) return value.map((item: Json) => ["", item]);
  return Object.entries(value).map(([key, item]) => [`${JSON.stringify(key)}: `, item as Json]);
}
