// The places of a message: where in a schema a value stands. Structs with a tag begin a place of their own, so that a vote by itself and
// a vote inside a certificate have the same fields.

import type * as AST from "effect/SchemaAST";
import type { Json } from "../protocol/index.js";
import { fieldOf, fieldsOf, fits, resolved } from "../protocol/schema-parts.js";

/** The literal in a struct's field `tag`, if it has one. */
export function tagOf(ast: AST.AST): string | undefined {
  if (ast._tag !== "Objects") return undefined;
  const type = fieldOf(ast, "tag");
  return type?._tag === "Literal" && typeof type.literal === "string" ? type.literal : undefined;
}

/** What kind of term a struct is: see `SignedOf`, `CertificateOf` and `CollectionOf`. */
export function termOf(ast: AST.Objects): "signed" | "certificate" | "collection" | null {
  const has = (...names: readonly string[]) => names.every((name) => fieldOf(ast, name) !== undefined);
  const tag = tagOf(ast);
  if (tag === "signed" && has("signer", "body")) return tag;
  if (tag === "certificate" && has("vote", "atLeast", "among")) return tag;
  if (tag === "collection" && has("bodies", "atLeast", "among")) return tag;
  return null;
}

/** The place of a struct's field. */
export function inside(place: string, ast: AST.Objects, name: string): string {
  return `${termOf(ast) === null ? (tagOf(ast) ?? place) : place}.${name}`;
}

/** Calls `see` for each part of a value that fits a schema, outermost first, with its type and place. Where it gives false, what stands inside is left out. */
export function visitParts(
  ast: AST.AST,
  value: Json,
  place: string,
  see: (ast: AST.AST, value: Json, place: string) => unknown,
): void {
  const type = resolved(ast);
  switch (type._tag) {
    case "Union": {
      const member = type.types.find((one) => fits(one, value));
      if (member) visitParts(member, value, place, see);
      return;
    }
    case "Arrays": {
      if (see(type, value, place) === false) return;
      for (const [index, item] of (value as readonly Json[]).entries()) {
        const element = type.elements[index] ?? type.rest[0];
        if (element) visitParts(element, item, `${place}[]`, see);
      }
      return;
    }
    case "Objects": {
      if (see(type, value, place) === false) return;
      for (const { name, type: field } of fieldsOf(type)) {
        const item = (value as { readonly [key: string]: Json })[name];
        if (item !== undefined) visitParts(field, item, inside(place, type, name), see);
      }
      return;
    }
    default:
      see(type, value, place);
  }
}
