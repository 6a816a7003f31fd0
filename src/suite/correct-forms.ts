// False alarms: every correct form under every adversary that applies to it, in every inequivalent place, on every network, with crashes
// where there is a fault to spare; beyond the bounds that are searched to the end. `npm run fuzz:forms` makes random runs of them all. Nothing may fire.

import { findProtocol } from "../catalogue.js";
import { type PlannedRun, plan } from "./plan.js";
import type { CheckRequest } from "./request.js";

/** Where `async` is given, puppets come along; on the others messages are used up. */
const networks = ["async", "once", "once:keep", "fifo", "lossy:1", "duplicating:1"] as const;

type Form = Omit<CheckRequest, "network" | "expect">;

const forms: readonly Form[] = [
  { protocol: "pbft", views: 2, clients: false, properties: ["agreement", "validity", "integrity"] },
  { protocol: "pbft", views: 2, clients: true, requests: 1, properties: ["validity", "clients-are-served"] },
  { protocol: "bracha" },
  { protocol: "two-phase-commit" },
  { protocol: "paxos", replicas: 3, faults: 1 },
  { protocol: "ibft", views: 2 },
  { protocol: "tendermint", views: 2 },
  { protocol: "hotstuff", views: 2 },
  { protocol: "fast-hotstuff", views: 3 },
  { protocol: "go-exercise", views: 0 },
  { protocol: "distalgo" },
  { protocol: "tutorial", requests: 1 },
];

export async function correctForms(): Promise<PlannedRun[]> {
  const runs: PlannedRun[] = [];
  for (const form of forms) {
    const entry = await findProtocol(form.protocol);
    for (const network of networks)
      for (const adversaries of [["none"], ["all"]])
        runs.push(...plan(entry, { adversaries, ...form, network, expect: "holds" }));
  }
  return runs;
}
