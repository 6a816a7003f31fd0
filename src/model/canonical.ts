// Canonical forms: compiles a schema to a function that checks a value and brings it into its one form: keys
// in the schema's order, marked sets sorted and without repetition (bags: sorted). Two states that mean the
// same are then the same JSON text, whichever way the protocol builds them.

import type * as Schema from "effect/Schema";
import type * as AST from "effect/SchemaAST";
import { type Json, markKey } from "../protocol/index.js";
import { shownValue } from "./json-problem.js";
import { isMadeBy, stampMaker } from "./stamps.js";

/** Where and why a value does not fit its schema. */
export class SchemaMismatch {
  readonly path: string;
  readonly expected: string;
  readonly found: unknown;
  constructor(path: string, expected: string, found: unknown) {
    this.path = path;
    this.expected = expected;
    this.found = found;
  }
  toString(): string {
    return `${this.path || "the value itself"}: expected ${this.expected}, found ${shownValue(this.found)}`;
  }
}

/** Checks a value and returns its canonical form, or the {@link SchemaMismatch}. */
export type Canonicalizer = (value: unknown, path?: string) => Json | SchemaMismatch;

/**
 * Compiles the canonicalizer of a schema. It knows the schemas that JSON-like data need: strings, numbers,
 * booleans, null, literals, structs, records, arrays, tuples, unions, suspended and refined ones. Any other
 * is refused at once.
 */
export function canonicalizer(schema: Schema.Top): Canonicalizer {
  return compile(schema.ast, new Map());
}

/** The fields of a state that are no part of it: those marked `beside`. */
export function fieldsBeside(schema: Schema.Top): readonly string[] {
  const { ast } = schema;
  if (ast._tag !== "Objects") return [];
  return ast.propertySignatures.filter(({ type }) => isBeside(type)).map(({ name }) => String(name));
}

function isBeside(ast: AST.AST): boolean {
  return ast.annotations?.[markKey] === "beside";
}

function compile(ast: AST.AST, seen: Map<AST.AST, Canonicalizer>): Canonicalizer {
  const known = seen.get(ast);
  if (known) return known;
  let compiled: Canonicalizer | undefined;
  seen.set(ast, (value, path) => compiled!(value, path)); // for recursive schemas
  compiled = withChecks(ast, compileNew(ast, seen));
  seen.set(ast, compiled);
  return compiled;
}

/** Adds what `schema.check(...)` asks for. */
function withChecks(ast: AST.AST, canonicalize: Canonicalizer): Canonicalizer {
  const { checks } = ast;
  if (!checks) return canonicalize;
  return (value, path = "") => {
    const canonical = canonicalize(value, path);
    if (canonical instanceof SchemaMismatch) return canonical;
    const failed = filtersOf(checks).find((filter) => filter.run(canonical, ast, {}) !== undefined);
    if (!failed) return canonical;
    return new SchemaMismatch(
      path,
      failed.annotations?.expected ?? "a value that passes the schema's checks",
      value,
    );
  };
}

function filtersOf(checks: readonly AST.Check<unknown>[]): AST.Filter<unknown>[] {
  return checks.flatMap((check) => (check._tag === "Filter" ? [check] : filtersOf(check.checks)));
}

function compileNew(ast: AST.AST, seen: Map<AST.AST, Canonicalizer>): Canonicalizer {
  if (isBeside(ast)) return (value) => value as Json;
  switch (ast._tag) {
    case "String":
      return leaf("a string", (value) => typeof value === "string");
    case "Number":
      return leaf("a finite number", (value) => Number.isFinite(value));
    case "Boolean":
      return leaf("true or false", (value) => typeof value === "boolean");
    case "Null":
      return leaf("null", (value) => value === null);
    case "Literal":
      return leaf(JSON.stringify(ast.literal), (value) => value === ast.literal);
    case "Unknown":
    case "Any":
      return anyJson;
    case "Suspend":
      return (value, path) => compile(ast.thunk(), seen)(value, path);
    case "Arrays":
      return arrays(ast, seen);
    case "Objects":
      return objects(ast, seen);
    case "Union":
      return union(ast, seen);
    default:
      throw new TypeError(
        `A schema of kind ${ast._tag} has no JSON form here. Describe states and messages with structs, records, ` +
          "arrays, unions, literals, strings, numbers, booleans and null.",
      );
  }
}

/**
 * What one schema has brought into canonical form. A new state shares most of its parts with the one
 * before, which was interned: such a part is canonical already, as long as nobody can have changed it, that
 * is, if it was frozen since (interning freezes all the way down).
 */
class Made {
  has(value: unknown): value is Json & object {
    return typeof value === "object" && value !== null && isMadeBy(value, this) && Object.isFrozen(value);
  }

  add<T extends Json & object>(value: T): T {
    stampMaker(value, this);
    return value;
  }
}

function leaf(expected: string, accepts: (value: unknown) => boolean): Canonicalizer {
  return (value, path = "") => (accepts(value) ? (value as Json) : new SchemaMismatch(path, expected, value));
}

