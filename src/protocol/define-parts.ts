// The parts that a definition and a variation can have, by name. A misspelt part would not be heard of again: `request` for `requests`
// gives other requests, and `stabel` loses nothing in a crash. Types tell only who checks them, and modules are loaded without.

import type { AnyDefinition, AnyVariation } from "./any-definition.js";
import { stateFields } from "./define-schemas.js";
import { didYouMean } from "./did-you-mean.js";

const definitionParts: { readonly [part in keyof Required<AnyDefinition>]: true } = {
  name: true,
  summary: true,
  messages: true,
  state: true,
  initial: true,
  stable: true,
  unsynced: true,
  request: true,
  requests: true,
  digest: true,
  parameters: true,
  rules: true,
  primary: true,
  nodes: true,
  interchangeable: true,
  alphabet: true,
  refuses: true,
  stalls: true,
  on: true,
  onTimer: true,
  onRequest: true,
  onStart: true,
  step: true,
  completions: true,
  view: true,
  show: true,
  isDead: true,
  tally: true,
  nullRequests: true,
  notes: true,
  promises: true,
  vocabulary: true,
  resilience: true,
  mutation: true,
};

const variationParts: { readonly [part in keyof Required<AnyVariation>]: true } = {
  name: true,
  flaw: true,
  set: true,
  rules: true,
  on: true,
  onTimer: true,
  onRequest: true,
  onStart: true,
  exposedBy: true,
};

/** @throws {TypeError} for a part that no definition has, and for a stable field that the state does not have. */
export function refuseUnknownDefinition(definition: AnyDefinition): void {
  const { name, stable = [] } = definition;
  refuseUnknown(
    Object.keys(definition),
    Object.keys(definitionParts),
    `${name}: defineProtocol knows no part`,
  );
  const fields = stateFields(definition.state);
  if (fields)
    refuseUnknown(stable, fields, `${name}: \`stable\` names a field that the state does not have:`);
}

/** @throws {TypeError} for a part that no variation has. */
export function refuseUnknownVariation(name: string, variation: AnyVariation): void {
  refuseUnknown(Object.keys(variation), Object.keys(variationParts), `${name}: a variation has no part`);
}

function refuseUnknown(names: readonly string[], known: readonly string[], complaint: string): void {
  for (const name of names)
    if (!known.includes(name))
      throw new TypeError(
        `${complaint} "${name}". ${didYouMean(name, known)}There are: ${known.join(", ")}.`,
      );
}
