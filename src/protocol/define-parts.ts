// The parts that a definition and a variation can have, by name. A misspelt part would not be heard of again: `request` for `requests`
// gives other requests, and `stabel` loses nothing in a crash. Types tell only who checks them, and modules are loaded without.

import type { AnyDefinition, AnyVariation } from "./any-definition.js";
import { stateFields } from "./define-schemas.js";
import { type Parts, type Shape, shapeProblem, unknownPart } from "./parts.js";

const promises: readonly Required<AnyDefinition>["promises"][] = ["all-execute", "termination", "totality"];

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
  promises: [{ oneOf: promises }],
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

function refuseOtherShapes(name: string, value: object, parts: Parts): void {
  const problem = shapeProblem(value, parts);
  if (problem !== null) throw new TypeError(`${name}: ${problem}`);
}

function refuseUnknown(names: readonly string[], known: readonly string[], complaint: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(unknownPart(complaint, unknown, known));
}
