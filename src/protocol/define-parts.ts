// The parts that a definition and a variation can have, by name. A misspelt part would not be heard of again: `request` for `requests`
// gives other requests, and `stabel` loses nothing in a crash. Types tell only who checks them, and modules are loaded without.

import type { AnyDefinition, AnyVariation } from "./any-definition.js";
import { stateFields } from "./define-schemas.js";
import { didYouMean } from "./did-you-mean.js";

/** What a part can be; `any`: it is looked at elsewhere. */
type Shape = "text" | "promise" | "function" | "functions by name" | "object" | "list" | "boolean" | "any";

/** The parts of a definition, each with what it can be. */
export const definitionParts: { readonly [part in keyof Required<AnyDefinition>]: readonly Shape[] } = {
  name: ["text"],
  summary: ["text"],
  messages: ["any"],
  state: ["any"],
  initial: ["any"],
  stable: ["list"],
  unsynced: ["function"],
  request: ["any"],
  requests: ["list", "function"],
  digest: ["function"],
  parameters: ["object"],
  rules: ["functions by name"],
  primary: ["function"],
  nodes: ["function"],
  interchangeable: ["function"],
  alphabet: ["object", "function"],
  refuses: ["function"],
  stalls: ["function"],
  on: ["functions by name"],
  onTimer: ["functions by name"],
  onRequest: ["function"],
  onStart: ["function"],
  step: ["function"],
  completions: ["list"],
  view: ["function"],
  show: ["function"],
  isDead: ["function"],
  tally: ["function"],
  nullRequests: ["boolean"],
  messagesComeOnce: ["boolean"],
  notes: ["function"],
  promises: ["promise"],
  vocabulary: ["object"],
  resilience: ["any"],
  mutation: ["object"],
};

/** The same of a variation. */
const variationParts: { readonly [part in keyof Required<AnyVariation>]: readonly Shape[] } = {
  name: ["text"],
  flaw: ["text"],
  set: ["object"],
  rules: ["functions by name"],
  on: ["functions by name"],
  onTimer: ["functions by name"],
  onRequest: ["function"],
  onStart: ["function"],
  exposedBy: ["object"],
};

/**
 * @throws {TypeError} for a part that no definition has, one that is not what it has to be, and for a stable field that the state does not
 *   have.
 */
export function refuseUnknownDefinition(definition: AnyDefinition): void {
  const { name } = definition;
  refuseUnknown(
    Object.keys(definition),
    Object.keys(definitionParts),
    `${name}: defineProtocol knows no part`,
  );
  refuseOtherShapes(name, definition, definitionParts);
  const fields = stateFields(definition.state);
  if (fields)
    refuseUnknown(
      definition.stable ?? [],
      fields,
      `${name}: \`stable\` names a field that the state does not have:`,
    );
}

/** @throws {TypeError} for a part that no variation has, and for one that is not what it has to be. */
export function refuseUnknownVariation(name: string, variation: AnyVariation): void {
  refuseUnknown(Object.keys(variation), Object.keys(variationParts), `${name}: a variation has no part`);
  refuseOtherShapes(name, variation, variationParts);
}

function refuseOtherShapes(
  name: string,
  parts: object,
  shapes: { readonly [part: string]: readonly Shape[] },
): void {
  for (const [part, value] of Object.entries(parts)) {
    if (value === undefined) continue; // left out
    const allowed = shapes[part]!;
    if (allowed.some((shape) => hasShape(value, shape))) continue;
    if (allowed[0] === "functions by name" && hasShape(value, "object")) {
      const [other] = Object.entries(value).find(([, each]) => typeof each !== "function")!;
      throw new TypeError(`${name}: \`${part}.${other}\` has to be a function.`);
    }
    throw new TypeError(
      `${name}: \`${part}\` has to be ${allowed.map((shape) => shapeNames[shape]).join(" or ")}.`,
    );
  }
}

const promises: readonly Required<AnyDefinition>["promises"][] = ["all-execute", "termination", "totality"];

const shapeNames: { readonly [shape in Shape]: string } = {
  text: "a text",
  promise: promises.map((promise) => `"${promise}"`).join(" or "),
  function: "a function",
  "functions by name": "an object of functions",
  object: "an object",
  list: "a list",
  boolean: "true or false",
  any: "anything",
};

function hasShape(value: unknown, shape: Shape): boolean {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  if (shape === "any") return true;
  if (shape === "text") return typeof value === "string";
  if (shape === "promise") return promises.some((promise) => promise === value);
  if (shape === "list") return Array.isArray(value);
  if (shape === "object") return isObject;
  if (shape === "functions by name")
    return isObject && Object.values(value).every((each) => each === undefined || typeof each === "function");
  return typeof value === shape;
}

function refuseUnknown(names: readonly string[], known: readonly string[], complaint: string): void {
  for (const name of names)
    if (!known.includes(name))
      throw new TypeError(
        `${complaint} "${name}". ${didYouMean(name, known)}There are: ${known.join(", ")}.`,
      );
}