function arrays(ast: AST.Arrays, seen: Map<AST.AST, Canonicalizer>): Canonicalizer {
  const mark = ast.annotations?.[markKey];
  const elements = ast.elements.map((element) => compile(element, seen));
  const rest = ast.rest[0] ? compile(ast.rest[0], seen) : undefined;
  const made = new Made();
  return (value, path = "") => {
    if (made.has(value)) return value;
    if (!Array.isArray(value)) return new SchemaMismatch(path, "an array", value);
    if (value.length < elements.length || (!rest && value.length > elements.length))
      return new SchemaMismatch(path, `an array of length ${elements.length}`, value);
    const items: Json[] = [];
    for (const [index, item] of value.entries()) {
      const canonical = (elements[index] ?? rest!)(item, `${path}[${index}]`);
      if (canonical instanceof SchemaMismatch) return canonical;
      items.push(canonical);
    }
    return made.add(mark === "set" || mark === "bag" ? sorted(items, mark) : items);
  };
}

/** Sorts by JSON text; in a set, drops repetitions. */
function sorted(items: readonly Json[], mark: "set" | "bag"): Json[] {
  if (items.length < 2) return [...items];
  const byText = items.map((item) => ({ text: JSON.stringify(item), item }));
  byText.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const kept = mark === "bag" ? byText : byText.filter(({ text }, index) => text !== byText[index - 1]?.text);
  return kept.map(({ item }) => item);
}

function objects(ast: AST.Objects, seen: Map<AST.AST, Canonicalizer>): Canonicalizer {
  const fields = ast.propertySignatures.map((field) => ({
    name: String(field.name),
    optional: field.type.context?.isOptional ?? false,
    canonical: compile(field.type, seen),
  }));
  const names = new Set(fields.map((field) => field.name));
  const rest = ast.indexSignatures[0] ? compile(ast.indexSignatures[0].type, seen) : undefined;
  const made = new Made();
  return (value, path = "") => {
    if (made.has(value)) return value;
    if (!isPlainObject(value)) return new SchemaMismatch(path, "a plain object", value);
    const result: Record<string, Json> = {};
    for (const { name, optional, canonical } of fields) {
      if (optional && !(name in value)) continue;
      const item = canonical(value[name], `${path}.${name}`);
      if (item instanceof SchemaMismatch) return item;
      result[name] = item;
    }
    for (const name of Object.keys(value).sort()) {
      if (names.has(name)) continue;
      if (!rest) return new SchemaMismatch(`${path}.${name}`, "no such field", value[name]);
      const item = rest(value[name], `${path}.${name}`);
      if (item instanceof SchemaMismatch) return item;
      put(result, name, item);
    }
    return made.add(result);
  };
}

function union(ast: AST.Union, seen: Map<AST.AST, Canonicalizer>): Canonicalizer {
  const members = ast.types.map((type) => compile(type, seen));
  return (value, path = "") => {
    let deepest: SchemaMismatch | undefined;
    const wanted = new Set<string>();
    const tags = new Set<string>();
    for (const member of members) {
      const canonical = member(value, path);
      if (!(canonical instanceof SchemaMismatch)) return canonical;
      if (canonical.path === `${path}.tag`) {
        tags.add(canonical.expected);
        continue; // another member's tag
      }
      if (canonical.path === path) wanted.add(canonical.expected);
      if (!deepest || canonical.path.length > deepest.path.length) deepest = canonical;
    }
    // The member that got furthest is the one that was meant; its problem is the useful one.
    if (deepest && deepest.path.length > path.length) return deepest;
    if (wanted.size > 0) return new SchemaMismatch(path, [...wanted].join(" or "), value);
    return new SchemaMismatch(
      `${path}.tag`,
      [...tags].join(" or "),
      (value as { readonly tag?: unknown }).tag,
    );
  };
}

/** Any JSON value; object keys sorted. */
function anyJson(value: unknown, path = ""): Json | SchemaMismatch {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number")
    return Number.isFinite(value) ? value : new SchemaMismatch(path, "a finite number", value);
  if (Array.isArray(value)) {
    const items = value.map((item, index) => anyJson(item, `${path}[${index}]`));
    return (items.find((item) => item instanceof SchemaMismatch) ?? items) as Json | SchemaMismatch;
  }
  if (!isPlainObject(value)) return new SchemaMismatch(path, "a JSON value", value);
  const result: Record<string, Json> = {};
  for (const key of Object.keys(value).sort()) {
    const item = anyJson(value[key], `${path}.${key}`);
    if (item instanceof SchemaMismatch) return item;
    put(result, key, item);
  }
  return result;
}

/** Sets a field whose name is anybody's choice: an assignment to `__proto__` would change the prototype, and the field be lost. */
function put(object: Record<string, Json>, name: string, item: Json): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value: item, enumerable: true, configurable: true });
  else object[name] = item;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
