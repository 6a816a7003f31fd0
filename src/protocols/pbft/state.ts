// What a replica remembers. It keeps what it may need later and nothing else: votes go once their slot is prepared or
// committed, the log of a view goes with the view, requests go when they are executed. Certificates stay (until there
// is a stable checkpoint above them), for the next view change has to carry them. Messages of views not entered yet are deferred, which is the surroundings'
// task (see the effect `defer`): they are no part of the state.

import * as Schema from "effect/Schema";
import {
  BagOf,
  type Config,
  type NodeId,
  NodeId as NodeIdSchema,
  SetOf,
  SignedOf,
} from "../../protocol/index.js";
import { PrePrepare, Prepared, Request, ViewChange } from "./messages.js";
import { primaryOf } from "./quorums.js";

/** A prepare or a commit of the current view. */
export const Vote = Schema.Struct({ replica: NodeIdSchema, digest: Schema.String });
export type Vote = typeof Vote.Type;

/** One slot of the current view's log. Votes may be there before the pre-prepare. */
export const Slot = Schema.Struct({
  slot: Schema.Number,
  /** `open`: no pre-prepare yet. */
  phase: Schema.Union([
    Schema.Literal("open"),
    Schema.Literal("pre-prepared"),
    Schema.Literal("prepared"),
    Schema.Literal("committed"),
  ]),
  proposal: Schema.NullOr(SignedOf(PrePrepare)),
  prepares: BagOf(Vote),
  commits: BagOf(Vote),
});
export type Slot = typeof Slot.Type;

/** The last reply to a client; an older or equal timestamp is never executed (again). */
export const LastReply = Schema.Struct({
  client: NodeIdSchema,
  timestamp: Schema.Number,
  result: Schema.String,
});

/** A view-change in hand. Only the primary of `view` needs what it says; the others count senders. */
export const Departure = Schema.Struct({
  replica: NodeIdSchema,
  view: Schema.Number,
  said: Schema.NullOr(ViewChange),
});
export type Departure = typeof Departure.Type;

export const ReplicaState = Schema.Struct({
  view: Schema.Number,
  /** False from sending a view-change for `view` until its new-view is accepted. */
  active: Schema.Boolean,
  /** Known requests that are not executed yet. */
  pending: SetOf(SignedOf(Request)),
  /** The log of the current view, by slot. */
  log: Schema.Array(Slot),
  /** For each slot the certificate of the highest view in which it prepared here, by slot. */
  certificates: Schema.Array(Prepared),
  /** The slot up to which everything is executed. */
  lastExecuted: Schema.Number,
  /** How many requests that were; null requests do not count. */
  executedRequests: Schema.Number,
  replies: SetOf(LastReply),
  /** View-changes for views that may still come, at most one for each sender and view. */
  viewChanges: SetOf(Departure),
  /** Whether a quorum asks for the awaited view. Then nobody but its primary needs to know who. */
  isAwaitedByQuorum: Schema.Boolean,
});
export type ReplicaState = typeof ReplicaState.Type;

/** A replica at its start: in view 0, which needs no new-view. */
export const initialState: ReplicaState = {
  view: 0,
  active: true,
  pending: [],
  log: [],
  certificates: [],
  lastExecuted: 0,
  executedRequests: 0,
  replies: [],
  viewChanges: [],
  isAwaitedByQuorum: false,
};

/** The slot of the last stable checkpoint (h). Checkpoints are not taken yet, so it is where the log begins. */
export function lowWatermark(_state: ReplicaState): number {
  return 0;
}

/** The last slot that may be used (H = h + k): the window is `config.slots` long. */
export function highWatermark(state: ReplicaState, config: Config): number {
  return lowWatermark(state) + config.slots;
}

/** OSDI'99, section 4.2: "n is between a low water mark h and a high water mark H". */
export function isBetweenWatermarks(state: ReplicaState, config: Config, slot: number): boolean {
  return Number.isInteger(slot) && slot > lowWatermark(state) && slot <= highWatermark(state, config);
}

/** The entry of a slot in the current view's log; an open one if there is none yet. */
export function slotOf(state: ReplicaState, slot: number): Slot {
  return (
    state.log.find((entry) => entry.slot === slot) ?? {
      slot,
      phase: "open",
      proposal: null,
      prepares: [],
      commits: [],
    }
  );
}

/** The state with an entry of the log put in place. */
export function withSlot(state: ReplicaState, entry: Slot): ReplicaState {
  const others = state.log.filter((other) => other.slot !== entry.slot);
  return { ...state, log: [...others, entry].sort((a, b) => a.slot - b.slot) };
}

/** Whether `self` is primary of the state's view. */
export function isPrimary(self: NodeId, config: Config, state: ReplicaState): boolean {
  return primaryOf(config, state.view) === self;
}
