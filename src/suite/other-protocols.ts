// The suites of the protocols other than PBFT: first each correct protocol, under every adversary in every
// placement in which it can move, within bounds that are searched exhaustively; then each of its mutants in
// its known setting.

import { registry } from "../catalogue/other-protocols.js";
import type { CheckRequest, Suite } from "./request.js";

/** Crash faults only, so no placement needs an adversary. */
const alone = { adversaries: ["none"], faults: 0 } as const;
const oneView = { views: 0, properties: ["agreement", "validity"], reduce: "dominance" } as const;
const register = { ...alone, replicas: 3, requests: 2, network: "once:keep" } as const;

const withoutClients = { properties: ["agreement", "validity"], clients: false } as const;
const served = { properties: ["validity", "clients-are-served"], clients: true } as const;

/** What a single term of Raft can test. */
const inOneTerm = ["agreement", "election-safety", "log-matching", "only-grows"];

/** The runs of correct forms, by the protocol's name. Each is expected to hold unless it says otherwise. */
const correct: { readonly [protocol: string]: readonly Omit<CheckRequest, "protocol">[] } = {
  "pbft-macs": [
    { ...withoutClients, adversaries: ["silent"], byzantine: ["r3"], properties: ["agreement", "integrity"] },
    { ...withoutClients, adversaries: ["silent"], byzantine: ["r0"] },
    { ...withoutClients, adversaries: ["arbitrary"], byzantine: ["r0"], views: 0 },
    { ...served, adversaries: ["silent"], byzantine: ["r0"] },
    { ...served, adversaries: ["silent"], byzantine: ["r3"] },
  ],
  "pbft-recovery": [
    { adversaries: ["intruder"], requests: 1, slots: 2, set: { left: "nothing" } },
    // A control: if the second replica falls before the first has recovered, two are faulty.
    {
      ...{ adversaries: ["intruder"], requests: 1, slots: 1, set: { left: "nothing", window: false } },
      ...{ properties: ["states-agree"], expect: "violated" },
    },
  ],
  bracha: [
    { adversaries: ["silent"], byzantine: ["r1"] },
    { adversaries: ["arbitrary"], byzantine: ["r0"] },
    { adversaries: ["arbitrary"], byzantine: ["r1"] },
  ],
  "two-phase-commit": [
    { ...alone },
    { ...alone, replicas: 6 },
    // It blocks: where the coordinator stops, managers that are prepared wait for ever.
    { adversaries: ["silent"], byzantine: ["r0"], properties: ["termination"], expect: "violated" },
    { adversaries: ["silent"], byzantine: ["r1"] },
  ],
  paxos: [
    { ...register, properties: ["linearizable"], clients: true },
    { ...alone, replicas: 3, properties: ["agreement", "validity"], clients: false },
    {
      adversaries: ["silent"],
      replicas: 3,
      faults: 1,
      byzantine: ["r0"],
      properties: ["agreement", "validity"],
      clients: false,
    },
  ],
  raft: [
    {
      adversaries: ["none"],
      views: 1,
      slots: 2,
      set: { candidates: 2 },
      properties: inOneTerm,
      reduce: "dominance",
    },
    { adversaries: ["none"], views: 2, requests: 1, set: { candidates: 2 }, reduce: "dominance" },
    {
      adversaries: ["none"],
      views: 1,
      crashes: 1,
      recovery: "always",
      properties: ["election-safety", "agreement"],
    },
    {
      ...{ adversaries: ["none"], views: 1, requests: 1, set: { candidates: 2, preVote: true } },
      ...{ properties: ["election-safety", "leaders-stay"], reduce: "dominance" },
    },
    {
      ...{ adversaries: ["none"], views: 1, slots: 2, set: { candidates: 1, snapshots: true } },
      ...{ properties: [...inOneTerm, "terms-grow"], reduce: "dominance" },
    },
    {
      ...{ adversaries: ["none"], views: 1, requests: 1, slots: 2, set: { candidates: 1, changes: 1 } },
      ...{ properties: inOneTerm, reduce: "dominance" },
    },
    {
      ...{
        adversaries: ["none"],
        views: 2,
        requests: 1,
        slots: 2,
        set: { candidates: 2, led: true, reads: 2 },
      },
      ...{ properties: ["agreement", "reads-are-fresh"], reduce: "dominance" },
    },
  ],
  ibft: [
    { adversaries: ["none"] },
    { adversaries: ["silent"], byzantine: ["r0"] },
    // The proposer of the last round must be correct for anybody to decide: one round more covers r1.
    { adversaries: ["silent"], byzantine: ["r1"], views: 2 },
    { adversaries: ["silent"], byzantine: ["r2"] },
    { adversaries: ["silent"], byzantine: ["r4"], replicas: 5 },
    { adversaries: ["arbitrary"], byzantine: ["r0"] },
    { adversaries: ["arbitrary"], byzantine: ["r1"], properties: ["agreement", "validity"] },
    { adversaries: ["arbitrary"], byzantine: ["r2"] },
  ],
  tendermint: [
    { adversaries: ["silent"], byzantine: ["r0"] },
    { adversaries: ["silent"], byzantine: ["r1"], views: 2 },
    { adversaries: ["silent"], byzantine: ["r2"] },
    // A control (ADR-056): one replica that forgets its locks does no harm; two of four are more than f, and
    // must.
    { adversaries: ["tendermint-amnesiac"], byzantine: ["r3"], properties: ["agreement"] },
    {
      adversaries: ["tendermint-amnesiac"],
      byzantine: ["r2", "r3"],
      properties: ["agreement"],
      expect: "violated",
    },
  ],
  hotstuff: [
    { adversaries: ["silent"], byzantine: ["r0"] },
    { adversaries: ["silent"], byzantine: ["r1"], views: 2 },
    { adversaries: ["silent"], byzantine: ["r2"] },
    { adversaries: ["arbitrary"], byzantine: ["r2"] },
  ],
  "fast-hotstuff": [
    { adversaries: ["none"], views: 3, reduce: "dominance" },
    { adversaries: ["silent"], byzantine: ["r0"], views: 3 },
    { adversaries: ["arbitrary"], byzantine: ["r0"], views: 2, reduce: "dominance" },
    { adversaries: ["arbitrary"], byzantine: ["r1"], views: 2, reduce: "dominance" },
    { adversaries: ["arbitrary"], byzantine: ["r2"], views: 2, reduce: "dominance" },
  ],
  "common-coin": [{ properties: ["agreement"] }],
  viewstamped: [
    { adversaries: ["none"], views: 1 },
    { adversaries: ["none"], views: 0, crashes: 1, recovery: "always" },
  ],
  simplex: [
    { adversaries: ["silent"], byzantine: ["r3"], views: 0, properties: ["agreement", "termination"] },
    { adversaries: ["arbitrary"], byzantine: ["r3"], views: 0 },
  ],
  minimmit: [
    { adversaries: ["arbitrary"], byzantine: ["r5"], views: 0, set: { notary: false } },
    {
      ...{ adversaries: ["silent"], byzantine: ["r5"], views: 0, set: { forward: true } },
      properties: ["agreement", "termination"],
    },
  ],
  grandpa: [
    {
      ...{ adversaries: ["silent"], byzantine: ["r0"], views: 1, set: { blocks: 1, heads: true } },
      properties: ["agreement", "finality", "termination"],
    },
    { adversaries: ["arbitrary"], byzantine: ["r0"], views: 0, set: { notary: false } },
  ],
  autobahn: [
    { adversaries: ["arbitrary"], byzantine: ["r0"], views: 0 },
    { adversaries: ["arbitrary"], byzantine: ["r3"], views: 0 },
  ],
  "go-exercise": [
    { adversaries: ["silent"], byzantine: ["r3"], views: 0 },
    {
      adversaries: ["silent"],
      byzantine: ["r3"],
      views: 0,
      slots: 2,
      properties: ["agreement", "all-execute"],
    },
    { ...oneView, adversaries: ["arbitrary"], byzantine: ["r0"] },
    { adversaries: ["arbitrary"], byzantine: ["r1"], views: 0 },
  ],
  distalgo: [
    // One primary fails, as in the report's experiments.
    {
      adversaries: ["silent"],
      byzantine: ["r0"],
      properties: ["validity", "clients-are-served"],
      clients: true,
    },
    {
      adversaries: ["silent"],
      byzantine: ["r2"],
      properties: ["validity", "clients-are-served"],
      clients: true,
    },
    {
      adversaries: ["equivocating-primary"],
      byzantine: ["r0"],
      properties: ["agreement", "validity"],
      clients: false,
    },
    {
      adversaries: ["arbitrary"],
      byzantine: ["r2"],
      properties: ["agreement", "validity"],
      clients: false,
      reduce: "dominance",
    },
  ],
  tutorial: [
    {
      adversaries: ["silent"],
      byzantine: ["r3"],
      requests: 1,
      properties: ["agreement", "validity", "all-execute"],
    },
    { adversaries: ["arbitrary"], byzantine: ["r0"], properties: ["agreement"], reduce: "dominance" },
    { adversaries: ["arbitrary"], byzantine: ["r0"], properties: ["validity"], expect: "violated" },
    {
      adversaries: ["silent"],
      byzantine: ["r0"],
      requests: 1,
      properties: ["termination"],
      expect: "violated",
    },
  ],
};

