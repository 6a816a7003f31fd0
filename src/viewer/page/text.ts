// Texts of the page. Whatever a message says: it is shown as text, with control characters made visible.

import { visibleText } from "../../model/visible-text.js";
import type { Json } from "../../protocol/schema.js";

/** A value in one line, as a protocol's author would say it: tags first, signatures last. Longer ones are cut. */
export function inline(value: Json, most = 90): string {
  const text = visibleText(plain(value, most + 1));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Whether a value is short enough to stand in one line. */
export function isShort(value: Json): boolean {
  return typeof value !== "object" || value === null || plain(value, 65).length <= 64;
}

/** The text of a value; from `most` characters on, only how it begins: nobody reads the rest of a large one. */
function plain(value: Json, most: number): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${joined(value, most, (item) => plain(item as Json, most))}]`;
  const { tag, signer, body, ...others } = value as { readonly [key: string]: Json };
  if (
    tag === "signed" &&
    typeof signer === "string" &&
    body !== undefined &&
    Object.keys(others).length === 0
  )
    return `${plain(body, most)} by ${signer}`;
  const named = typeof tag === "string";
  const fields = Object.entries(value).filter(([key]) => !named || key !== "tag");
  const text = joined(fields, most, ([key, item]) => `${key}: ${plain(item as Json, most)}`);
  if (named) return text === "" ? (tag as string) : `${tag} { ${text} }`;
  return text === "" ? "{}" : `{ ${text} }`;
}

function joined<T>(items: readonly T[], most: number, textOf: (item: T) => string): string {
  let text = "";
  for (const item of items) {
    if (text.length >= most) break;
    text += `${text === "" ? "" : ", "}${textOf(item)}`;
  }
  return text;
}
