// The state of a replica. It contains only what may be needed later: votes are dropped once their slot is
// prepared or committed, the log of a view with the view, requests when they are executed. Certificates stay
// until a stable checkpoint above them, because the next view change must carry them. Messages of later views
// are not part of the state: they are deferred, and the environment keeps them (see the effect `defer`).

import * as Schema from "effect/Schema";
import {
  BagOf,
  type Config,
  type NodeId,
  NodeId as NodeIdSchema,
  SetOf,
  SignedOf,
} from "../../protocol/index.js";
import { Checkpoint, LastReply, PrePrepare, Prepared, Request, Snapshot, ViewChange } from "./messages.js";
import { primaryOf } from "./quorums.js";

/** A prepare or a commit of the current view. */
export const Vote = Schema.Struct({ replica: NodeIdSchema, digest: Schema.String });
export type Vote = typeof Vote.Type;

/** One slot of the current view's log. Votes may arrive before the pre-prepare. */
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
  /** Whether its requests were answered tentatively; if so, nothing is sent when they commit. */
  answered: Schema.optionalKey(Schema.Boolean),
});
export type Slot = typeof Slot.Type;

/** A replica's checkpoint message for a slot above the last stable checkpoint. */
export const CheckpointVote = Schema.Struct({
  replica: NodeIdSchema,
  slot: Schema.Number,
  digest: Schema.String,
});
export type CheckpointVote = typeof CheckpointVote.Type;

/** A received view-change. Only the primary of `view` needs its content; the others count senders. */
export const ReceivedViewChange = Schema.Struct({
  replica: NodeIdSchema,
  view: Schema.Number,
  said: Schema.NullOr(ViewChange),
});
export type ReceivedViewChange = typeof ReceivedViewChange.Type;

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
  /** How many requests that is, without null requests. */
  executedRequests: Schema.Number,
  /** How many of them were reads. Absent: none. */
  executedReads: Schema.optionalKey(Schema.Number),
  replies: SetOf(LastReply),
  /** Everything executed; empty if no checkpoints are taken. */
  history: Schema.String,
  /** The last stable checkpoint whose state the replica has, or null. */
  stable: Schema.NullOr(Checkpoint),
  /** The replica's own checkpoints: the stable one, for others to fetch, and those above it. */
  snapshots: Schema.Array(Schema.Struct({ slot: Schema.Number, snapshot: Snapshot })),
  /**
   * Checkpoint messages for slots above the stable one, its own included: at most one for each replica and
   * slot.
   */
  checkpoints: SetOf(CheckpointVote),
  /** A stable checkpoint above `lastExecuted`: the replica has fallen behind and waits for that state. */
  fetching: Schema.NullOr(Checkpoint),
  /** View-changes for later views, at most one for each sender and view. */
  viewChanges: SetOf(ReceivedViewChange),
  /** Whether a quorum asks for the awaited view. From then on only its primary needs to know the senders. */
  isAwaitedByQuorum: Schema.Boolean,
});
export type ReplicaState = typeof ReplicaState.Type;

/** The initial state: in view 0, which needs no new-view. */
export const initialState: ReplicaState = {
  view: 0,
  active: true,
  pending: [],
  log: [],
  certificates: [],
  lastExecuted: 0,
  executedRequests: 0,
  replies: [],
  history: "",
  stable: null,
  snapshots: [],
  checkpoints: [],
  fetching: null,
  viewChanges: [],
  isAwaitedByQuorum: false,
};

/** The slot of the last stable checkpoint (h); 0 before there is one. */
export function lowWatermark(state: ReplicaState): number {
  return state.stable?.slot ?? 0;
}

/**
 * The last slot that may be used (4.3: H = h + k) above a stable checkpoint at `low`, and never beyond the
 * run's bound.
 */
export function highWatermarkAbove(config: Config, low: number): number {
  const { checkpointInterval, slots } = config;
  if (checkpointInterval === undefined) return slots;
  return Math.min(low + (config.window ?? 2 * checkpointInterval), slots);
}

/** The latest checkpoint known to be stable: the replica's own, or one whose state it waits for. */
export function latestStable({ stable, fetching }: ReplicaState): Checkpoint | null {
  return fetching ?? stable;
}

/**
 * H. A replica that has fallen behind uses the window of the others, whose later slots it will execute in the
 * end.
 */
export function highWatermark(state: ReplicaState, config: Config): number {
  return highWatermarkAbove(config, latestStable(state)?.slot ?? 0);
}

/** A slot's entry in the current view's log; an open one if there is none yet. */
export function slotOf(state: ReplicaState, slot: number): Slot {
  const { log } = state;
  const index = placeOf(log, slot);
  const found = log[index];
  return found?.slot === slot ? found : { slot, phase: "open", proposal: null, prepares: [], commits: [] };
}

/** The state with this entry in the log. */
export function withSlot(state: ReplicaState, entry: Slot): ReplicaState {
  const index = placeOf(state.log, entry.slot);
  const isThere = state.log[index]?.slot === entry.slot;
  const log = state.log.slice();
  if (isThere) log[index] = entry;
  else log.splice(index, 0, entry);
  return { ...state, log };
}

/** The index of a slot in the log, or where it belongs. Searched from the end, where the active slots are. */
function placeOf(log: readonly Slot[], slot: number): number {
  let index = log.length;
  while (index > 0 && log[index - 1]!.slot >= slot) index--;
  return index;
}

/** Whether `self` is primary of the state's view. */
export function isPrimary(self: NodeId, config: Config, state: ReplicaState): boolean {
  return primaryOf(config, state.view) === self;
}
