// The rules of Streamlet. Why they are safe: two quorums share a correct replica, which votes once an epoch, so an epoch has one
// notarized block at most. If three blocks of epochs k, k+1 and k+2 follow each other, a quorum has voted for the third one and had
// seen the second one notarized: in no later epoch do they vote for a block on a chain that is shorter than that.

import type { Config, NodeId } from "../../protocol/index.js";
import { inTurn } from "../../protocol/index.js";
import { type Chain, isAmong } from "../chain.js";
import { longest, type State } from "./state.js";

export const streamletRules = {
  /** Votes that notarize a block: two thirds of all. */
  quorum: ({ replicas }: Pick<Config, "replicas">): number => Math.ceil((2 * replicas) / 3),

  /** Who may propose in an epoch. */
  mayPropose: (config: Pick<Config, "replicas">, epoch: number, from: NodeId): boolean =>
    from === inTurn(config, epoch),

  /** One vote an epoch. */
  mayVote: ({ hasVoted }: Pick<State, "hasVoted">): boolean => !hasVoted,

  /** A vote goes to what extends one of the longest notarized chains that the voter has seen. */
  mayExtend: (state: State, parent: Chain): boolean => isAmong(longest(state), parent),

  /** How many blocks of a notarized chain are final: of three blocks of consecutive epochs the first two, and what is below. */
  finalLength: (chain: Chain): number => (endInRow(chain.slice(-3)) ? chain.length - 1 : 0),
};
export type StreamletRules = typeof streamletRules;

/** Whether these are three blocks of consecutive epochs. */
function endInRow(blocks: Chain): boolean {
  return blocks.length === 3 && blocks.every(({ view }, i) => view === blocks[0]!.view + i);
}
