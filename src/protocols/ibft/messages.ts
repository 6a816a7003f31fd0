// The messages of Istanbul BFT (Moniz, "The Istanbul BFT consensus algorithm", arXiv 2002.03613), for one
// instance. A value is its own digest. The justification of a message is part of it here, as a certificate.

import * as Schema from "effect/Schema";
import { CertificateOf, CollectionOf, SignedOf } from "../../protocol/index.js";

const vote = { round: Schema.Number, value: Schema.String };

export const Prepare = Schema.Struct({ tag: Schema.Literal("prepare"), ...vote });
export type Prepare = typeof Prepare.Type;
export const Commit = Schema.Struct({ tag: Schema.Literal("commit"), ...vote });
export type Commit = typeof Commit.Type;

/**
 * The last round and value for which a replica has received a quorum of prepares, and the proof (the paper's
 * pr, pv).
 */
export const Prepared = Schema.Struct({ ...vote, proof: CertificateOf(Prepare) });
export type Prepared = typeof Prepared.Type;

export const RoundChange = Schema.Struct({
  tag: Schema.Literal("round-change"),
  round: Schema.Number,
  prepared: Schema.NullOr(Prepared),
});
export type RoundChange = typeof RoundChange.Type;

export const PrePrepare = Schema.Struct({
  tag: Schema.Literal("pre-prepare"),
  ...vote,
  /** The quorum of round-changes that justifies it; null in round 0. */
  changes: Schema.NullOr(CollectionOf(RoundChange)),
});
export type PrePrepare = typeof PrePrepare.Type;

/** The quorum of commits, which a replica that has decided sends to the others (algorithm 3, last rule). */
const Decided = Schema.Struct({ tag: Schema.Literal("decided"), proof: CertificateOf(Commit) });

export const Body = Schema.Union([PrePrepare, Prepare, Commit, RoundChange, Decided]);
export type Body = typeof Body.Type;
/** A message of Istanbul BFT. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message of Istanbul BFT. */
export type Message = typeof Message.Type;
