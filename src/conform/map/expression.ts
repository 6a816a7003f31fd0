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
  const fault = (problem: string) => new UserError("bad-file", `${scope.place}: ${name} ${problem}.`);
  const list = () => {
    const items = evaluated(argument, scope);
    if (!Array.isArray(items)) throw fault(`takes a list, not ${JSON.stringify(items)}`);
    return items as readonly Json[];
  };
  const numbers = () => {
    const items = list();
    for (const item of items)
      if (typeof item !== "number") throw fault(`takes numbers, not ${JSON.stringify(item)}`);
    return items as readonly number[];
  };
  switch (name) {
    case "$add":
      return numbers().reduce((sum, item) => sum + item, 0);
    case "$sub":
      return numbers().reduce((rest, item) => rest - item);
    case "$count": {
      const items = evaluated(argument, scope);
      if (typeof items !== "object" || items === null) throw fault("takes a list or an object");
      return Object.keys(items).length;
    }
    case "$node": {
      const theirs = String(evaluated(argument, scope));
      const ours = Object.hasOwn(scope.nodes, theirs) ? scope.nodes[theirs] : undefined;
      if (ours === undefined)
        throw fault(`does not know ${theirs}: \`nodes\` has ${Object.keys(scope.nodes).join(", ")}`);
      return ours;
    }
    case "$pick": {
      const [of, table] = argument as readonly [unknown, { readonly [value: string]: unknown }];
      const key = String(evaluated(of, scope));
      const found = Object.hasOwn(table, key) ? table[key] : table["*"];
      if (found === undefined)
        throw fault(`has nothing for ${key}: it knows ${Object.keys(table).join(", ")}`);
      return evaluated(found, scope);
    }
    case "$at": {
      const [of, path] = argument as readonly [unknown, unknown];
      const found = fieldAt(evaluated(of, scope), String(evaluated(path, scope)));
      if (found === undefined) throw fault(`finds no ${String(evaluated(path, scope))}`);
      return found;
    }
    default:
      throw fault(
        "is no operation: there are $add, $sub, $count, $node, $pick and $at, and in patterns $any, $length, $set and $oneOf",
      );
  }
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
