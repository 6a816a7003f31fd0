// The messages of Tendermint (Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus", arXiv
// 1807.04938), for one height. A value is its own id. The paper relies on gossip (what one correct process
// has received, all will); here the message carries the proof: a polka is a certificate of a quorum of
// prevotes.

import * as Schema from "effect/Schema";
import { CertificateOf, SignedOf } from "../../protocol/index.js";

/** Null stands for nil. */
const vote = { round: Schema.Number, value: Schema.NullOr(Schema.String) };

export const Prevote = Schema.Struct({ tag: Schema.Literal("prevote"), ...vote });
export type Prevote = typeof Prevote.Type;
export const Precommit = Schema.Struct({ tag: Schema.Literal("precommit"), ...vote });
export type Precommit = typeof Precommit.Type;

export const Polka = CertificateOf(Prevote);
export type Polka = typeof Polka.Type;

export const Proposal = Schema.Struct({
  tag: Schema.Literal("proposal"),
  round: Schema.Number,
  value: Schema.String,
  /** The proof of the proposer's validRound, or null for -1. */
  valid: Schema.NullOr(Polka),
});
export type Proposal = typeof Proposal.Type;

/**
 * A replica that begins a round sends its proposer the last polka. In the paper gossip does that while the
 * proposer waits.
 */
export const NewRound = Schema.Struct({
  tag: Schema.Literal("new-round"),
  round: Schema.Number,
  valid: Schema.NullOr(Polka),
});
export type NewRound = typeof NewRound.Type;

/** A decision with its proof, for replicas that lag behind; in the paper, gossip again. */
const Decided = Schema.Struct({ tag: Schema.Literal("decided"), proof: CertificateOf(Precommit) });

export const Body = Schema.Union([Proposal, Prevote, Precommit, NewRound, Decided]);
export type Body = typeof Body.Type;
/** A message of Tendermint. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message of Tendermint. */
export type Message = typeof Message.Type;
