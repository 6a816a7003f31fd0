// All ways to change one field of a message, derived from its schema alone. Statements that others signed,
// certificates and collections stay as they are: one changed bit invalidates a signature.

import type * as Schema from "effect/Schema";
import type * as AST from "effect/SchemaAST";
import type { Json, NodeId } from "../../src/protocol/index.js";
import { fieldOf, fits, isNodeId } from "../../src/protocol/schema-parts.js";

/** The replacements for a field's value. */
export interface Alphabet {
  /** The signer. */
  readonly self: NodeId;
  /** The nodes whose keys the signer has. */
  readonly byzantine: readonly NodeId[];
  /** For fields that name a node. */
  readonly nodes: readonly NodeId[];
  /** For fields that hold any string: the digests of the run's requests. */
  readonly values: readonly string[];
}

/**
 * The values that differ from `value` in one place and fit the schema too. A number goes up or down by one,
 * not below zero; a string becomes another of the alphabet; a literal another one allowed in its place; true
 * becomes false; a list or an optional field loses one element.
 */
export function variants(schema: Schema.Top, value: Json, alphabet: Alphabet): Json[] {
  const found = new Map(of(schema.ast, value, alphabet).map((variant) => [JSON.stringify(variant), variant]));
  found.delete(JSON.stringify(value));
  return [...found.values()];
}

function of(ast: AST.AST, value: Json, alphabet: Alphabet): Json[] {
  if (isFixed(value, alphabet)) return [];
  // Not `match`: asked about every field of every message; and `effect` has many more kinds of schemas than messages use.
  switch (ast._tag) {
    case "String":
      return isNodeId(ast) ? [...alphabet.nodes] : [...alphabet.values];
    case "Number":
      return [(value as number) + 1, (value as number) - 1].filter((number) => number >= 0);
    case "Boolean":
      return [!value];
    case "Suspend":
      return of(ast.thunk(), value, alphabet);
    case "Arrays":
      return ofArray(ast, value as readonly Json[], alphabet);
    case "Objects":
      return ofObject(ast, value as { readonly [key: string]: Json }, alphabet);
    case "Union":
      return ofUnion(ast, value, alphabet);
    default:
      return [];
  }
}

/** Whether a value is signed by somebody else, or proves that somebody has signed. */
function isFixed(value: Json, { byzantine }: Alphabet): boolean {
  const { tag, signer } = (value ?? {}) as { readonly tag?: Json; readonly signer?: string };
  if (tag === "signed" && signer !== undefined) return !byzantine.includes(signer);
  return tag === "certificate" || tag === "collection";
}

function ofArray(ast: AST.Arrays, items: readonly Json[], alphabet: Alphabet): Json[] {
  const changed = items.flatMap((item, index) => {
    const element = ast.elements[index] ?? ast.rest[0]!;
    return of(element, item, alphabet).map((variant) => items.with(index, variant));
  });
  const shorter = ast.rest[0] ? items.map((_, index) => items.toSpliced(index, 1)) : [];
  return [...changed, ...shorter.filter(({ length }) => length >= ast.elements.length)];
}

function ofObject(
  ast: AST.Objects,
  value: { readonly [key: string]: Json },
  alphabet: Alphabet,
): { readonly [key: string]: Json }[] {
  const isSigned = value.tag === "signed" && "signer" in value;
  return Object.entries(value).flatMap(([name, item]) => {
    if (isSigned && name === "signer") return []; // it signs as itself
    const field = ast.propertySignatures.find((signature) => signature.name === name);
    const type = field?.type ?? ast.indexSignatures[0]?.type;
    if (!type) return [];
    const changed = of(type, item, alphabet).map((variant) => ({ ...value, [name]: variant }));
    if (!(field?.type.context?.isOptional ?? !field)) return changed;
    const { [name]: _, ...without } = value;
    return [...changed, without];
  });
}

/**
 * Variants of the member that fits, and other literals; a tag is a literal of its member, and the rest of the
 * value may fit another member.
 */
function ofUnion(ast: AST.Union, value: Json, alphabet: Alphabet): Json[] {
  const fitting = ast.types.filter((member) => fits(member, value));
  const inside = fitting.flatMap((member) => of(member, value, alphabet));
  const others = ast.types.flatMap((member): Json[] => {
    if (member._tag === "Literal" || member._tag === "Null")
      return [member._tag === "Null" ? null : (member.literal as Json)];
    const tag = tagOf(member);
    if (tag === undefined || typeof value !== "object" || value === null || Array.isArray(value)) return [];
    const renamed = { ...(value as { readonly [key: string]: Json }), tag };
    return fits(member, renamed) ? [renamed] : [];
  });
  return [...inside, ...others];
}

function tagOf(ast: AST.AST): Json | undefined {
  if (ast._tag !== "Objects") return undefined;
  const type = fieldOf(ast, "tag");
  return type?._tag === "Literal" ? (type.literal as Json) : undefined;
}
