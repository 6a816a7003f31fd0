// Settings that tests start from: change what the test is about, leave the rest.

import { agreement } from "../../properties/agreement.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { validity } from "../../properties/validity.js";
import { pbftAdversaries, pick } from "../../src/catalogue/index.js";
import type { Setting } from "../../src/model/setting.js";
import type { Timing } from "../../src/model/timed/timing.js";
import type { Adversary, Config, Json, NodeId, Protocol } from "../../src/protocol/index.js";
import { pbft, pbftMutants, pbftTimedMutants } from "../../src/protocols/pbft/index.js";
import { twoPhaseCommit } from "../../src/protocols/two-phase-commit/index.js";

/** Four replicas that tolerate one fault, two requests known to all, one slot. */
export const fourReplicas: Config = { replicas: 4, faults: 1, requests: 2, slots: 1, clients: false };

/** The same with one client as a node of the run. */
export const withClient: Config = { ...fourReplicas, requests: 1, clients: true };

/** PBFT with n=4 and one Byzantine replica: agreement and validity in view 0. */
export function pbftSetting(adversary: string, byzantine: NodeId, changes: Partial<Setting> = {}): Setting {
  return {
    protocol: pbft() as unknown as Protocol<Json, Json>,
    config: fourReplicas,
    byzantine: [byzantine],
    adversary: pbftAdversary(adversary),
    network: "async",
    bounds: { views: 0 },
    properties: [agreement, validity],
    ...changes,
  };
}

/** One of PBFT's adversaries by name. */
export function pbftAdversary(name: string): Adversary<Json> {
  return pick("adversary", name, pbftAdversaries);
}

/** The protocol with this flaw. */
export function pbftMutant(flaw: string): Protocol<Json, Json> {
  return pick("mutant", `pbft/${flaw}`, [...pbftMutants, ...pbftTimedMutants]).protocol;
}

/** Two-phase commit with this many resource managers. */
export function twoPhaseCommitSetting(managers: number, changes: Partial<Setting> = {}): Setting {
  return {
    protocol: twoPhaseCommit(),
    config: { replicas: managers + 1, faults: 0, requests: 0, slots: 0, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: [],
    ...changes,
  };
}

/** What timed tests assume unless they say otherwise; the bound of PBFT is 49 Delta, and view 4 the last that may be needed. */
export const timing: Timing = { gstMs: 60, deltaMs: 10, timeoutMs: 20, withinDeltas: 49 };

/** PBFT in virtual time: one client, one request. */
export function timedSetting(
  adversary: string,
  byzantine: readonly NodeId[],
  changes: Partial<Setting> = {},
): Setting {
  return {
    ...pbftSetting(adversary, byzantine[0] ?? "r3"),
    byzantine,
    config: withClient,
    bounds: { views: 4 },
    properties: [clientsAreServed],
    timing,
    ...changes,
  };
}
