// The messages of PBFT (Castro and Liskov, OSDI'99, sections 4.2 to 4.4; TOCS'02, sections 2.3 to 2.5), in the variant
// in which every message is signed. Fields have the paper's meaning and longer names:
//
//   <REQUEST, o, t, c>        request      operation, timestamp, client
//   <<PRE-PREPARE,v,n,d>, m>  pre-prepare  view, slot, digest, request
//   <PREPARE, v, n, d, i>     prepare      view, slot, digest           (i is the signer)
//   <COMMIT, v, n, d, i>      commit       view, slot, digest
//   <REPLY, v, t, c, i, r>    reply        view, timestamp, client, result
//   <VIEW-CHANGE,v+1,n,C,P,i> view-change  view, stable, prepared
//   <NEW-VIEW, v+1, V, O>     new-view     view, viewChanges, proposals
//
// Two departures. The request travels inside the signed pre-prepare, also where the paper leaves it out to save bytes (P
// and O): so nobody has to fetch a missing one. And the 2f prepares of P are one `Certificate` term, the 2f+1 view-changes of V
// one `Collection`.

import * as Schema from "effect/Schema";
import { CertificateOf, CollectionOf, NodeId, SetOf, SignedOf } from "../../protocol/index.js";

const view = Schema.Number;
const slot = Schema.Number;
const digest = Schema.String;

/** A client asks for an operation. Timestamps order the requests of one client. */
export const Request = Schema.Struct({
  tag: Schema.Literal("request"),
  client: NodeId,
  timestamp: Schema.Number,
  operation: Schema.String,
});
export type Request = typeof Request.Type;

/** The primary of `view` assigns `slot` to a request; `request` is null for the null request of a new view. */
export const PrePrepare = Schema.Struct({
  tag: Schema.Literal("pre-prepare"),
  view,
  slot,
  digest,
  request: Schema.NullOr(SignedOf(Request)),
});
export type PrePrepare = typeof PrePrepare.Type;

/** A backup agrees to the assignment. */
export const Prepare = Schema.Struct({ tag: Schema.Literal("prepare"), view, slot, digest });
export type Prepare = typeof Prepare.Type;

/** A replica is prepared. */
export const Commit = Schema.Struct({ tag: Schema.Literal("commit"), view, slot, digest });
export type Commit = typeof Commit.Type;

/** A replica has executed a request. */
export const Reply = Schema.Struct({
  tag: Schema.Literal("reply"),
  view,
  client: NodeId,
  timestamp: Schema.Number,
  result: Schema.String,
});
export type Reply = typeof Reply.Type;

/** Proof that a request prepared: the pre-prepare and quorum - 1 matching prepares from distinct backups. */
export const Prepared = Schema.Struct({
  tag: Schema.Literal("prepared"),
  prePrepare: SignedOf(PrePrepare),
  prepares: CertificateOf(Prepare),
});
export type Prepared = typeof Prepared.Type;

/**
 * A replica wants to move to `view`. `stable` is the slot of its last stable checkpoint (always 0 until checkpoints are
 * taken), `prepared` its certificates for the slots above: at most one for each, that of the highest view.
 */
export const ViewChange = Schema.Struct({
  tag: Schema.Literal("view-change"),
  view,
  stable: slot,
  prepared: SetOf(Prepared),
});
export type ViewChange = typeof ViewChange.Type;

/** The primary of `view` starts it: the view-changes that entitle it to (V), and what follows from them (O). */
export const NewView = Schema.Struct({
  tag: Schema.Literal("new-view"),
  view,
  viewChanges: CollectionOf(ViewChange),
  proposals: Schema.Array(SignedOf(PrePrepare)),
});
export type NewView = typeof NewView.Type;

/** Everything that nodes say to each other: signed as a whole. */
export const Body = Schema.Union([Request, PrePrepare, Prepare, Commit, Reply, ViewChange, NewView]);
export type Body = typeof Body.Type;

export const Message = SignedOf(Body);
export type Message = typeof Message.Type;
