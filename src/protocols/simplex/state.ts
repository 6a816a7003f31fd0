// What a replica of Simplex remembers, and what replicas say. A view is what the paper calls an iteration; a dummy block is a view that was
// given up, and no part of a chain here.

import * as Schema from "effect/Schema";
import { CertificateOf, type MessageOf, SetOf, SignedOf } from "../../protocol/index.js";
import { Chain } from "../chain.js";

export const State = Schema.Struct({
  view: Schema.Number,
  /** Of this view: nothing said yet, voted for a block, voted for the dummy block, or a block is notarized. */
  stage: Schema.Literals(["open", "voted", "gave-up", "over"]),
  /** The proofs that it has seen of views after the last final block: notarized chains, and views whose dummy block is notarized. */
  notarized: SetOf(Chain),
  nullified: SetOf(Schema.Number),
  final: Chain,
});
export type State = typeof State.Type;

export const Notarize = Schema.Struct({ tag: Schema.Literal("notarize"), chain: Chain });
export type Notarize = typeof Notarize.Type;
export const Nullify = Schema.Struct({ tag: Schema.Literal("nullify"), view: Schema.Number });
export type Nullify = typeof Nullify.Type;
export const Finalize = Schema.Struct({ tag: Schema.Literal("finalize"), chain: Chain });
export type Finalize = typeof Finalize.Type;

/** What quorums are collected of. */
export const Vote = Schema.Union([Notarize, Nullify, Finalize]);
export type Vote = typeof Vote.Type;

export const messages = {
  proposal: SignedOf(Schema.Struct({ chain: Chain })),
  notarize: SignedOf(Schema.Struct({ chain: Chain })),
  nullify: SignedOf(Schema.Struct({ view: Schema.Number })),
  finalize: SignedOf(Schema.Struct({ chain: Chain })),
  notarization: { proof: CertificateOf(Notarize) },
  nullification: { proof: CertificateOf(Nullify) },
  finalization: { proof: CertificateOf(Finalize) },
};
/** A message of Simplex. */
export type Message = MessageOf<typeof messages>;
