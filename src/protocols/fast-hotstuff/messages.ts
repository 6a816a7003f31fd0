// The messages of Fast-HotStuff (Jalalzai, Niu, Feng and Gai, arXiv 2010.11454). Threshold signatures are certificates; an
// AggQC is a collection.

import * as Schema from "effect/Schema";
import { CertificateOf, CollectionOf, SignedOf } from "../../protocol/index.js";
import { Chain } from "../chain.js";

export const Vote = Schema.Struct({ tag: Schema.Literal("vote"), view: Schema.Number, chain: Chain });
export type Vote = typeof Vote.Type;
export const Qc = CertificateOf(Vote);
export type Qc = typeof Qc.Type;

export const NewView = Schema.Struct({
  tag: Schema.Literal("new-view"),
  view: Schema.Number,
  /** highQC; null: that of the genesis block. */
  high: Schema.NullOr(Qc),
});
export type NewView = typeof NewView.Type;

export const Proposal = Schema.Struct({
  tag: Schema.Literal("proposal"),
  view: Schema.Number,
  chain: Chain,
  /** AggQC: the new-views of n-f replicas, whose highest QC is the parent's; null in view 0. */
  behind: Schema.NullOr(CollectionOf(NewView)),
});
export type Proposal = typeof Proposal.Type;

export const Body = Schema.Union([Vote, NewView, Proposal]);
export type Body = typeof Body.Type;
/** A message of Fast-HotStuff. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message of Fast-HotStuff. */
export type Message = typeof Message.Type;
