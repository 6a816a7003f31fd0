// Shows a property a sequence of events, and tells what it makes of them.

import type { Event, NodeId, Property, RunFacts } from "../../src/protocol/index.js";

export type Seen = readonly [by: NodeId, event: Event];

/** Three correct replicas (r0 is Byzantine), without clients unless asked for. */
export function facts(clients = false): RunFacts {
  return {
    config: { replicas: 4, faults: 1, requests: 2, slots: 3, clients },
    correct: ["r1", "r2", "r3", ...(clients ? ["c0", "c1"] : [])],
    issued: clients ? [] : ["A", "B"],
  };
}

export function executed(
  by: NodeId,
  request: string,
  slot = 1,
  position = slot,
  result = `${request}@${position}`,
): Seen {
  return [by, { kind: "executed", slot, position, request, result }];
}

/** An entry that the protocol made itself. */
export function executedOwn(by: NodeId, request: string, slot = 1): Seen {
  return [by, { kind: "executed", slot, position: slot, request, result: null, own: true }];
}

export function invoked(by: NodeId, request: string): Seen {
  return [by, { kind: "invoked", request }];
}

export function accepted(by: NodeId, request: string, result: string): Seen {
  return [by, { kind: "accepted", request, result }];
}

export function committedAgain(by: NodeId, slot = 1): Seen {
  return [by, { kind: "custom", name: "committed-again", data: slot }];
}

/** The property's verdict, how much it has compared, and its sentence where the verdict is not `holds`. */
export function judge(property: Property, events: readonly Seen[], about = facts()) {
  const monitor = property.monitor(about);
  const state = events.reduce((now, [by, event]) => monitor.on(now, by, event), monitor.init);
  const verdict = monitor.verdict(state);
  const exercised = monitor.exercised(state);
  return verdict === "holds" ? { verdict, exercised } : { verdict, exercised, says: monitor.explain(state) };
}
