// Texts of the page. Whatever a message says: it is shown as text, with control characters made visible.

import { visibleText } from "../../model/visible-text.js";
import type { Json } from "../../protocol/schema.js";

/** A value in one line, as a protocol's author would say it: tags first, signatures last. Longer ones are cut. */
export function inline(value: Json, most = 90): string {
  const text = visibleText(plain(value));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Whether a value is short enough to stand in one line. */
export function isShort(value: Json): boolean {
  return typeof value !== "object" || value === null || plain(value).length <= 64;
}

function plain(value: Json): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => plain(item as Json)).join(", ")}]`;
  const { tag, signer, body, ...others } = value as { readonly [key: string]: Json };
  if (
    tag === "signed" &&
    typeof signer === "string" &&
    body !== undefined &&
    Object.keys(others).length === 0
  )
    return `${plain(body)} by ${signer}`;
  const named = typeof tag === "string";
  const fields = Object.entries(value).flatMap(([key, item]) =>
    named && key === "tag" ? [] : `${key}: ${plain(item as Json)}`,
  );
  if (named) return fields.length === 0 ? (tag as string) : `${tag} { ${fields.join(", ")} }`;
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
