// The places of a message: where in a schema a value stands. Structs with a tag begin a place of their own, so that a vote by itself and
// a vote inside a certificate have the same fields.

import type * as AST from "effect/SchemaAST";
import { type Json, markKey } from "../protocol/index.js";

/** A struct's fields. */
export interface Field {
  readonly name: string;
  readonly type: AST.AST;
  readonly isOptional: boolean;
}

/** The fields of a struct. */
export function fieldsOf({ propertySignatures }: AST.Objects): readonly Field[] {
  return propertySignatures.map(({ name, type }) => ({
    name: String(name),
    type,
    isOptional: type.context?.isOptional ?? false,
  }));
}

/** The type of one field. */
export function fieldOf(ast: AST.Objects, name: string): AST.AST | undefined {
  return ast.propertySignatures.find((field) => field.name === name)?.type;
}

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

/** Whether a string names a node. */
export function isNodeId({ annotations }: AST.AST): boolean {
  return annotations?.[markKey] === "node-id";
}

/** Without indirection. */
export function resolved(ast: AST.AST): AST.AST {
  return ast._tag === "Suspend" ? resolved(ast.thunk()) : ast;
}

/** The place of a struct's field. */
export function inside(place: string, ast: AST.Objects, name: string): string {
  return `${termOf(ast) === null ? (tagOf(ast) ?? place) : place}.${name}`;
}

/** Calls `see` for each part of a value that fits a schema, outermost first, with its type and place. */
export function visitParts(
  ast: AST.AST,
  value: Json,
  place: string,
  see: (ast: AST.AST, value: Json, place: string) => void,
): void {
  const type = resolved(ast);
  switch (type._tag) {
    case "Union": {
      const member = type.types.find((one) => fits(one, value));
      if (member) visitParts(member, value, place, see);
      return;
    }
    case "Arrays": {
      see(type, value, place);
      for (const [index, item] of (value as readonly Json[]).entries()) {
        const element = type.elements[index] ?? type.rest[0];
        if (element) visitParts(element, item, `${place}[]`, see);
      }
      return;
    }
    case "Objects": {
      see(type, value, place);
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

/** Whether a value has the form that a schema describes, apart from refinements. */
export function fits(schema: AST.AST, value: Json | undefined): boolean {
  const ast = resolved(schema);
  switch (ast._tag) {
    case "String":
      return typeof value === "string";
    case "Number":
      return typeof value === "number";
    case "Boolean":
      return typeof value === "boolean";
    case "Null":
      return value === null;
    case "Literal":
      return value === ast.literal;
    case "Union":
      return ast.types.some((member) => fits(member, value));
    case "Arrays":
      return (
        Array.isArray(value) &&
        value.every((item, index) => {
          const element = ast.elements[index] ?? ast.rest[0];
          return element !== undefined && fits(element, item);
        })
      );
    case "Objects": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      const given = value as { readonly [key: string]: Json };
      const fields = fieldsOf(ast);
      const extra = Object.keys(given).filter((name) => fields.every((field) => field.name !== name));
      const index = ast.indexSignatures[0];
      return (
        fields.every(({ name, type, isOptional }) =>
          name in given ? fits(type, given[name]) : isOptional,
        ) && extra.every((name) => index !== undefined && fits(index.type, given[name]))
      );
    }
    default:
      return ast._tag === "Unknown" || ast._tag === "Any";
  }
}
