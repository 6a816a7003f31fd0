// What a voter of GRANDPA remembers, and what voters say.
//
// A vote for a block is said block by block: it backs the block and its ancestors, and a precommit also excludes all others. So what the paper
// asks of a set of votes, that it has a supermajority for a block, or that it is impossible for it to get one, is a quorum that has signed
// the same statement: a certificate. An equivocator has signed both, and counts for every block, as in the paper.

import * as Schema from "effect/Schema";
import { CertificateOf, type MessageOf, SetOf, SignedOf } from "../../protocol/index.js";
import { descends, genesis } from "./blocks.js";

const statement = { round: Schema.Number, block: Schema.String };

/** A prevote for this block or a descendant. */
export const Prevote = Schema.Struct({ tag: Schema.Literal("prevote"), ...statement });
/** A precommit for this block or a descendant; one for any other block. */
export const Precommit = Schema.Struct({ tag: Schema.Literal("precommit"), ...statement });
export const Exclude = Schema.Struct({ tag: Schema.Literal("exclude"), ...statement });

/** What quorums are collected of. */
export const Statement = Schema.Union([Prevote, Precommit, Exclude]);
export type Statement = typeof Statement.Type;

export const messages = {
  vote: { said: SetOf(SignedOf(Statement)) },
  quorums: { proofs: SetOf(CertificateOf(Statement)) },
};
/** A message of GRANDPA. */
export type Message = MessageOf<typeof messages>;

/** A vote for a block, among these blocks. The genesis block is final anyway, so nobody asks for precommits to it. */
export function ballot(
  tag: "prevote" | "precommit",
  round: number,
  block: string,
  blocks: readonly string[],
): readonly Statement[] {
  const isBacked = (other: string) => descends(block, other);
  if (tag === "prevote") return blocks.filter(isBacked).map((other) => ({ tag, round, block: other }));
  return blocks
    .filter((other) => other !== genesis)
    .map((other) => ({ tag: isBacked(other) ? tag : "exclude", round, block: other }));
}

/** What a voter has seen of a round. */
export const Round = Schema.Struct({
  /** The blocks with a supermajority of prevotes. */
  backed: SetOf(Schema.String),
  /** The blocks that cannot get a supermajority of precommits any more. */
  excluded: SetOf(Schema.String),
});
export type Round = typeof Round.Type;

export const State = Schema.Struct({
  round: Schema.Number,
  /** Its votes in this round: none yet, a prevote, or both. */
  voted: Schema.Literals(["nothing", "prevote", "precommit"]),
  /** By number. Rounds before the last one are forgotten. */
  rounds: Schema.Array(Round),
  final: Schema.String,
});
export type State = typeof State.Type;
