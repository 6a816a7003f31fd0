// What a replica of Streamlet remembers, and what replicas say. A block is notarized by a quorum of votes.

import * as Schema from "effect/Schema";
import { CertificateOf, type MessageOf, SetOf, SignedOf } from "../../protocol/index.js";
import { Chain, isAmong } from "../chain.js";

export const State = Schema.Struct({
  epoch: Schema.Number,
  hasVoted: Schema.Boolean,
  notarized: SetOf(Chain),
  final: Chain,
});
export type State = typeof State.Type;

export const Vote = Schema.Struct({ tag: Schema.Literal("vote"), chain: Chain });
export type Vote = typeof Vote.Type;
export const messages = {
  proposal: SignedOf(Schema.Struct({ chain: Chain })),
  vote: SignedOf(Schema.Struct({ chain: Chain })),
  notarization: { proof: CertificateOf(Vote) },
};
/** A message of Streamlet. */
export type Message = MessageOf<typeof messages>;

/** The chains of which every block is notarized, the genesis block among them. */
export function notarizedChains({ notarized }: Pick<State, "notarized">): readonly Chain[] {
  const isWhole = (chain: Chain) => chain.every((_, i) => isAmong(notarized, chain.slice(0, i + 1)));
  return [[], ...notarized.filter(isWhole)];
}

/** The longest of them. */
export function longest(state: Pick<State, "notarized">): readonly Chain[] {
  const chains = notarizedChains(state);
  const length = Math.max(...chains.map((chain) => chain.length));
  return chains.filter((chain) => chain.length === length);
}
