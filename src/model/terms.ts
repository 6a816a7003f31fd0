// Finds the signed statements, the certificates and the collections inside a message, at any depth.

import type { Certificate, Collection, Json, Signed } from "../protocol/index.js";

/** A term about which the adversary's knowledge has a say. */
export type Term = Signed<Json> | Certificate<Json> | Collection<Json>;

/**
 * Calls `visit` for every signed statement, certificate and collection in `value`, outermost first. Where
 * `visit` returns false, what stands inside the term is not looked at.
 */
export function visitTerms(value: Json, visit: (term: Term) => boolean): void {
  if (typeof value !== "object" || value === null) return;
  if ((isSigned(value) || isCertificate(value) || isCollection(value)) && !visit(value as unknown as Term))
    return;
  for (const item of Array.isArray(value) ? value : Object.values(value)) visitTerms(item, visit);
}

/** Whether a value as a whole is a signed statement. */
export function isSigned(value: unknown): value is Signed<Json> {
  return hasTag(value, "signed") && "signer" in value && "body" in value;
}

function isCertificate(value: unknown): value is Certificate<Json> {
  return hasTag(value, "certificate") && "vote" in value && "atLeast" in value && "among" in value;
}

function isCollection(value: unknown): value is Collection<Json> {
  return hasTag(value, "collection") && "bodies" in value && "atLeast" in value && "among" in value;
}

function hasTag(value: unknown, tag: string): value is object {
  return typeof value === "object" && value !== null && (value as { tag?: unknown }).tag === tag;
}

/**
 * The `tag` of a message, or of what is signed. Messages are compared and sampled by it; `typeNameOf` is what people
 * read.
 */
export function typeOf(message: Json): string {
  if (typeof message !== "object" || message === null || Array.isArray(message)) return "message";
  const { tag, body } = message as { readonly tag?: Json; readonly body?: Json };
  if (tag === "signed" && body !== undefined) return typeOf(body);
  return typeof tag === "string" ? tag : "message";
}

/** The field that says what type of message this is: `tag`, `type` or `kind`, the first of them that is text; or null. */
export function typeFieldOf(value: Json): "tag" | "type" | "kind" | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const fields = value as { readonly [name: string]: Json };
  return (["tag", "type", "kind"] as const).find((name) => typeof fields[name] === "string") ?? null;
}

/**
 * What a message, or what is signed, is called where people read it. Classes mostly call the field `type` or `kind`.
 *
 * ```ts
 * typeNameOf({ type: "echo", value: "A" }) // => "echo"
 * typeNameOf(["A"]) // => "message"
 * ```
 */
export function typeNameOf(message: Json): string {
  const field = typeFieldOf(message);
  if (field === null) return "message";
  const { [field]: name, body } = message as { readonly [name: string]: Json };
  return field === "tag" && name === "signed" && body !== undefined ? typeNameOf(body) : (name as string);
}
