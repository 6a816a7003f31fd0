// What a replica remembers. It keeps what it may need later and nothing else: votes go once their slot is prepared or
// committed, the log of a view goes with the view, requests go when they are executed. Certificates stay until there
// is a stable checkpoint above them, for the next view change has to carry them. Messages of views not entered yet are deferred, which is the surroundings'
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
import { Checkpoint, LastReply, PrePrepare, Prepared, Request, Snapshot, ViewChange } from "./messages.js";
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
  /** Whether its requests have been answered tentatively, so that nobody needs a second answer when it commits. */
  answered: Schema.optionalKey(Schema.Boolean),
});
export type Slot = typeof Slot.Type;

/** Somebody's checkpoint message for a slot above the last stable checkpoint. */
export const CheckpointVote = Schema.Struct({
  replica: NodeIdSchema,
  slot: Schema.Number,
  digest: Schema.String,
});
export type CheckpointVote = typeof CheckpointVote.Type;

/** A view-change in hand. Only the primary of `view` needs what it says; the others count senders. */
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
  /** How many requests that were; null requests do not count. */
  executedRequests: Schema.Number,
  /** How many of them have only read. Absent: none. */
  executedReads: Schema.optionalKey(Schema.Number),
  replies: SetOf(LastReply),
  /** Everything that was executed; empty where no checkpoints are taken. */
  history: Schema.String,
  /** The last stable checkpoint whose state the replica has, or null: none yet. */
  stable: Schema.NullOr(Checkpoint),
  /** The replica's own checkpoints: the stable one, to give to others, and those above it. */
  snapshots: Schema.Array(Schema.Struct({ slot: Schema.Number, snapshot: Snapshot })),
  /** Checkpoint messages for slots above the stable one, its own included: at most one for each replica and slot. */
  checkpoints: SetOf(CheckpointVote),
  /** A stable checkpoint beyond what the replica has executed: it has fallen behind, and asks for that state. */
  fetching: Schema.NullOr(Checkpoint),
  /** View-changes for views that may still come, at most one for each sender and view. */
  viewChanges: SetOf(ReceivedViewChange),
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

/** The last slot that may be used (4.3: H = h + k) above a stable checkpoint at `low`, and never beyond the run's bound. */
export function highWatermarkAbove(config: Config, low: number): number {
  const { checkpointInterval, slots } = config;
  if (checkpointInterval === undefined) return slots;
  return Math.min(low + (config.window ?? 2 * checkpointInterval), slots);
}

/** The latest checkpoint that is known to be stable: the replica's own, or one whose state it still waits for. */
export function latestStable({ stable, fetching }: ReplicaState): Checkpoint | null {
  return fetching ?? stable;
}

/** H: a replica that has fallen behind follows the window of the others, whose later slots it will execute in the end. */
export function highWatermark(state: ReplicaState, config: Config): number {
  return highWatermarkAbove(config, latestStable(state)?.slot ?? 0);
}

/** The entry of a slot in the current view's log; an open one if there is none yet. */
export function slotOf(state: ReplicaState, slot: number): Slot {
  const { log } = state;
  const index = placeOf(log, slot);
  const found = log[index];
  return found?.slot === slot ? found : { slot, phase: "open", proposal: null, prepares: [], commits: [] };
}

/** The state with an entry of the log put in place. */
export function withSlot(state: ReplicaState, entry: Slot): ReplicaState {
  const index = placeOf(state.log, entry.slot);
  const isThere = state.log[index]?.slot === entry.slot;
  const log = state.log.slice();
  if (isThere) log[index] = entry;
  else log.splice(index, 0, entry);
  return { ...state, log };
}

/** Where a slot stands in the log, or belongs. What is going on goes on at the end, so it is looked for from there. */
function placeOf(log: readonly Slot[], slot: number): number {
  let index = log.length;
  while (index > 0 && log[index - 1]!.slot >= slot) index--;
  return index;
}

/** Whether `self` is primary of the state's view. */
export function isPrimary(self: NodeId, config: Config, state: ReplicaState): boolean {
  return primaryOf(config, state.view) === self;
}
