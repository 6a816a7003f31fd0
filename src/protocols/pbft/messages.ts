// The messages of PBFT (Castro and Liskov, OSDI'99, sections 4.2 to 4.4; TOCS'02, sections 2.3 to 2.5). Every
// message is signed; with authenticators, requests and reads have MACs (see `Config.authentication`). Fields
// have the paper's meaning and longer names:
//
//   <REQUEST, o, t, c>        request      operation, timestamp, client
//   <<PRE-PREPARE,v,n,d>, m>  pre-prepare  view, slot, digest, request
//   <PREPARE, v, n, d, i>     prepare      view, slot, digest           (i is the signer)
//   <COMMIT, v, n, d, i>      commit       view, slot, digest
//   <REPLY, v, t, c, i, r>    reply        view, timestamp, client, result
//   <REQUEST, o, t, c>        read         timestamp, client            (where o is read-only and need not be ordered)
//   <REPLY, t, c, i, r>       read-reply   timestamp, client, result
//   <CHECKPOINT, n, d, i>     checkpoint   slot, digest
//   <VIEW-CHANGE,v+1,n,C,P,i> view-change  view, stable, proof, prepared
//   <NEW-VIEW, v+1, V, O>     new-view     view, viewChanges, proposals
//   <FETCH, ...>              fetch        slot                         (TOCS'02, 5.3)
//   <DATA, ...>               state        slot, snapshot, proof
//
// Differences from the paper:
// - The signed pre-prepare always contains the request, also in P and O, where the paper omits it to save
//   bytes. So no replica has to fetch a missing request.
// - The 2f prepares of P and the 2f+1 checkpoints of C are one `Certificate` term each; the 2f+1 view-changes
//   of V are one `Collection`.
// - State is fetched whole, not page by page.

import * as Schema from "effect/Schema";
import { CertificateOf, CollectionOf, NodeId, SetOf, SignedOf } from "../../protocol/index.js";

const view = Schema.Number;
const slot = Schema.Number;
const digest = Schema.String;

/** A client's request for an operation. Timestamps order the requests of one client. */
export const Request = Schema.Struct({
  tag: Schema.Literal("request"),
  client: NodeId,
  timestamp: Schema.Number,
  operation: Schema.String,
});
export type Request = typeof Request.Type;

/** Several requests under one sequence number, in execution order (TOCS'02, 5.1.4). */
export const Batch = Schema.Struct({
  tag: Schema.Literal("batch"),
  requests: Schema.Array(SignedOf(Request)),
});
export type Batch = typeof Batch.Type;

/**
 * What a sequence number is assigned to: a request, a batch of several, or null, the null request of a new
 * view.
 */
export const Value = Schema.NullOr(Schema.Union([SignedOf(Request), Batch]));
export type Value = typeof Value.Type;

/** The primary of `view` assigns `slot` to a request. */
export const PrePrepare = Schema.Struct({
  tag: Schema.Literal("pre-prepare"),
  view,
  slot,
  digest,
  request: Value,
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
  /** Whether the replica has prepared but not committed the request (TOCS'02, 5.1.2). */
  tentative: Schema.optionalKey(Schema.Boolean),
});
export type Reply = typeof Reply.Type;

/** A client's read that need not be ordered (OSDI'99, 5.1: "read-only requests"). Sent to all replicas. */
export const Read = Schema.Struct({
  tag: Schema.Literal("read"),
  client: NodeId,
  timestamp: Schema.Number,
});
export type Read = typeof Read.Type;

/** The answer to a {@link Read}. It is no {@link Reply}: a quorum of these is needed, f+1 prove nothing. */
export const ReadReply = Schema.Struct({
  tag: Schema.Literal("read-reply"),
  client: NodeId,
  timestamp: Schema.Number,
  result: Schema.String,
});
export type ReadReply = typeof ReadReply.Type;

/** The last reply to a client. A request with this timestamp or an older one is not executed (again). */
export const LastReply = Schema.Struct({ client: NodeId, timestamp: Schema.Number, result: Schema.String });
export type LastReply = typeof LastReply.Type;

/** A replica has executed everything up to `slot`, and its state then had this digest (4.3). */
export const Checkpoint = Schema.Struct({ tag: Schema.Literal("checkpoint"), slot, digest });
export type Checkpoint = typeof Checkpoint.Type;

/** The state of the service, and the last reply to each client. */
export const Snapshot = Schema.Struct({
  /** Everything executed so far, in order; hashed once it is long. */
  history: Schema.String,
  /** The number of executed requests. */
  executed: Schema.Number,
  replies: SetOf(LastReply),
  /** How many of them were reads. Absent: none. */
  reads: Schema.optionalKey(Schema.Number),
});
export type Snapshot = typeof Snapshot.Type;

/** A replica that fell behind asks for the state of a stable checkpoint at `slot` or above. */
export const Fetch = Schema.Struct({ tag: Schema.Literal("fetch"), slot });
export type Fetch = typeof Fetch.Type;

/** The state of a stable checkpoint, with its proof: 2f+1 checkpoint messages with its digest. */
export const StateTransfer = Schema.Struct({
  tag: Schema.Literal("state"),
  slot,
  snapshot: Snapshot,
  proof: CertificateOf(Checkpoint),
});
export type StateTransfer = typeof StateTransfer.Type;

/** Proof that a request prepared: the pre-prepare and quorum - 1 matching prepares from distinct backups. */
export const Prepared = Schema.Struct({
  tag: Schema.Literal("prepared"),
  prePrepare: SignedOf(PrePrepare),
  prepares: CertificateOf(Prepare),
});
export type Prepared = typeof Prepared.Type;

/**
 * A replica wants to move to `view`. `stable` is the slot of its last stable checkpoint (0: none yet),
 * `proof` the 2f+1 checkpoint messages that prove it, `prepared` the prepared certificates for slots above:
 * at most one for each, of the highest view.
 */
export const ViewChange = Schema.Struct({
  tag: Schema.Literal("view-change"),
  view,
  stable: slot,
  proof: Schema.optionalKey(CertificateOf(Checkpoint)),
  prepared: SetOf(Prepared),
});
export type ViewChange = typeof ViewChange.Type;

/**
 * The primary of `view` starts it with V, the view-changes that entitle it to, and O, the proposals that
 * follow from them.
 */
export const NewView = Schema.Struct({
  tag: Schema.Literal("new-view"),
  view,
  viewChanges: CollectionOf(ViewChange),
  proposals: Schema.Array(SignedOf(PrePrepare)),
});
export type NewView = typeof NewView.Type;

/** The content of every message between nodes, signed as a whole. */
export const Body = Schema.Union([
  Request,
  PrePrepare,
  Prepare,
  Commit,
  Reply,
  Read,
  ReadReply,
  Checkpoint,
  ViewChange,
  NewView,
  Fetch,
  StateTransfer,
]);
export type Body = typeof Body.Type;

/** A message of PBFT: a signed body. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message of PBFT: a signed body. */
export type Message = typeof Message.Type;
