// What the parts of an object of the user's can be. A misspelt part would not be heard of again, and types tell only who checks them: modules
// are loaded without.

import { didYouMean } from "./did-you-mean.js";

/** What a part can be; `any`: it is looked at elsewhere. */
export type Shape =
  | "text"
  | "number"
  | "boolean"
  | "function"
  | "functions by name"
  | "object"
  | "list"
  | "any"
  | { readonly oneOf: readonly string[] };

/** By name, what each part can be. */
export type Parts = { readonly [part: string]: readonly Shape[] };

/** What an object has to be made of. */
export interface PartsWanted {
  /** As in `an adversary`. */
  readonly what: string;
  readonly parts: Parts;
  readonly required: readonly string[];
}

/**
 * What is wrong with the parts of an object, in words: a part that there is not, one that is something else than it has to be, one that is
 * missing. Null: nothing is. An instance of a class may have fields of its own besides.
 *
 * ```ts
 * partsProblem({ naem: "a" }, { what: "a pet", parts: { name: ["text"] }, required: ["name"] })
 * // => 'a pet has no part "naem". Did you mean "name"? There are: name.'
 * ```
 */
export function partsProblem(value: object, { what, parts, required }: PartsWanted): string | null {
  const names = Object.keys(parts);
  const unknown = isInstance(value) ? undefined : Object.keys(value).find((name) => !names.includes(name));
  if (unknown !== undefined) return unknownPart(`${what} has no part`, unknown, names);
  const given = value as { readonly [part: string]: unknown };
  const other = shapeProblem(given, parts);
  if (other !== null) return other;
  const missing = required.find((name) => given[name] === undefined);
  if (missing === undefined) return null;
  const shapes = parts[missing]!;
  const kind = shapes.includes("any") ? "" : `, and it has to be ${shapesText(shapes)}`;
  return `\`${missing}\` is missing: ${what} needs it${kind}.`;
}

/** Whether a value is an instance of a class, and no object by itself. */
function isInstance(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}

/** A part that there is not, with what there is. */
export function unknownPart(complaint: string, name: string, known: readonly string[]): string {
  return `${complaint} "${name}". ${didYouMean(name, known)}There are: ${known.join(", ")}.`;
}

/** What is wrong with those of these parts that are there; null: nothing is. */
export function shapeProblem(value: object, parts: Parts): string | null {
  for (const [part, shapes] of Object.entries(parts)) {
    const given = (value as { readonly [part: string]: unknown })[part];
    if (given === undefined || shapes.some((shape) => hasShape(given, shape))) continue;
    if (shapes[0] === "functions by name" && hasShape(given, "object")) {
      const [other] = Object.entries(given as object).find(([, each]) => typeof each !== "function")!;
      return `\`${part}.${other}\` has to be a function.`;
    }
    return `\`${part}\` has to be ${shapesText(shapes)}.`;
  }
  return null;
}

const shapeNames = {
  text: "a text",
  number: "a number",
  boolean: "true or false",
  function: "a function",
  "functions by name": "an object of functions",
  object: "an object",
  list: "a list",
  any: "anything",
};

function shapesText(shapes: readonly Shape[]): string {
  const texts = shapes.map((shape) =>
    typeof shape === "string" ? shapeNames[shape] : shape.oneOf.map((one) => `"${one}"`).join(" or "),
  );
  return texts.join(" or ");
}

function hasShape(value: unknown, shape: Shape): boolean {
  if (typeof shape !== "string") return shape.oneOf.some((one) => one === value);
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (shape === "any") return true;
  if (shape === "text") return typeof value === "string";
  if (shape === "list") return Array.isArray(value);
  if (shape === "object") return isObject;
  if (shape === "functions by name")
    return isObject && Object.values(value).every((each) => each === undefined || typeof each === "function");
  return typeof value === shape;
}
