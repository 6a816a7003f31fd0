// The state of a replica of PBFT without signatures: that of PBFT, with Q, and with what it has heard of
// view-changes until the view is entered. P is made of PBFT's `certificates`, whose proofs nobody is shown.

import * as Schema from "effect/Schema";
import { NodeId, SetOf } from "../../protocol/index.js";
import { ReplicaState, initialState as signedInitial } from "../pbft/state.js";
import { Assigned, ViewChange } from "./messages.js";

/** A view-change from its sender; and what the primary of `view` knows of its acks. */
export const ReceivedViewChange = Schema.Struct({
  replica: NodeId,
  view: Schema.Number,
  said: ViewChange,
  /** Who has acknowledged it, while these are too few. */
  acks: SetOf(NodeId),
  /** Whether it is in S: enough have acknowledged it. */
  isAcknowledged: Schema.Boolean,
});
export type ReceivedViewChange = typeof ReceivedViewChange.Type;

export const MacState = Schema.Struct({
  ...ReplicaState.fields,
  /** Q of the views before the current one. */
  prePrepared: SetOf(Assigned),
  /** View-changes for this view, until it is entered, and for later ones: one for each sender and view. */
  viewChanges: SetOf(ReceivedViewChange),
  /** Acks for this view of what has not come from its sender himself: at most one of each replica for each. */
  vouchers: SetOf(Schema.Struct({ of: NodeId, by: NodeId, said: ViewChange })),
});
export type MacState = typeof MacState.Type;

/** The initial state: in view 0, which needs no new-view. */
export const initialState: MacState = { ...signedInitial, viewChanges: [], prePrepared: [], vouchers: [] };

/** Whether a replica has entered the view, or left it. */
export function isOver({ view: current, active }: MacState, view: number): boolean {
  return view < current || (view === current && active);
}

/** The view-change that has come from a replica (or that this one has sent) for a view. */
export function receivedFrom(
  { viewChanges }: MacState,
  view: number,
  from: NodeId,
): ReceivedViewChange | undefined {
  return viewChanges.find((other) => other.view === view && other.replica === from);
}
