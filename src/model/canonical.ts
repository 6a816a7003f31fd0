// Canonical forms: compiles a schema to a function that checks a value and brings it into its one form: keys
// in the schema's order, marked sets sorted and without repetition (bags: sorted). Two states that mean the
// same are then the same JSON text, whichever way the protocol builds them.

import type * as Schema from "effect/Schema";
import type * as AST from "effect/SchemaAST";
import { type Json, markKey } from "../protocol/index.js";
import { shownValue } from "./json-problem.js";
import { type Parts, textOfValue } from "./parts.js";
import { deepFreeze, isPlainObject } from "./plain-json.js";
import { isMadeBy, isPartOf, stampInterned, stampMaker } from "./stamps.js";

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

  /** The same, of the value that this one stands in. */
  within(step: string): SchemaMismatch {
    return new SchemaMismatch(`${step}${this.path}`, this.expected, this.found);
  }

  toString(): string {
    return `${this.path || "the value itself"}: expected ${this.expected}, found ${shownValue(this.found)}`;
  }
}

/** Checks a value and returns its canonical form, or the {@link SchemaMismatch}. */
export type Canonicalizer = (value: unknown) => Json | SchemaMismatch;

/**
 * Compiles the canonicalizer of a schema. It knows the schemas that JSON-like data need: strings, numbers,
 * booleans, null, literals, structs, records, arrays, tuples, unions, suspended and refined ones. Any other
 * is refused at once. With `parts`, what it returns is made of parts that are kept there, each once and frozen; then
 * values that are equal but for what stands beside them are one, the first.
 */
