// What a replica of Minimmit remembers, and what replicas say.

import * as Schema from "effect/Schema";
import { CertificateOf, CollectionOf, equal, type MessageOf, SetOf, SignedOf } from "../../protocol/index.js";
import { Chain, viewOf } from "../chain.js";

export const State = Schema.Struct({
  view: Schema.Number,
  /** The block of this view for which it has said notarize. */
  notarized: Schema.NullOr(Chain),
  /** Whether it has said nullify in this view. */
  nullified: Schema.Boolean,
  /** Whether it has seen a proof of this view: a notarized block, or that the view is nullified. */
  over: Schema.Boolean,
  /** The proofs that it has seen: notarized chains, and nullified views. */
  notarizations: SetOf(Chain),
  nullifications: SetOf(Schema.Number),
  final: Chain,
});
export type State = typeof State.Type;

export const Notarize = Schema.Struct({ tag: Schema.Literal("notarize"), chain: Chain });
export type Notarize = typeof Notarize.Type;
export const Nullify = Schema.Struct({ tag: Schema.Literal("nullify"), view: Schema.Number });
export type Nullify = typeof Nullify.Type;

/** What quorums are collected of. */
export const Vote = Schema.Union([Notarize, Nullify]);
export type Vote = typeof Vote.Type;

export const messages = {
  proposal: SignedOf(Schema.Struct({ chain: Chain })),
  notarize: SignedOf(Schema.Struct({ chain: Chain })),
  nullify: SignedOf(Schema.Struct({ view: Schema.Number })),
  notarization: { proof: CertificateOf(Notarize) },
  nullification: { proof: CertificateOf(Nullify) },
  /** Votes of a view that keep one of its blocks from ever being final. */
  contradiction: { proof: CollectionOf(Vote) },
};
/** A message of Minimmit. */
export type Message = MessageOf<typeof messages>;

/** Whether who votes so in the view of a block has not voted for that block. */
export function contradicts(vote: Vote, chain: Chain): boolean {
  return vote.tag === "nullify"
    ? vote.view === viewOf(chain)
    : viewOf(vote.chain) === viewOf(chain) && !equal(vote.chain, chain);
}
