// The first difference of two snapshots, for the message about hidden state.

import type { Json } from "../protocol/index.js";

/** The path of the first difference, with both values. */
export function firstDifference(a: string, b: string): string {
  return differenceAt("", JSON.parse(a) as Json, JSON.parse(b) as Json) ?? "none";
}

function differenceAt(path: string, a: Json, b: Json): string | null {
  if (JSON.stringify(a) === JSON.stringify(b)) return null;
  if (typeof a === "object" && typeof b === "object" && a && b && Array.isArray(a) === Array.isArray(b)) {
    const [left, right] = [a, b] as Record<string, Json>[];
    for (const key of new Set([...Object.keys(left!), ...Object.keys(right!)])) {
      const [one, other] = [left![key], right![key]];
      if (one === undefined || other === undefined)
        return `${path}${at(a, key)} is there only once: ${clip((one ?? other)!)}`;
      const inside = differenceAt(`${path}${at(a, key)}`, one, other);
      if (inside !== null) return inside;
    }
  }
  return `${path} is ${clip(a)} or ${clip(b)}`;
}

function at(parent: Json, key: string): string {
  if (Array.isArray(parent)) return `[${key}]`;
  return key === "entries" || key === "values" || key === "items" ? "" : `.${key}`;
}

function clip(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
