// The test for false alarms: correct protocols in settings that are too many, or too large, to be searched
// exhaustively. Every applicable adversary, in every inequivalent placement, on every network, with crashes
// if a fault is to spare. `npm run fuzz:forms` makes random runs of them all, and none may be violated.

import { findProtocol } from "../catalogue/index.js";
import { losesForGood, networks, repeatsMessages } from "../model/network.js";
import { type PlannedRun, plan } from "./plan.js";
import type { CheckRequest } from "./request.js";

/**
 * What is asked of a correct form. Networks and adversaries are added; `adversaries` are named where not all
 * may be there.
 */
interface Form extends Omit<CheckRequest, "network" | "expect" | "reduce"> {
  /** How many crashes there may be where no replica is Byzantine; default 1. With `recovery` only such ones. */
  readonly crashes?: number;
}

/** A fault of these is a stop, or a message that does not come: for crash-tolerant protocols. */
const crashFaults = ["silent", "delayer", "selective-sender"];
/** Those of a client are about requests that nobody owes anything. */
const replicas = [
  ...["silent", "replayer", "delayer", "selective-sender", "amnesiac", "twin", "mutator"],
  ...["equivocating-primary", "lying-voter", "certificate-withholder", "view-change-liar", "new-view-forger"],
  "arbitrary",
];

const forms: readonly Form[] = [
  { protocol: "pbft", views: 2, clients: false, properties: ["agreement", "validity", "integrity"] },
  {
    protocol: "pbft",
    views: 2,
    clients: true,
    requests: 1,
    adversaries: replicas,
    properties: ["validity", "clients-are-served"],
  },
  { protocol: "pbft", views: 2, clients: true, adversaries: ["byzantine-client"], properties: ["agreement"] },
  { protocol: "pbft-macs", views: 2, clients: false, properties: ["agreement", "validity", "integrity"] },
  {
    protocol: "pbft-macs",
    views: 2,
    clients: true,
    requests: 1,
    properties: ["validity", "clients-are-served"],
  },
  { protocol: "pbft-recovery", requests: 2, slots: 4, crashes: 0 },
  {
    ...{
      protocol: "pbft-recovery",
      requests: 3,
      slots: 6,
      crashes: 0,
      set: { interval: 2, log: 4, second: 1 },
    },
    properties: ["agreement", "states-agree"],
  },
  { protocol: "bracha" },
  // It blocks where the coordinator stops: that is the run of its own in the suite `neighbours`.
  {
    protocol: "two-phase-commit",
    faults: 1,
    adversaries: crashFaults,
    properties: ["agreement"],
    crashes: 0,
  },
  {
    protocol: "paxos",
    replicas: 3,
    faults: 1,
    adversaries: crashFaults,
    clients: false,
    properties: ["agreement", "validity"],
  },
  {
    protocol: "paxos",
    replicas: 3,
    faults: 1,
    requests: 2,
    adversaries: ["silent"],
    clients: true,
    properties: ["validity", "linearizable"],
  },
  // What a slow server tells a client, `validity` has not seen it do: it is one of the faulty.
  {
    protocol: "paxos",
    replicas: 3,
    faults: 1,
    requests: 2,
    adversaries: crashFaults.slice(1),
    clients: true,
    properties: ["linearizable"],
  },
  // (Puppets that hold messages back or choose receivers have more and more to choose from, the longer a leader sends.)
  { protocol: "raft", faults: 1, views: 4, slots: 3, requests: 3, adversaries: ["silent"], crashes: 2 },
  {
    ...{ protocol: "raft", faults: 1, views: 4, slots: 4, requests: 3, adversaries: ["silent"], crashes: 2 },
    set: { preVote: true, snapshots: true, changes: 2 },
  },
  {
    ...{ protocol: "raft", replicas: 4, faults: 1, views: 4, slots: 4, adversaries: ["silent"], crashes: 2 },
    set: { candidates: 2, changes: 2, led: true },
  },
  {
    ...{ protocol: "raft", faults: 1, views: 4, slots: 3, requests: 3, adversaries: ["silent"], crashes: 2 },
    ...{ set: { reads: 3 }, properties: ["agreement", "reads-are-fresh"] },
  },
  { protocol: "ibft", views: 2 },
  { protocol: "tendermint", views: 2 },
  { protocol: "hotstuff", views: 2 },
  { protocol: "fast-hotstuff", views: 4 },
  { protocol: "streamlet", views: 5 },
  { protocol: "simplex", views: 3, properties: ["agreement"] },
  { protocol: "minimmit", views: 3, properties: ["agreement"] },
  { protocol: "grandpa", views: 3 },
  { protocol: "grandpa", views: 3, set: { notary: false, blocks: 4 }, adversaries: ["arbitrary"] },
  { protocol: "autobahn", views: 3 },
  // The process that may lie is in its exchange.
  { protocol: "common-coin", adversaries: [], crashes: 0 },
  {
    ...{ protocol: "viewstamped", views: 3, slots: 3, requests: 3, adversaries: ["silent"], crashes: 1 },
    properties: ["agreement", "validity"],
  },
  {
    ...{ protocol: "viewstamped", views: 2, slots: 2, adversaries: ["none"], crashes: 3, recovery: "always" },
    properties: ["agreement", "validity"],
  },
  // Its view change is not repaired but switched off.
  { protocol: "go-exercise", views: 0 },
];

/** Whether a protocol has a correct form. The others are wrong as their authors wrote them: see docs/findings.md. */
export function hasCorrectForm(protocol: string): boolean {
  return forms.some((form) => form.protocol === protocol);
}

/**
 * The runs, protocol by protocol: each adversary and none on each network (puppets on `async` only), and
 * crashes on `async` without an adversary, of which some are for good and others lose what is not synced. A protocol whose messages come once is
 * not run on networks that repeat them.
 * Liveness is not asked for where messages are lost for good: nobody promises it there.
 */
export async function correctForms(): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const { crashes = 1, recovery, ...form } of forms) {
    const kinds = [{ recovery: "maybe" }, { recovery: "always", losing: "unsynced" }] as const;
    const { adversaries = ["all"] } = form;
    const entry = await findProtocol(form.protocol);
    const add = (change: Partial<CheckRequest>) =>
      runs.push(...plan(entry, { ...form, ...change, expect: "holds" }));
    const isPuppet = (name: string) => entry.adversaries.some((one) => one.name === name && one.stepFaults);
    const isSafety = (name: string) =>
      entry.properties.some((one) => one.name === name && one.kind === "always");
    const safety = (form.properties ?? entry.defaultProperties).filter(isSafety);
    const names = networks.map(({ name }) => name.replace("K", "1"));
    for (const network of names.filter(
      (name) => !entry.protocol.messagesComeOnce || !repeatsMessages(name),
    )) {
      const properties = losesForGood(network) ? { properties: safety } : {};
      const able = network === "async" ? adversaries : adversaries.filter((name) => !isPuppet(name));
      for (const chosen of [["none"], able])
        if (chosen.length > 0) add({ network, adversaries: chosen, ...properties });
    }
    if (crashes > 0)
      for (const kind of recovery === undefined ? kinds : [{ recovery }])
        add({ adversaries: ["none"], crashes, ...kind });
  }
  return runs;
}
