// Finds the signed statements and the certificates inside a message, at any depth.

import type { Certificate, Json, Signed } from "../protocol/index.js";

/** A term about which the adversary's knowledge has a say. */
export type Term = Signed<Json> | Certificate<Json>;

/**
 * Calls `visit` for every signed statement and every certificate in `value`, outermost first. Where `visit` returns
 * false, what stands inside the term is not looked at.
 */
export function visitTerms(value: Json, visit: (term: Term) => boolean): void {
  if (typeof value !== "object" || value === null) return;
  if ((isSigned(value) || isCertificate(value)) && !visit(value as unknown as Term)) return;
  for (const item of Array.isArray(value) ? value : Object.values(value)) visitTerms(item, visit);
}

/** Whether a value as a whole is a signed statement. */
export function isSigned(value: unknown): value is Signed<Json> {
  return hasTag(value, "signed") && "signer" in value && "body" in value;
}

function isCertificate(value: unknown): value is Certificate<Json> {
  return hasTag(value, "certificate") && "vote" in value && "atLeast" in value && "among" in value;
}

function hasTag(value: unknown, tag: string): value is object {
  return typeof value === "object" && value !== null && (value as { tag?: unknown }).tag === tag;
}
