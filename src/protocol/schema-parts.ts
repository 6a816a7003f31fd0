// What a schema's syntax tree says about values: the fields of structs, names of nodes, and whether a value fits. For those who make values
// that fit a schema, as adversaries do. (`effect` checks values too, but tells nothing about parts.)

import type * as AST from "effect/SchemaAST";
import { type Json, markKey } from "./schema.js";

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

/** Whether a string names a node. */
export function isNodeId({ annotations }: AST.AST): boolean {
  return annotations?.[markKey] === "node-id";
}

/** Without indirection. */
export function resolved(ast: AST.AST): AST.AST {
  return ast._tag === "Suspend" ? resolved(ast.thunk()) : ast;
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
