// Expressions and patterns of mappings. An expression is JSON: a text that begins with `$` is a field of the record (`$event.state.term`), an
// object with one key that begins with `$` an operation, and everything else itself. A pattern is an expression whose objects may leave out
// fields: those match anything.

import { UserError } from "../../model/errors.js";
import { sortedText } from "../../model/sorted-text.js";
import type { Json } from "../../protocol/index.js";

/** What expressions are evaluated in. */
export interface Scope {
  /** One record of somebody else's. */
  readonly record: Json;
  /** Where it stands, for errors. */
  readonly place: string;
  readonly constants: { readonly [name: string]: Json };
  /** Others' names of nodes, and ours. */
  readonly nodes: { readonly [name: string]: string };
}

/** A field by its path (with dots), or undefined. A name that contains dots is found as well. */
export function fieldAt(value: Json, path: string): Json | undefined {
  if (path === "") return value;
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, path)) return (value as { readonly [name: string]: Json })[path];
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const name = path.slice(0, dot);
    if (!Object.hasOwn(value, name)) continue;
    const found = fieldAt((value as { readonly [name: string]: Json })[name]!, path.slice(dot + 1));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value of an expression. @throws {UserError} `bad-file` for a field that is not there, or an operation that cannot be done. */
export function evaluated(expression: unknown, scope: Scope): Json {
  if (typeof expression === "string")
    return expression.startsWith("$") ? named(expression, scope) : expression;
  if (typeof expression !== "object" || expression === null) return expression as Json;
  if (Array.isArray(expression)) return expression.map((item) => evaluated(item, scope));
  const [name, argument] = operationOf(expression) ?? [];
  if (name !== undefined) return operated(name, argument, scope);
  return Object.fromEntries(Object.entries(expression).map(([key, item]) => [key, evaluated(item, scope)]));
}

/** The one key that begins with `$`, with what stands there. */
function operationOf(expression: object): readonly [string, unknown] | null {
  const entries = Object.entries(expression);
  return entries.length === 1 && entries[0]![0].startsWith("$") ? entries[0]! : null;
}

function named(text: string, { record, constants, place }: Scope): Json {
  const name = text.slice(1);
  if (name.startsWith("$")) return name; // a text that begins with $
  const found = Object.hasOwn(constants, name) ? constants[name] : fieldAt(record, name);
  if (found === undefined)
    throw new UserError(
      "bad-file",
      `${place} has no field ${name}, which the mapping reads${nearby(record, name)}.`,
    );
  return found;
}

/** Which fields stand where one was looked for. */
function nearby(record: Json, path: string): string {
  const names = path.split(".");
  for (let depth = names.length - 1; depth >= 0; depth--) {
    const above = fieldAt(record, names.slice(0, depth).join("."));
    if (typeof above !== "object" || above === null) continue;
    const where = depth === 0 ? "It" : `Its ${names.slice(0, depth).join(".")}`;
    return `. ${where} has ${Object.keys(above).join(", ") || "none"}`;
  }
  return "";
}

function operated(name: string, argument: unknown, scope: Scope): Json {
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation !== undefined) return operation(argument, scope, fault(scope, name));
  const known = Object.keys(operations).join(", ");
  throw fault(
    scope,
    name,
  )(`is no operation: there are ${known}, and in patterns $any, $length, $set and $oneOf`);
}

type Fault = (problem: string) => UserError;

function fault({ place }: Scope, name: string): Fault {
  return (problem) => new UserError("bad-file", `${place}: ${name} ${problem}.`);
}