export function canonicalizer(schema: Schema.Top, parts: Parts | null = null): Canonicalizer {
  return compile(schema.ast, { seen: new Map(), parts, root: schema.ast });
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

/** What is compiled already, and where parts are kept. */
interface Compilation {
  readonly seen: Map<AST.AST, Canonicalizer>;
  /** Only its fields may be marked `beside`. */
  readonly root: AST.AST;
  readonly parts: Parts | null;
}

function compile(ast: AST.AST, compilation: Compilation): Canonicalizer {
  const { seen } = compilation;
  const known = seen.get(ast);
  if (known) return known;
  if (isBeside(ast))
    throw new TypeError(
      'Only a field of the outermost struct of a state can be marked "beside". Mark that field, or leave the mark out.',
    );
  let compiled: Canonicalizer | undefined;
  seen.set(ast, (value) => compiled!(value)); // for recursive schemas
  compiled = withChecks(ast, compileNew(ast, compilation), compilation);
  seen.set(ast, compiled);
  return compiled;
}

/** Adds what `schema.check(...)` asks for. */
function withChecks(ast: AST.AST, canonicalize: Canonicalizer, { parts }: Compilation): Canonicalizer {
  const { checks } = ast;
  if (!checks) return canonicalize;
  /** Of parts, which nobody can change: those that have passed. */
  const passed = new Set<Json>();
  return (value) => {
    const canonical = canonicalize(value);
    if (canonical instanceof SchemaMismatch || passed.has(canonical)) return canonical;
    const failed = filtersOf(checks).find((filter) => filter.run(canonical, ast, {}) !== undefined);
    if (failed)
      return new SchemaMismatch(
        "",
        failed.annotations?.expected ?? "a value that passes the schema's checks",
        value,
      );
    if (parts !== null) passed.add(canonical);
    return canonical;
  };
}

function filtersOf(checks: readonly AST.Check<unknown>[]): AST.Filter<unknown>[] {
  return checks.flatMap((check) => (check._tag === "Filter" ? [check] : filtersOf(check.checks)));
}

function compileNew(ast: AST.AST, compilation: Compilation): Canonicalizer {
  switch (ast._tag) {
    case "String":
      return leaf("a string", (value) => typeof value === "string");
    case "Number":
      return finite;
    case "Boolean":
      return leaf("true or false", (value) => typeof value === "boolean");
    case "Null":
      return leaf("null", (value) => value === null);
    case "Literal":
      return literal(ast.literal as Json);
    case "Unknown":
    case "Any":
      return anyJson(compilation.parts);
    case "Suspend":
      return (value) => compile(ast.thunk(), compilation)(value);
    case "Arrays":
      return arrays(ast, compilation);
    case "Objects":
      return objects(ast, compilation);
    case "Union":
      return union(ast, compilation);
    default:
      throw new TypeError(
        `A schema of kind ${ast._tag} has no JSON form here. Describe states and messages with structs, records, ` +
          "arrays, unions, literals, strings, numbers, booleans and null.",
      );
  }
}

/**
 * What one schema has brought into canonical form. A new state shares most of its parts with the one
 * before: such a part is canonical already, as long as nobody can have changed it. With `parts` all that was made is
 * frozen; without, it is if it was frozen since.
 */
class Made {
  readonly #parts: Parts | null;
  readonly #kind: number;

  constructor(parts: Parts | null) {
    this.#parts = parts;
    this.#kind = parts === null ? 0 : parts.kind();
  }

  has(value: unknown): value is Json & object {
    if (typeof value !== "object" || value === null) return false;
    return this.#parts === null ? isMadeBy(value, this) && Object.isFrozen(value) : isPartOf(value, this);
  }

  /** An array of these items. */
  array(items: readonly Json[]): Json {
    if (this.#parts === null) return this.#stamped(items);
    this.#parts.begin(this.#kind);
    for (const item of items) this.#parts.add(item);
    return this.#once(() => items);
  }

  /** An object with these fields; those among `beside` make no difference, those that are undefined are absent. */
  object(
    names: readonly string[],
    items: readonly (Json | undefined)[],
    beside: ReadonlySet<string>,
    rest: number,
  ): Json {
    const make = () => objectOf(names, items);
    if (this.#parts === null) return this.#stamped(make());
    this.#parts.begin(this.#kind);
    for (let index = 0; index < names.length; index++) {
      const [name, item] = [names[index]!, items[index]];
      if (beside.size > 0 && beside.has(name)) {
        if (item !== undefined) deepFreeze(item, stampInterned);
        continue;
      }
      if (index >= rest) this.#parts.add(name);
      this.#parts.add(item);
    }
    return this.#once(make);
  }

  #once(make: () => Json & object): Json {
    const parts = this.#parts!;
    return parts.find() ?? parts.keep(make(), this);
  }

  #stamped<T extends Json & object>(value: T): T {
    stampMaker(value, this);
    return value;
  }
}

function objectOf(names: readonly string[], items: readonly (Json | undefined)[]): Json & object {
  const object: Record<string, Json> = {};
  for (let index = 0; index < names.length; index++)
    if (items[index] !== undefined) put(object, names[index]!, items[index]!);
  return object;
}

function leaf(expected: string, accepts: (value: unknown) => boolean): Canonicalizer {
  return (value) => (accepts(value) ? (value as Json) : new SchemaMismatch("", expected, value));
}

/** The literal as the schema has it: -0 is as good as 0. */
function literal(expected: Json): Canonicalizer {
  return (value) => (value === expected ? expected : new SchemaMismatch("", JSON.stringify(expected), value));
}

/** A number as its text has it: -0 is 0. */
const finite: Canonicalizer = (value) =>
  Number.isFinite(value) ? (value as number) + 0 : new SchemaMismatch("", "a finite number", value);

function arrays(ast: AST.Arrays, compilation: Compilation): Canonicalizer {
  const mark = ast.annotations?.[markKey];
  const elements = ast.elements.map((element) => compile(element, compilation));
  const rest = ast.rest[0] ? compile(ast.rest[0], compilation) : undefined;
  const made = new Made(compilation.parts);
  return (value) => {
    if (made.has(value)) return value;
    if (!Array.isArray(value)) return new SchemaMismatch("", "an array", value);
    if (value.length < elements.length || (!rest && value.length > elements.length))
      return new SchemaMismatch("", `an array of length ${elements.length}`, value);
    const items: Json[] = [];
    for (let index = 0; index < value.length; index++) {
      const canonical = (elements[index] ?? rest!)(value[index]);
      if (canonical instanceof SchemaMismatch) return canonical.within(`[${index}]`);
      items.push(canonical);
    }
    return made.array(mark === "set" || mark === "bag" ? sorted(items, mark) : items);
  };
}

/** Sorts by JSON text; in a set, drops repetitions. */
function sorted(items: readonly Json[], mark: "set" | "bag"): readonly Json[] {
  if (items.length < 2) return items;
  const texts = items.map(textOfValue);
  if (texts.every((text, index) => index === 0 || (texts[index - 1] as string) < text)) return items;
  const byText = items.map((item, index) => ({ text: texts[index]!, item }));
  byText.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const kept = mark === "bag" ? byText : byText.filter(({ text }, index) => text !== byText[index - 1]?.text);
  return kept.map(({ item }) => item);
}

const none: ReadonlySet<string> = new Set();
const asItIs: Canonicalizer = (value) => value as Json;

function fieldsOf(ast: AST.Objects, compilation: Compilation) {
  const isAsItIs = (type: AST.AST) => ast === compilation.root && isBeside(type);
  return ast.propertySignatures.map((field) => ({
    name: String(field.name),
    optional: field.type.context?.isOptional ?? false,
    canonical: isAsItIs(field.type) ? asItIs : compile(field.type, compilation),
  }));
}

function objects(ast: AST.Objects, compilation: Compilation): Canonicalizer {
  const fields = fieldsOf(ast, compilation);
  const declared = fields.map(({ name }) => name);
  const names = new Set(declared);
  const besides = ast.propertySignatures.filter(({ type }) => isBeside(type));
  const beside = besides.length === 0 ? none : new Set(besides.map(({ name }) => String(name)));
  const rest = ast.indexSignatures[0] ? compile(ast.indexSignatures[0].type, compilation) : undefined;
  const made = new Made(compilation.parts);
  return (value) => {
    if (made.has(value)) return value;
    if (!isPlainObject(value)) return new SchemaMismatch("", "a plain object", value);
    if (typeof value.toJSON === "function") return new SchemaMismatch("", withoutToJson, value);
    const items: (Json | undefined)[] = [];
    for (const { name, optional, canonical } of fields) {
      if (optional && !Object.hasOwn(value, name)) {
        items.push(undefined);
        continue;
      }
      const item = canonical(value[name]);
      if (item instanceof SchemaMismatch) return item.within(`.${name}`);
      items.push(item);
    }
    const keys = Object.keys(value);
    if (rest === undefined && keys.every((name) => names.has(name)))
      return made.object(declared, items, beside, declared.length);
    const all = [...declared];
    for (const name of keys.sort()) {
      if (names.has(name)) continue;
      if (!rest) return new SchemaMismatch(`.${name}`, "no such field", value[name]);
      const item = rest(value[name]);
      if (item instanceof SchemaMismatch) return item.within(`.${name}`);
      all.push(name);
      items.push(item);
    }
    return made.object(all, items, beside, declared.length);
  };
}

function union(ast: AST.Union, compilation: Compilation): Canonicalizer {
  const members = ast.types.map((type) => compile(type, compilation));
  /** What a member has made, as those before it make it: one of them may accept a set only now that it has no repetitions. */
  const settled = (canonical: Json, before: number): Json => {
    for (let index = 0; index < before; index++) {
      const form = members[index]!(canonical);
      if (!(form instanceof SchemaMismatch)) return form === canonical ? form : settled(form, index);
    }
    return canonical;
  };
  return (value) => {
    let deepest: SchemaMismatch | undefined;
    const wanted = new Set<string>();
    const tags = new Set<string>();
    let hasOtherTag = true;
    for (let index = 0; index < members.length; index++) {
      const canonical = members[index]!(value);
      if (!(canonical instanceof SchemaMismatch))
        return hasOtherTag || canonical === value ? canonical : settled(canonical, index);
      hasOtherTag &&= canonical.path === ".tag" && typeof canonical.found !== "object";
      if (canonical.path === ".tag") {
        tags.add(canonical.expected);
        continue; // another member's tag
      }
      if (canonical.path === "") wanted.add(canonical.expected);
      if (!deepest || canonical.path.length > deepest.path.length) deepest = canonical;
    }
    // The member that got furthest is the one that was meant; its problem is the useful one.
    if (deepest && deepest.path.length > 0) return deepest;
    if (wanted.size > 0) return new SchemaMismatch("", [...wanted].join(" or "), value);
    return new SchemaMismatch(".tag", [...tags].join(" or "), (value as { readonly tag?: unknown }).tag);
  };
}

/** Any JSON value; object keys sorted. */
function anyJson(parts: Parts | null): Canonicalizer {
  const [lists, records] = [new Made(parts), new Made(parts)];
  const canonicalize: Canonicalizer = (value) => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value;
    if (typeof value === "number") return finite(value);
    if (lists.has(value) || records.has(value)) return value;
    if (Array.isArray(value)) {
      const items: Json[] = [];
      for (let index = 0; index < value.length; index++) {
        const item = canonicalize(value[index]);
        if (item instanceof SchemaMismatch) return item.within(`[${index}]`);
        items.push(item);
      }
      return lists.array(items);
    }
    if (!isPlainObject(value)) return new SchemaMismatch("", "a JSON value", value);
    if (typeof value.toJSON === "function") return new SchemaMismatch("", withoutToJson, value);
    const names = Object.keys(value).sort();
    const items: Json[] = [];
    for (const name of names) {
      const item = canonicalize(value[name]);
      if (item instanceof SchemaMismatch) return item.within(`.${name}`);
      items.push(item);
    }
    return records.object(names, items, none, 0);
  };
  return canonicalize;
}

/** Its text would be that of something else: of a state that is stored, compared and shown, too. */
const withoutToJson = "an object without a method toJSON";

/** Sets a field whose name is anybody's choice: an assignment to `__proto__` would change the prototype, and the field be lost. */
function put(object: Record<string, Json>, name: string, item: Json): void {
  if (name === "__proto__")
    Object.defineProperty(object, name, { value: item, enumerable: true, configurable: true });
  else object[name] = item;
}
