// The parts of what a module exports beside its protocol: adversaries, properties and puppets; and of what these give.

import type { Adversary, StepFaults } from "./adversary.js";
import type { Monitor, Property } from "./monitor.js";
import { type PartsWanted, partsProblem, type Shape } from "./parts.js";
import type { Puppet } from "./puppet.js";

type PartsOf<T> = { readonly [part in keyof Required<T>]: readonly Shape[] };

const adversary: PartsOf<Adversary<never>> & { readonly alphabet: readonly Shape[] } = {
  name: ["text"],
  summary: ["text"],
  strength: ["number"],
  plays: [{ oneOf: ["replica", "client"] }, "object"],
  forwards: ["boolean"],
  speaks: ["boolean"],
  canMove: ["function"],
  observes: ["function"],
  moves: ["function"],
  prepares: ["function"],
  stepFaults: ["object"],
  alphabet: ["function"], // of the generic liar, which may be changed and exported
};

const stepFaults: PartsOf<StepFaults<never>> = {
  copies: ["number"],
  forgets: ["boolean"],
  owes: ["boolean"],
  until: ["number"],
  says: ["function"],
};

const property: PartsOf<Property> = {
  name: ["text"],
  summary: ["text"],
  kind: [{ oneOf: ["always", "eventually", "sometimes"] }],
  observes: [{ oneOf: ["replicas", "clients", "both"] }],
  exercise: ["text", "function"],
  configures: ["object"],
  servesAll: ["boolean"],
  appliesTo: ["function"],
  hears: ["function"],
  looks: ["function"],
  monitor: ["function"],
  part: ["function"],
};

const monitor: PartsOf<Monitor> = {
  init: ["any"],
  on: ["function"],
  verdict: ["function"],
  exercised: ["function"],
  explain: ["function"],
};

const puppet: PartsOf<Puppet<never>> = {
  name: ["text"],
  summary: ["text"],
  lies: ["boolean"],
  attach: ["function"],
};

/** What each of them has to be made of. */
export const exportedParts: {
  readonly [kind in "adversary" | "stepFaults" | "property" | "monitor" | "puppet"]: PartsWanted;
} = {
  adversary: {
    what: "an adversary",
    parts: adversary,
    required: ["name", "forwards", "speaks", "canMove", "observes", "moves"],
  },
  stepFaults: { what: "`stepFaults`", parts: stepFaults, required: [] },
  property: {
    what: "a property",
    parts: property,
    required: ["name", "kind", "observes", "exercise", "monitor"],
  },
  monitor: {
    what: "a monitor",
    parts: monitor,
    required: ["init", "on", "verdict", "exercised", "explain"],
  },
  puppet: { what: "a puppet", parts: puppet, required: ["name", "attach"] },
};

const lists = { adversaries: "adversary", properties: "property", puppets: "puppet" } as const;

/**
 * What is wrong with an element of such an export, to stand behind its place; null: nothing is. `required`: what it cannot do without.
 *
 * ```ts
 * exportedProblem(5, "puppets") // => " must be a puppet: an object with name and attach."
 * ```
 */
export function exportedProblem(
  value: unknown,
  list: keyof typeof lists,
  required = exportedParts[lists[list]].required,
): string | null {
  const wanted = { ...exportedParts[lists[list]], required };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const parts = `${required.slice(0, -1).join(", ")} and ${required.at(-1)}`;
    return ` must be ${wanted.what}: an object with ${parts}.`;
  }
  const { stepFaults } = value as { readonly stepFaults?: object };
  const problem =
    partsProblem(value, wanted) ??
    (list === "adversaries" && stepFaults ? partsProblem(stepFaults, exportedParts.stepFaults) : null);
  return problem && `: ${problem}`;
}