/** More of the same, ten seconds to two minutes each. */
const thorough: typeof correct = {
  "pbft-macs": [
    { ...withoutClients, adversaries: ["silent"], byzantine: ["r1"] },
    { ...withoutClients, adversaries: ["arbitrary"], byzantine: ["r1"], reduce: "dominance" },
    { ...withoutClients, requests: 1, adversaries: ["arbitrary"], byzantine: ["r0"], reduce: "dominance" },
    { ...withoutClients, requests: 1, adversaries: ["arbitrary"], byzantine: ["r3"], reduce: "dominance" },
  ],
  "pbft-recovery": [
    { adversaries: ["intruder"], requests: 1, set: { left: "nothing" } },
    { adversaries: ["intruder"], requests: 1, set: { left: "log" } },
    { adversaries: ["intruder"], requests: 1, set: { left: "state" } },
    // Nobody falls after the recovery: what happens then does not matter to whether it ends.
    {
      ...{ adversaries: ["intruder"], requests: 1, set: { left: "nothing", second: 9 } },
      properties: ["recovery-completes"],
    },
  ],
  raft: [
    { adversaries: ["none"], views: 2, requests: 2, reduce: "dominance" },
    { adversaries: ["none"], views: 2, requests: 2, slots: 2, set: { candidates: 2 }, reduce: "dominance" },
    { adversaries: ["none"], views: 2, requests: 1, crashes: 1, recovery: "always", set: { candidates: 2 } },
    { adversaries: ["none"], views: 3, requests: 1, set: { candidates: 2 }, reduce: "dominance" },
    {
      ...{ adversaries: ["none"], views: 2, requests: 1, reduce: "dominance" },
      set: { candidates: 2, preVote: true },
    },
    {
      ...{ adversaries: ["none"], views: 2, requests: 1, reduce: "dominance" },
      set: { candidates: 2, snapshots: true },
    },
    {
      ...{ adversaries: ["none"], views: 2, requests: 1, slots: 2, reduce: "dominance" },
      set: { candidates: 2, changes: 1 },
    },
    {
      ...{ adversaries: ["none"], views: 2, requests: 2, reduce: "dominance" },
      set: { candidates: 2, heartbeats: true },
    },
    {
      ...{ adversaries: ["none"], views: 2, requests: 1, slots: 2, reduce: "dominance" },
      set: { candidates: 2, changes: 1, led: true },
    },
    {
      ...{
        adversaries: ["none"],
        views: 3,
        requests: 1,
        slots: 2,
        set: { candidates: 2, led: true, reads: 1 },
      },
      ...{ properties: ["agreement", "reads-are-fresh"], reduce: "dominance" },
    },
  ],
  tendermint: [
    { adversaries: ["none"] },
    {
      adversaries: ["arbitrary"],
      byzantine: ["r0"],
      properties: ["agreement", "validity"],
      reduce: "dominance",
    },
    {
      adversaries: ["arbitrary"],
      byzantine: ["r2"],
      properties: ["agreement", "validity"],
      reduce: "dominance",
    },
  ],
  "common-coin": [{}],
  viewstamped: [{ adversaries: ["none"], views: 1, crashes: 1, recovery: "always" }],
  simplex: [
    { adversaries: ["none"], replicas: 3, faults: 0, views: 1 },
    { adversaries: ["arbitrary"], byzantine: ["r0"], views: 0 },
  ],
  grandpa: [
    { adversaries: ["none"], replicas: 3, faults: 0, views: 0 },
    { adversaries: ["equivocating-voter"], byzantine: ["r3"], views: 0 },
    { adversaries: ["arbitrary"], byzantine: ["r3"], views: 0, set: { notary: false, blocks: 3 } },
    { adversaries: ["arbitrary"], byzantine: ["r3"], views: 1, set: { notary: false } },
  ],
  minimmit: [
    {
      ...{ adversaries: ["none"], replicas: 3, faults: 0, views: 1, set: { forward: true } },
      properties: ["agreement", "termination"],
    },
    {
      ...{ adversaries: ["arbitrary"], byzantine: ["r0"], views: 0, set: { notary: false } },
      reduce: "dominance",
    },
    {
      ...{ adversaries: ["arbitrary"], byzantine: ["r5"], views: 1, set: { notary: false } },
      reduce: "dominance",
    },
    {
      ...{ adversaries: ["arbitrary"], byzantine: ["r0"], views: 1, set: { notary: false } },
      reduce: "dominance",
    },
    // A control: one may lie, and two do.
    {
      ...{ adversaries: ["arbitrary"], byzantine: ["r4", "r5"], views: 1, set: { notary: false } },
      expect: "violated",
    },
  ],
  autobahn: [
    { adversaries: ["none"] },
    { adversaries: ["arbitrary"], byzantine: ["r0"] },
    { adversaries: ["arbitrary"], byzantine: ["r1"] },
    { adversaries: ["arbitrary"], byzantine: ["r2"] },
  ],
  streamlet: [
    { adversaries: ["none"], reduce: "dominance" },
    { adversaries: ["arbitrary"], byzantine: ["r3"] },
  ],
  hotstuff: [
    { adversaries: ["none"] },
    { adversaries: ["arbitrary"], byzantine: ["r0"] },
    {
      ...{ adversaries: ["arbitrary"], byzantine: ["r2"], crashes: 1, recovery: "always" },
      properties: ["agreement"],
    },
  ],
};

