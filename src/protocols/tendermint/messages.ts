// The messages of Tendermint (Buchman, Kwon and Milosevic, "The latest gossip on BFT consensus", arXiv 1807.04938), for one height. A
// value is its own id. Where the paper relies on gossip (what one correct process has seen, all will see), the proof travels along:
// a polka is a certificate of a quorum of prevotes.

import * as Schema from "effect/Schema";
import { CertificateOf, SignedOf } from "../../protocol/index.js";

/** The value is null for nil. */
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
  /** The proof for the proposer's validRound, or null for -1. */
  valid: Schema.NullOr(Polka),
});
export type Proposal = typeof Proposal.Type;

/** Whoever begins a round tells its proposer of the last polka. This stands for the time that a proposer leaves to gossip. */
export const NewRound = Schema.Struct({
  tag: Schema.Literal("new-round"),
  round: Schema.Number,
  valid: Schema.NullOr(Polka),
});
export type NewRound = typeof NewRound.Type;

/** A decision with its proof, for those that lag behind: gossip again. */
export const Decided = Schema.Struct({ tag: Schema.Literal("decided"), proof: CertificateOf(Precommit) });

export const Body = Schema.Union([Proposal, Prevote, Precommit, NewRound, Decided]);
export type Body = typeof Body.Type;
export const Message = SignedOf(Body);
export type Message = typeof Message.Type;
