// The suites of PBFT. `standard` is what CI runs (`npm run check:standard`): correct PBFT under every
// adversary in every inequivalent place where it has a move, and every mutant in the setting that exposes
// it. `small` is its quick part, `full` adds the cross product of mutants, adversaries and places.

import { pbftAdversaries } from "../catalogue/index.js";
import { pbftMutants, pbftVariants } from "../protocols/pbft/index.js";
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

/**
 * Two slots, a checkpoint after each, one slot at a time: the second needs the first one's checkpoint to be
 * stable.
 */
const checkpoints = {
  ...safety,
  properties: ["agreement", "validity", "checkpoint-agreement", "checkpoint-durability", "bounded-log"],
  slots: 2,
  checkpointInterval: 1,
  window: 1,
} as const;
/** One slot with its checkpoint: what a view change makes of it. */
const oneCheckpoint = {
  ...safety,
  properties: ["agreement", "validity", "checkpoint-agreement", "checkpoint-durability"],
  checkpointInterval: 1,
} as const;
/** What clients see of several requests. */
const histories = {
  ...safety,
  properties: ["validity", "linearizability"],
  clients: true,
  slots: 2,
} as const;

/** A client appends, and then reads without having the read ordered. */
const reads = { ...histories, slots: 1, operations: 2, reads: 1, readOnly: true } as const;
/**
 * A Byzantine client by itself. Its requests are nobody's to serve; that all replicas do the same with them
 * is.
 */
const client = {
  ...safety,
  properties: ["agreement"],
  adversaries: ["byzantine-client"],
  clients: true,
  requests: 1,
} as const;
const authenticators = { authentication: "authenticators" } as const;

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

const quickCheckpoints: readonly CheckRequest[] = [
  { ...checkpoints, adversaries: ["silent"], byzantine: ["r0"] },
  { ...checkpoints, adversaries: ["silent"], byzantine: ["r1"] },
  { ...checkpoints, adversaries: ["silent"], byzantine: ["r2"] },
  { ...checkpoints, adversaries: ["lying-voter"], byzantine: ["r3"], views: 0 },
  // With r3's votes a checkpoint is stable that one correct replica has not come to: it must catch up.
  { ...checkpoints, adversaries: ["checkpoint-liar"], byzantine: ["r3"], views: 0 },
  {
    ...checkpoints,
    adversaries: ["checkpoint-liar"],
    byzantine: ["r3"],
    views: 0,
    properties: ["catching-up"],
  },
  { ...histories, adversaries: ["silent"], byzantine: ["r3"], views: 0, requests: 2 },
  { ...histories, adversaries: ["silent"], byzantine: ["r0"], operations: 2 },
  { ...safety, adversaries: ["equivocating-primary"], byzantine: ["r0"], batch: 2 },
  { ...safety, adversaries: ["silent"], byzantine: ["r3"], batch: 2 },
  // As many primaries in a row are faulty as there can be, and (n=4) one is too slow besides.
  { ...service, adversaries: ["silent"], byzantine: ["r0", "r1"], replicas: 7, views: 2 },
  { ...service, adversaries: ["silent"], byzantine: ["r0"], views: 2 },
];

const quickClients: readonly CheckRequest[] = [
  { ...service, adversaries: ["silent"], byzantine: ["r0"], reads: 1, readOnly: true },
  { ...reads, adversaries: ["arbitrary"], byzantine: ["r3"], views: 0 },
  { ...client, byzantine: ["c0", "r3"] },
  {
    ...client,
    byzantine: ["c0", "r3"],
    properties: ["agreement", "nobody-waits-for-ever"],
    slots: 2,
    views: 0,
  },
  { ...safety, ...authenticators, adversaries: ["arbitrary"], byzantine: ["r0"], views: 0 },
];

const thorough: readonly CheckRequest[] = [
  { ...reads, adversaries: ["arbitrary"], byzantine: ["r0"], views: 0 },
  { ...service, ...authenticators, adversaries: ["equivocating-primary"], byzantine: ["r0"] },
  { ...client, ...authenticators, byzantine: ["c0", "r3"], views: 0 },
  // A client and the primary in league.
  { ...client, adversaries: ["arbitrary"], byzantine: ["c0", "r0"], views: 0 },
  { ...service, adversaries: ["lying-voter"], byzantine: ["r0"] },
  { ...service, adversaries: ["lying-voter"], byzantine: ["r2"] },
  // A primary of view 1 that keeps its new-view from some.
  { ...service, adversaries: ["new-view-forger"], byzantine: ["r1"], views: 2 },
  { ...rerun, adversaries: ["arbitrary"], reduce: "dominance" },
  { ...safety, adversaries: ["arbitrary"], views: 2, reduce: "dominance" },
  { ...safety, adversaries: ["silent"], byzantine: ["r3"], views: 2 },
  { ...safety, adversaries: ["equivocating-primary"], views: 2 },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r0"], views: 2 },
  { ...safety, adversaries: ["lying-voter"], byzantine: ["r1"], views: 2 },
  { ...service, adversaries: ["arbitrary"], byzantine: ["r2"] },
  { ...checkpoints, adversaries: ["equivocating-primary"], byzantine: ["r0"] },
  { ...oneCheckpoint, adversaries: ["checkpoint-liar"], byzantine: ["r2"] },
];

