// The initial states: every outcome of every node's start, in every order in which its requests reach it.

import type { Json, Protocol, Role } from "../protocol/index.js";
import { UserError } from "./errors.js";
import type { NodeTable } from "./node-table.js";
import type { TimerSetting } from "./outcomes.js";
import { digestOf, nodesOf, requestsOf, type Setting } from "./setting.js";

/** One way for a node to begin. */
export interface NodeStart {
  readonly component: number;
  /** Ids of lists of events, in order. */
  readonly events: readonly number[];
  /** What is sent, in order: indices into `NodeTable.sendings`. */
  readonly sends: readonly number[];
  /** The timers that were set, in order. */
  readonly sets: readonly TimerSetting[];
  /** Names the choices that were made. */
  readonly label: string;
}

/**
 * The requests that the environment hands to a node: to a client its own, to a replica all if there are no
 * clients.
 */
export function requestsFor(
  { protocol, config }: Pick<Setting, "protocol" | "config">,
  id: string,
  role: Role,
): readonly Json[] {
  const requests = requestsOf(protocol, config);
  if (!config.clients) return role === "replica" ? requests : [];
  if (role !== "client") return [];
  const clients = nodesOf(protocol, config).filter((spec) => spec.role === "client");
  const own = clients.findIndex((spec) => spec.id === id);
  return requests.filter((_, index) => index % clients.length === own);
}

/** In every order: that is 2^R sets of requests that have come so far. */
const maxRequests = 16;

/** A node's distinct starts; of several that come out the same, the first in order. */
export function nodeStarts(
  table: NodeTable,
  requests: readonly Json[],
  protocol: Protocol<Json, Json>,
): readonly NodeStart[] {
  if (requests.length > maxRequests)
    throw new UserError(
      "bad-option",
      `${requests.length} requests reach ${table.spec.id} in every order, which is too many; use at most ${maxRequests}.`,
    );
  let starts: Beginning[] = table.start().map(({ component, events, sends, sets, label }) => ({
    used: 0,
    component,
    events: [events],
    sends: [sends],
    sets,
    label: label ?? "",
  }));
  for (const _ of requests) {
    const next = new Map<string, Beginning>();
    for (const start of starts)
      for (const later of withOneMore(table, start, requests, protocol)) {
        const key = `${later.used}|${later.component}|${later.events}|${later.sends}`;
        if (!next.has(key)) next.set(key, later);
      }
    starts = [...next.values()];
  }
  return starts;
}

/** A start that some requests have reached; `used` has a bit for each of them. */
type Beginning = NodeStart & { readonly used: number };

/** What becomes of a start when any request reaches the node that has not done so yet. */
function* withOneMore(
  table: NodeTable,
  start: Beginning,
  requests: readonly Json[],
  protocol: Protocol<Json, Json>,
): Iterable<Beginning> {
  for (const [index, request] of requests.entries()) {
    if (start.used & (1 << index)) continue;
    const input = () => ({ kind: "request", request }) as const;
    for (const reaction of table.react(start.component, inputId.request(index), input))
      yield {
        used: start.used | (1 << index),
        component: reaction.component,
        events: [...start.events, reaction.events],
        sends: [...start.sends, reaction.sends],
        sets: [...start.sets, ...reaction.sets],
        label: [start.label, digestOf(protocol, request), reaction.label].filter(Boolean).join("; "),
      };
  }
}

/** What kind of input a number stands for, and its number within the kind: the inverse of {@link inputId}. */
export function inputOf(id: number): {
  readonly kind: "packet" | "timer" | "request";
  readonly what: number;
} {
  const kinds = ["packet", "timer", "request"] as const;
  return { kind: kinds[id % 3]!, what: Math.floor(id / 3) };
}

/** Numbers a node's inputs, so that equal numbers mean equal inputs. */
export const inputId = {
  packet: (packet: number): number => packet * 3,
  timer: (timer: number): number => timer * 3 + 1,
  request: (request: number): number => request * 3 + 2,
};