/** Mutants whose violation takes as long. */
const slowMutants = [
  "raft/changes-before-committing",
  "raft/stands-with-old-members",
  "grandpa/forgets-its-votes",
  "grandpa/builds-on-final",
  "grandpa/precommits-unbacked",
  "pbft-recovery/others-keep-keys",
  "pbft-recovery/keeps-keys-on-fetch",
  "pbft-recovery/log-unbounded",
  "pbft-recovery/sends-above-bound",
  "pbft-recovery/state-unchecked",
  "pbft-recovery/nothing-fills-up",
  "pbft-macs/p-of-last-view",
  "pbft-macs/q-of-last-view",
  "pbft-macs/without-a2",
  "pbft-macs/b-of-f+1",
  "pbft-macs/waits-for-no-acks",
  "pbft-macs/backup-trusts-decision",
  "pbft-macs/claims-unvouched",
  "pbft-macs/claims-not-compared",
  "pbft-macs/claims-counted-twice",
  "simplex/finalizes-what-it-gave-up",
  "simplex/few-give-up",
  "simplex/skips-views",
  "simplex/votes-twice",
  "simplex/drops-late-proofs",
  "minimmit/few-are-f+1",
  "minimmit/final-too-early",
  "minimmit/votes-twice",
  "minimmit/notarizes-what-it-gave-up",
  "minimmit/gives-up-its-vote",
  "minimmit/contradicted-by-f+1",
  "minimmit/skips-views",
  "minimmit/never-contradicted",
  "raft/commits-old-terms",
  "raft/two-changes-at-once",
  "common-coin/coin-first",
  "bracha/echo-quorum-rounded",
  "viewstamped/forgets-by-crashing",
  "viewstamped/changes-views-unrecovered",
  "viewstamped/helps-in-a-view-change",
  "viewstamped/old-answers-count",
  "viewstamped/recovers-as-published",
  "viewstamped/longest-log-wins",
  "autobahn/ticket-unchecked",
  "autobahn/votes-twice",
  "tendermint/unlocks-on-nil",
  "tendermint/polka-unproven",
  "hotstuff/no-lock",
  "hotstuff/qc-unproven",
  "hotstuff/forgets-its-timeouts",
  "fast-hotstuff/proposal-unproven",
];

/** Mutants whose violation only the fuzzer comes to: they are in no suite. */
export const fuzzedMutants = [
  "pbft-macs/without-a1",
  "pbft-macs/acks-not-compared",
  "pbft-macs/acknowledges-itself",
  "minimmit/keeps-proofs",
  "grandpa/precommits-below",
];

/** The suites of the other protocols. */
export const otherProtocolSuites = suites(
  correct,
  (mutant) => !slowMutants.includes(mutant) && !fuzzedMutants.includes(mutant),
);
export const slowOtherProtocolSuites = suites(thorough, (mutant) => slowMutants.includes(mutant)).filter(
  ({ requests }) => requests.length > 0,
);

function suites(forms: typeof correct, isWanted: (mutant: string) => boolean): readonly Suite[] {
  return registry.map(({ protocol: { name }, mutants }) => ({
    name,
    requests: [
      ...(forms[name] ?? []).map(
        (request): CheckRequest => ({ protocol: name, expect: "holds", ...request }),
      ),
      ...mutants
        .filter((mutant) => isWanted(mutant.name))
        .map((mutant): CheckRequest => ({ protocol: mutant.name, expect: "violated" })),
    ],
  }));
}