/** A minute or more each. */
const deep: readonly CheckRequest[] = [
  { ...service, adversaries: ["equivocating-primary"], byzantine: ["r1"], views: 2 },
  { ...reads, adversaries: ["arbitrary"], byzantine: ["r3"], reduce: "dominance" },
  { ...client, byzantine: ["c0"], properties: ["agreement", "nobody-waits-for-ever"], slots: 2, views: 0 },
  { ...client, byzantine: ["c0"], reduce: "dominance" },
  { ...checkpoints, adversaries: ["lying-voter"], byzantine: ["r2"] },
  { ...oneCheckpoint, adversaries: ["arbitrary"], byzantine: ["r1"] },
  { ...oneCheckpoint, adversaries: ["arbitrary"], byzantine: ["r2"] },
];

/**
 * What PBFT does not promise with authenticators, and does with signatures: a client that convinces the
 * primary alone makes it wait for ever (Clement et al., NSDI'09).
 */
const knownWeaknesses: readonly CheckRequest[] = [
  {
    ...client,
    ...authenticators,
    byzantine: ["c0"],
    properties: ["nobody-waits-for-ever"],
    slots: 2,
    views: 0,
    expect: "violated",
  },
];

const variants = pbftVariants.map(
  ({ name, holds: { property, adversary, byzantine, ...setting } }): CheckRequest => ({
    protocol: name,
    ...setting,
    adversaries: [adversary],
    byzantine,
    properties: [property],
    expect: "holds",
  }),
);

/** Mutants whose violation takes the plain search more than a few seconds. */
const slow = [
  "duplicate-votes-count",
  "prepares-are-commits",
  "primary-prepares",
  "new-view-unjustified",
  "backup-trusts-new-view",
  "certificate-unchecked",
  "primary-waits-for-ever",
  "pre-prepare-from-anyone",
  "view-change-not-deduplicated",
  "checkpoint-proof-unchecked",
  "snapshot-unchecked",
  "executes-out-of-order",
  "old-timestamps-executed",
  "quorum-fixed-2f+1",
  "no-watermarks",
  "new-view-lowest-certificate",
  "certificate-needs-authenticator",
];

/**
 * The plain search finds the counterexample with the fewest actions; where that takes long, visible ones
 * are counted.
 */
const mutants = pbftMutants.map(({ name }): CheckRequest => {
  const isSlow = slow.some((slowName) => name.endsWith(`/${slowName}`));
  return { protocol: name, expect: "violated", reduce: isSlow ? "visible-steps" : "none" };
});
const quickMutants = mutants.filter(({ reduce }) => reduce === "none");

/** Those that run the protocol's own steps have more states than all others together. */
const speakers = pbftAdversaries.filter(({ stepFaults }) => !stepFaults).map(({ name }) => name);

/**
 * In the cross product nothing is expected of a mutant under an adversary that may be too weak for it;
 * where it must fall, the standard suite says so.
 */
const crossProduct: readonly Suite[] = pbftMutants.map(
  ({ name, exposedBy: { property, adversary: _, byzantine: __, ...setting } }) => ({
    name: `${name} under everything`,
    requests: [
      {
        protocol: name,
        ...setting,
        adversaries: ["none", ...speakers],
        properties: [property],
        expect: "any",
      },
    ],
  }),
);

const standard: readonly Suite[] = [
  { name: "PBFT, correct", requests: [...quick, ...quickCheckpoints, ...quickClients, ...thorough] },
  { name: "PBFT, known weaknesses", requests: knownWeaknesses },
  { name: "PBFT, changed without harm", requests: variants },
  { name: "PBFT, broken on purpose", requests: mutants },
];

/** The suites of PBFT, by name. */
export const pbftSuites = {
  small: [
    { name: "PBFT, correct", requests: [...quick, ...quickCheckpoints, ...quickClients] },
    { name: "PBFT, broken on purpose", requests: quickMutants },
  ],
  standard,
  full: [...standard, { name: "PBFT, correct, deeper", requests: deep }, ...crossProduct],
} as const satisfies { readonly [name: string]: readonly Suite[] };
