// The messages of PBFT without signatures (Castro's thesis, section 3.2). Requests,
// pre-prepares, votes and replies are those of PBFT. The view change has others, with longer names:
//
//   <VIEW-CHANGE, v+1, h, C, P, Q, i>  view-change      view, prepared (P), prePrepared (Q)
//   <VIEW-CHANGE-ACK, v+1, i, j, d>    view-change-ack  view, of (j), said
//   <NEW-VIEW, v+1, V, X>              new-view         view, viewChanges (V), proposals (X)
//
// A message has a MAC for each receiver. So a receiver knows who sent it, and cannot show that to anybody
// else. In this code the signer of a message stands for its MAC: it is the sender, as the receiver sees him.
// No message contains a signed statement of another replica, and every message between replicas goes to all.
// So nobody can do more with these terms than with MACs, and nobody less: see adversaries/pbft-macs.ts.
//
// Differences from the paper:
// - P, Q and X contain requests, not digests only. So no replica has to fetch a missing request.
// - An ack and V contain the view-change itself, which here stands for its digest. So a replica that has no
//   view-change from its sender need not fetch it: it is vouched for by acks (see new-view.ts).
// - There are no checkpoints: h is 0 and C empty.

import * as Schema from "effect/Schema";
import { NodeId, SetOf, SignedOf } from "../../protocol/index.js";
import { Commit, PrePrepare, Prepare, Reply, Request, Value } from "../pbft/messages.js";

const view = Schema.Number;

/** An element of P or Q: in `view` a request was assigned to a slot, and prepared or pre-prepared. */
export const Assigned = Schema.Struct({
  slot: Schema.Number,
  view,
  digest: Schema.String,
  request: Value,
});
export type Assigned = typeof Assigned.Type;

/** What a replica carries into `view`. */
export const ViewChange = Schema.Struct({
  tag: Schema.Literal("view-change"),
  view,
  /** P: for each slot the request that prepared in the latest view. */
  prepared: SetOf(Assigned),
  /** Q: for each slot, and each request that pre-prepared there, the latest view in which it did. */
  prePrepared: SetOf(Assigned),
});
export type ViewChange = typeof ViewChange.Type;

/** The sender has this view-change from replica `of`. */
export const ViewChangeAck = Schema.Struct({
  tag: Schema.Literal("view-change-ack"),
  view,
  of: NodeId,
  said: ViewChange,
});
export type ViewChangeAck = typeof ViewChangeAck.Type;

/** An element of V: the primary says that `replica` has sent this view-change. */
export const Claim = Schema.Struct({ replica: NodeId, said: ViewChange });
export type Claim = typeof Claim.Type;

/** The primary of `view` starts it with V, and with the requests X that it has decided on. */
export const NewView = Schema.Struct({
  tag: Schema.Literal("new-view"),
  view,
  viewChanges: SetOf(Claim),
  proposals: Schema.Array(Schema.Struct({ slot: Schema.Number, digest: Schema.String, request: Value })),
});
export type NewView = typeof NewView.Type;

/** The content of every message between nodes. */
export const Body = Schema.Union([
  Request,
  PrePrepare,
  Prepare,
  Commit,
  Reply,
  ViewChange,
  ViewChangeAck,
  NewView,
]);
export type Body = typeof Body.Type;

/** A message: a body and its sender. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message: a body and its sender. */
export type Message = typeof Message.Type;