const operations: { readonly [name: string]: (argument: unknown, scope: Scope, fails: Fault) => Json } = {
  $add: (argument, scope, fails) => numbersOf(argument, scope, fails).reduce((sum, item) => sum + item, 0),
  $sub: (argument, scope, fails) => numbersOf(argument, scope, fails).reduce((rest, item) => rest - item),
  $count: (argument, scope, fails) => {
    const items = evaluated(argument, scope);
    if (typeof items !== "object" || items === null) throw fails("takes a list or an object");
    return Object.keys(items).length;
  },
  $node: (argument, scope, fails) => {
    const theirs = String(evaluated(argument, scope));
    const ours = Object.hasOwn(scope.nodes, theirs) ? scope.nodes[theirs] : undefined;
    if (ours !== undefined) return ours;
    throw fails(`does not know ${theirs}: \`nodes\` has ${Object.keys(scope.nodes).join(", ")}`);
  },
  $pick: (argument, scope, fails) => {
    const [of, table] = pairIn(argument, fails) as readonly [unknown, { readonly [value: string]: unknown }];
    const key = String(evaluated(of, scope));
    const found = Object.hasOwn(table, key) ? table[key] : table["*"];
    if (found !== undefined) return evaluated(found, scope);
    throw fails(`has nothing for ${key}: it knows ${Object.keys(table).join(", ")}`);
  },
  $at: (argument, scope, fails) => {
    const [of, path] = pairIn(argument, fails);
    const name = String(evaluated(path, scope));
    const found = fieldAt(evaluated(of, scope), name);
    if (found !== undefined) return found;
    throw fails(`finds no ${name}`);
  },
};

function pairIn(argument: unknown, fails: Fault): readonly [unknown, unknown] {
  if (Array.isArray(argument) && argument.length === 2) return argument as [unknown, unknown];
  throw fails(`takes a list of two, not ${JSON.stringify(argument)}`);
}

function numbersOf(argument: unknown, scope: Scope, fails: Fault): readonly number[] {
  const items = evaluated(argument, scope);
  if (!Array.isArray(items) || items.length === 0)
    throw fails(`takes a list of numbers, not ${JSON.stringify(items)}`);
  for (const item of items)
    if (typeof item !== "number") throw fails(`takes numbers, not ${JSON.stringify(item)}`);
  return items as readonly number[];
}

/** Whether all conditions hold. A field that is not there is null to them. */
export function holds(conditions: { readonly [path: string]: unknown }, scope: Scope): boolean {
  return Object.entries(conditions).every(([path, wanted]) => {
    const found = fieldAt(scope.record, path) ?? null;
    return mismatch(wanted, found, scope) === null;
  });
}

/** Where a value does not match a pattern, in words; null if it does. */
export function mismatch(pattern: unknown, value: Json, scope: Scope, path = ""): string | null {
  const isObject = typeof pattern === "object" && pattern !== null && !Array.isArray(pattern);
  if (!isObject) {
    const wanted = evaluated(pattern, scope);
    if (sortedText(wanted) === sortedText(value)) return null;
    return `${path || "it"} is ${JSON.stringify(value)}, and not ${JSON.stringify(wanted)}`;
  }
  const [operation, argument] = operationOf(pattern) ?? [];
  if (operation === "$any") return null;
  if (operation === "$length" || operation === "$set" || operation === "$oneOf")
    return mismatchOf(operation, argument, value, scope, path);
  if (operation !== undefined) return mismatch({ $oneOf: [pattern] }, value, scope, path);
  if (typeof value !== "object" || value === null)
    return `${path || "it"} is ${JSON.stringify(value)}, and is to have fields`;
  for (const [name, inner] of Object.entries(pattern)) {
    const found = (value as { readonly [name: string]: Json })[name];
    if (found === undefined) return `${path || "it"} has no ${name}, but ${Object.keys(value).join(", ")}`;
    const problem = mismatch(inner, found, scope, path === "" ? name : `${path}.${name}`);
    if (problem !== null) return problem;
  }
  return null;
}

function mismatchOf(
  operation: string,
  argument: unknown,
  value: Json,
  scope: Scope,
  path: string,
): string | null {
  const where = path || "it";
  if (operation === "$oneOf") {
    const wanted = (argument as readonly unknown[]).map((one) => evaluated(one, scope));
    if (wanted.some((one) => sortedText(one) === sortedText(value))) return null;
    return `${where} is ${JSON.stringify(value)}, and not ${wanted.map((one) => JSON.stringify(one)).join(" or ")}`;
  }
  if (!Array.isArray(value)) return `${where} is ${JSON.stringify(value)}, and is to be a list`;
  const wanted = evaluated(argument, scope);
  if (operation === "$length")
    return value.length === wanted ? null : `${where} has ${value.length} elements, and not ${wanted}`;
  const texts = (items: readonly Json[]) => [...new Set(items.map(sortedText))].sort().join();
  if (Array.isArray(wanted) && texts(value) === texts(wanted)) return null;
  return `${where} is ${JSON.stringify(value)}, and not the set ${JSON.stringify(wanted)}`;
}
