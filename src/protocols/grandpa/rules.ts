// The rules of GRANDPA (Stewart and Kokoris-Kogia, arXiv 2007.01560). Why they are safe: if a block is finalized in a round, T have
// precommitted to it, and at least T-f of them are correct. They had seen a supermajority of prevotes for it, and it can never be excluded,
// so their estimate is that block or a descendant. The others are fewer than T, Byzantine ones included: nothing else gets a supermajority of
// prevotes in the next round, and whoever precommits there does so for what descends from its estimate, so the same is true of that round.

import { type Config, quorum } from "../../protocol/index.js";
import { childrenOf, descends, genesis, highest } from "./blocks.js";
import type { Round, State } from "./state.js";

export const grandpaRules = {
  /** T, the votes of a supermajority: more than (n+f)/2. */
  supermajority: (config: Pick<Config, "replicas" | "faults">): number => quorum(config),

  /** g(V), the ghost: the highest block with a supermajority of prevotes; null before any has one. */
  ghost: ({ backed }: Round): string | null => highest(backed),

  /** E, what may have been finalized in a round at most: the last block on the chain of the ghost that can still get a supermajority of precommits. */
  estimate: (round: Round, ghost: string): string =>
    highest(round.backed.filter((block) => descends(ghost, block) && !round.excluded.includes(block))) ??
    genesis,

  /**
   * Whether a round is completable: its estimate is below the ghost, or no child of the ghost can be finalized. The paper also wants
   * precommits of T voters before it says so; here a voter may leave a round without them where its ghost has no child, which only adds runs.
   * (As far as it was searched, nothing final is in conflict without this rule either: who leaves too early votes in vain.)
   */
  isCompletable: (round: Round, ghost: string, estimate: string, blocks: readonly string[]): boolean =>
    estimate !== ghost || childrenOf(blocks, ghost).every((block) => round.excluded.includes(block)),

  /** What a voter builds on: the estimate of the round before, not only what it knows to be final. */
  base: (_state: State, estimate: string): string => estimate,

  /** A voter prevotes for the best chain that it sees above the base: any block there, for others may not have come to it yet. */
  mayPrevote: (block: string, base: string): boolean => descends(block, base),

  /** A voter precommits to the ghost; before that is the base or above, it waits. */
  mayPrecommit: (block: string, ghost: string, base: string): boolean =>
    block === ghost && descends(ghost, base),

  /** What makes a block final: a supermajority of precommits. */
  isFinal: (tag: "prevote" | "precommit"): boolean => tag === "precommit",

  /** What survives a crash: what it has voted, above all. */
  durable: (): readonly (keyof State)[] => ["round", "voted", "rounds", "final"],
};
export type GrandpaRules = typeof grandpaRules;
