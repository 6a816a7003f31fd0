// The mutants of PBFT with proactive recovery: one rule replaced. What the paper wants each rule for is said above each.

import { mutantsOf } from "../mutant.js";
import { pbftRecovery } from "./protocol.js";
import { recoveryRules } from "./rules.js";

const intruded = {
  ...{ adversary: "intruder", byzantine: ["intruder"], clients: false, views: 0, requests: 1, slots: 3 },
} as const;
const states = { ...intruded, property: "states-agree" } as const;
const cleanly = { ...states, set: { left: "nothing" } } as const;
const completion = { ...intruded, property: "recovery-completes" } as const;

export const pbftRecoveryMutants = mutantsOf("pbft-recovery", recoveryRules, pbftRecovery, [
  {
    name: "keeps-own-keys",
    flaw: "a replica that recovers does not change the keys under which others send to it",
    source: "derived",
    rules: { changesOwnKeys: () => false },
    exposedBy: cleanly,
  },
  {
    name: "others-keep-keys",
    flaw: "replicas that execute a recovery request do not change their keys",
    source: "derived",
    rules: { changesKeysOnExecution: () => false },
    exposedBy: cleanly,
  },
  {
    name: "keeps-keys-on-fetch",
    flaw: "replicas that fetch a state in which a recovery request was executed do not change their keys",
    source: "derived",
    rules: { changesKeysOnFetch: () => false },
    exposedBy: cleanly,
  },
  {
    name: "old-keys-accepted",
    flaw: "messages under keys that were replaced are accepted",
    source: "derived",
    rules: { keyIsCurrent: () => true },
    exposedBy: cleanly,
  },
  {
    name: "log-unbounded",
    flaw: "what the log and the state have above H_M is kept",
    source: "derived",
    rules: { keepsSlot: () => true },
    exposedBy: { ...states, set: { left: "log" } },
  },
  {
    name: "sends-above-bound",
    flaw: "a replica that recovers sends messages above H_M",
    source: "derived",
    rules: { maySend: ({ standing }) => standing !== "estimating" },
    exposedBy: cleanly,
  },
  {
    name: "request-not-awaited",
    flaw: "a replica counts as recovered without replies to its recovery request",
    source: "derived",
    rules: { repliesNeeded: () => 0 },
    exposedBy: cleanly,
  },
  {
    name: "recovered-too-early",
    flaw: "a replica counts as recovered once it knows its recovery point, and not when the checkpoint there is stable",
    source: "derived",
    rules: { hasRecovered: ({ point }) => point > 0 },
    exposedBy: { ...states, set: { left: "log" } },
  },
  {
    name: "nothing-fills-up",
    flaw: "the primary sends no null requests, so the log does not come to the recovery point",
    source: "derived",
    rules: { fillsUp: () => false },
    exposedBy: { ...completion, set: { left: "nothing" } },
  },
  {
    name: "fetches-in-silence",
    flaw: "a replica that fetches a state sends no checkpoint message for it, so another one may wait for ever for the third",
    source: "found by this model's search in a former version of it",
    rules: { vouchesForFetched: () => false },
    exposedBy: { ...completion, set: { left: "nothing" } },
  },
  {
    name: "state-unchecked",
    flaw: "a replica that recovers fetches what is newer than its state, and does not check the rest",
    source: "derived",
    rules: { repaired: (own, certified) => [...own, ...certified.slice(own.length)] },
    exposedBy: { ...states, set: { left: "state" } },
  },
]);
