// A reaction of a replica: its state, effects and events so far. Handlers are functions from reaction to
// reaction, so one input can run several of them without mutation.

import {
  type Context,
  type Effect,
  type Event,
  type NodeId,
  type Signed,
  sign,
} from "../../protocol/index.js";
import type { Body, Commit, Message, PrePrepare, Prepare } from "./messages.js";
import { isWithin, type Rules } from "./rules.js";
import { highWatermark, lowWatermark, type ReplicaState } from "./state.js";

/** PBFT's only timer: a backup waits for a request to execute, or a replica for a new view (4.4). */
export const viewChangeTimer = "view-change";
export type ReplicaTimer = typeof viewChangeTimer;

export interface Reaction {
  readonly context: Context;
  readonly rules: Rules;
  readonly state: ReplicaState;
  readonly effects: readonly Effect<Message, ReplicaTimer>[];
  readonly events: readonly Event[];
}

export function update(reaction: Reaction, change: Partial<ReplicaState>): Reaction {
  return { ...reaction, state: { ...reaction.state, ...change } };
}

/** Signs a message and sends it to all other replicas. */
export function broadcast(reaction: Reaction, body: Body): Reaction {
  return passOn(reaction, sign(reaction.context.self, body));
}

/** Forwards a message to all other replicas as it is. */
function passOn(reaction: Reaction, message: Message): Reaction {
  return { ...reaction, effects: [...reaction.effects, { kind: "broadcast", message }] };
}

/** Sends a message that is signed already, or forwards one. */
export function send(reaction: Reaction, to: NodeId, message: Message): Reaction {
  return { ...reaction, effects: [...reaction.effects, { kind: "send", to, message }] };
}

/** OSDI'99, section 4.2: "n is between a low water mark h and a high water mark H". */
export function isBetweenWatermarks({ context, rules, state }: Reaction, slot: number): boolean {
  return isWithin(rules, slot, lowWatermark(state), highWatermark(state, context.config));
}

export function show(reaction: Reaction, event: Event): Reaction {
  return { ...reaction, events: [...reaction.events, event] };
}

/** Defers a message: one (the first) of its sender, type, view and slot. */
export function defer(reaction: Reaction, { signer, body }: Signed<PrePrepare | Prepare | Commit>): Reaction {
  const key = `${signer} ${body.tag} ${body.view} ${body.slot}`;
  return { ...reaction, effects: [...reaction.effects, { kind: "defer", key }] };
}

/** Defers a read: one of each client. */
export function deferRead(reaction: Reaction, client: NodeId): Reaction {
  return { ...reaction, effects: [...reaction.effects, { kind: "defer", key: `${client} read` }] };
}

/** Defers a fetch: one of each replica. */
export function deferFetch(reaction: Reaction, by: NodeId): Reaction {
  return { ...reaction, effects: [...reaction.effects, { kind: "defer", key: `${by} fetch` }] };
}
