// A small change of a message, for worlds in which a Byzantine node sends the protocol's messages slightly
// changed.

import { isSigned, typeOf } from "../../model/terms.js";
import type { Json } from "../../protocol/index.js";

/**
 * Whether a message differs from another of its type in a small way (ByzzFuzz's "small-scope mutations"): in
 * one field, or in two, since a digest goes with its request.
 */
export function isVariant(message: Json, other: Json): boolean {
  if (typeOf(message) !== typeOf(other)) return false;
  const [a, b] = [bodyOf(message), bodyOf(other)];
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  const different = [...fields].filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
  return different.length === 1 || different.length === 2;
}

function bodyOf(message: Json): { readonly [field: string]: Json } {
  const body = isSigned(message) ? message.body : message;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as never) : { body };
}
