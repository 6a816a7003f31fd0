// The built-in suites. `standard` is what `npm start` runs: correct PBFT under every adversary in every inequivalent place
// where it has a move, and every mutant in the setting in which it falls. `small` is its quick part, `full` adds the
// cross product of mutants, adversaries and places.

import { pbftMutants } from "../protocols/pbft/index.js";
import type { CheckRequest, Suite } from "./request.js";

const safety = {
  protocol: "pbft",
  properties: ["agreement", "validity"],
  clients: false,
  expect: "holds",
} as const;
/** With integrity: where a slot that was executed in view 0 can be re-run in view 1. */
const rerun = { ...safety, properties: ["agreement", "validity", "integrity"] } as const;
const service = { ...safety, properties: ["validity", "clients-are-served"], clients: true } as const;

const quick: readonly CheckRequest[] = [
  { ...safety, adversaries: ["silent"], byzantine: ["r0"] },
  { ...safety, adversaries: ["silent"], byzantine: ["r1"] },
  { ...rerun, adversaries: ["silent"], byzantine: ["r2"] },
  { ...rerun, adversaries: ["equivocating-primary"], byzantine: ["r0"] },
  { ...safety, adversaries: ["equivocating-primary"], byzantine: ["r1"] },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r0"] },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r1"] },
  { ...rerun, adversaries: ["lying-voter"], byzantine: ["r2"] },
  { ...service, adversaries: ["silent"], byzantine: ["r0"] },
  { ...service, adversaries: ["silent"], byzantine: ["r2"] },
  // The primary of the last view must be correct for anybody to be served: one view more covers r1.
  { ...service, adversaries: ["silent"], byzantine: ["r1"], views: 2 },
];

const thorough: readonly CheckRequest[] = [
  { ...service, adversaries: ["lying-voter"], byzantine: ["r0"] },
  { ...service, adversaries: ["lying-voter"], byzantine: ["r2"] },
  { ...rerun, adversaries: ["arbitrary"], reduce: "dominance" },
  { ...safety, adversaries: ["arbitrary"], byzantine: ["r3"], views: 2, reduce: "dominance" },
  { ...safety, adversaries: ["silent"], byzantine: ["r3"], views: 2 },
  { ...safety, adversaries: ["equivocating-primary"], views: 2 },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r0"], views: 2 },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r1"], views: 2 },
  { ...service, adversaries: ["arbitrary"], byzantine: ["r2"] },
];

/** Mutants whose downfall takes the plain search more than a few seconds. */
const slow = [
  "duplicate-votes-count",
  "new-view-unjustified",
  "backup-trusts-new-view",
  "certificate-unchecked",
  "primary-waits-for-ever",
];

/** The plain search finds the counterexample with the fewest actions; where that takes long, visible ones are counted. */
const mutants = pbftMutants.map(({ name }): CheckRequest => {
  const isSlow = slow.some((slowName) => name.endsWith(`/${slowName}`));
  return { protocol: name, expect: "violated", reduce: isSlow ? "visible-steps" : "none" };
});
const quickMutants = mutants.filter(({ reduce }) => reduce === "none");

/**
 * In the cross product nothing is expected of a mutant under an adversary that may be too weak for it; where it must
 * fall, the standard suite says so.
 */
const crossProduct: readonly Suite[] = pbftMutants.map(({ name, falls: { views, clients, property } }) => ({
  name: `${name} under everything`,
  requests: [
    { protocol: name, adversaries: ["none", "all"], properties: [property], views, clients, expect: "any" },
  ],
}));

const standard: readonly Suite[] = [
  { name: "PBFT, correct", requests: [...quick, ...thorough] },
  { name: "PBFT, broken on purpose", requests: mutants },
];

/** See the file comment. */
export const pbftSuites = {
  small: [
    { name: "PBFT, correct", requests: quick },
    { name: "PBFT, broken on purpose", requests: quickMutants },
  ],
  standard,
  full: [...standard, ...crossProduct],
} as const satisfies { readonly [name: string]: readonly Suite[] };
