// The messages of basic HotStuff (Yin, Malkhi, Reiter, Gueta and Abraham, arXiv 1803.05069, algorithm 2), for
// one decision. A value stands for a node of the paper's tree; to extend a node is to propose its value
// again. Threshold signatures are certificates.

import * as Schema from "effect/Schema";
import { CertificateOf, SignedOf } from "../../protocol/index.js";

export const phases = ["prepare", "pre-commit", "commit"] as const;
export const Phase = Schema.Literals(phases);
export type Phase = typeof Phase.Type;

/** What a replica signs for the leader of its view. */
export const Vote = Schema.Struct({
  tag: Schema.Literal("vote"),
  phase: Phase,
  view: Schema.Number,
  value: Schema.String,
});
export type Vote = typeof Vote.Type;

export const Qc = CertificateOf(Vote);
export type Qc = typeof Qc.Type;

/** A replica that enters a view sends its leader its last prepareQC. */
export const NewView = Schema.Struct({
  tag: Schema.Literal("new-view"),
  view: Schema.Number,
  justify: Schema.NullOr(Qc),
});
export type NewView = typeof NewView.Type;

export const Proposal = Schema.Struct({
  tag: Schema.Literal("proposal"),
  view: Schema.Number,
  value: Schema.String,
  justify: Schema.NullOr(Qc),
});
export type Proposal = typeof Proposal.Type;

/** A QC that ends a phase: prepareQC, precommitQC, or commitQC, which decides. */
const Shown = Schema.Struct({ tag: Schema.Literal("qc"), qc: Qc });

export const Body = Schema.Union([Vote, NewView, Proposal, Shown]);
export type Body = typeof Body.Type;
/** A message of HotStuff. This is its schema; its type has the same name. */
export const Message = SignedOf(Body);
/** A message of HotStuff. */
export type Message = typeof Message.Type;
