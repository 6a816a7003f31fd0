// The JSON of simulations. One seed gives the same document, byte for byte, with any number of workers:
// wall-clock figures are null unless `--timing` asks for them.

import type { Identity } from "../identity/identity.js";
import { splitName } from "../render/setting.js";
import type { SimulationResult, Wall } from "../simulate/result.js";
import type { PointResult } from "../simulate/sweep/points.js";
import { round } from "./numbers.js";

/** One run as the contract's JSON object. */
export function simulationJson(result: SimulationResult, timing: boolean, identity: Identity) {
  const { parameters, wall } = result;
  const [protocol, mutant] = splitName(parameters.protocol);
  return {
    protocol,
    mutant,
    replicas: parameters.replicas,
    faults: parameters.faults,
    adversary: parameters.adversary,
    byzantine: result.byzantine,
    insideContract: result.insideContract,
    identity,
    ...(parameters.set && { set: parameters.set }),
    clients: parameters.clients,
    timerJitter: parameters.timerJitter,
    seed: parameters.seed,
    verdict: result.verdict,
    reason: result.reason,
    properties: result.properties,
    end: result.end.kind === "gave-up" ? "patience" : result.end.kind, // its name in the contract
    requests: result.requests,
    succeeded: result.succeeded,
    agreement: result.agreement,
    latencyMs: result.latencyMs,
    throughputPerSecond: result.throughputPerSecond,
    virtualSeconds: result.virtualSeconds,
    messages: sorted(result.messages),
    bytes: sorted(result.bytes),
    messagesBetweenReplicas: result.messagesBetweenReplicas,
    messagesTooLong: result.messagesTooLong,
    messagesPerSecond: result.messagesPerSecond,
    bytesPerSecond: result.bytesPerSecond,
    delivered: result.delivered,
    events: result.events,
    executed: result.executed,
    viewChanges: result.viewChanges,
    processorUse: result.processorUse,
    ...wallJson(wall, timing),
  };
}

function wallJson({ seconds, eventsPerSecond, heapBytes }: Wall, timing: boolean) {
  return {
    wallSeconds: timing ? round(seconds) : null,
    eventsPerSecond: timing ? Math.round(eventsPerSecond) : null,
    heapBytes: timing ? heapBytes : null,
  };
}

/** The trials of one point of a sweep, taken together. */
export function pointJson({ runs: _, ...point }: PointResult) {
  return point;
}

function sorted(counts: { readonly [type: string]: number }) {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}
