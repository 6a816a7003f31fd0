// The rules of Simplex (eprint 2023/463). Why they are safe: no correct replica votes both for the dummy block of a view and to finalize a block of it.
// So if a quorum finalizes a block, no quorum gives up its view, and no other block of the view is notarized: all later ones build on it.

import type { Config, NodeId } from "../../protocol/index.js";
import { inTurn, quorum } from "../../protocol/index.js";
import { type Chain, isAmong, viewOf } from "../chain.js";
import { notaryId } from "../notary.js";
import type { State, Vote } from "./state.js";

type Sizes = Pick<Config, "replicas" | "faults">;

export const simplexRules = {
  /** Votes for a block, for a dummy block, or to finalize: 2f+1 of 3f+1. */
  quorum: (config: Sizes, _tag: Vote["tag"]): number => quorum(config),

  /** Who may propose in a view. */
  mayPropose: (config: Sizes, view: number, from: NodeId): boolean => from === inTurn(config, view),

  /** One vote for a block in a view, and none once it is given up. */
  mayVote: ({ stage }: Pick<State, "stage">): boolean => stage === "open",

  /** A block builds on a notarized one, and each view between the two was given up by a quorum. */
  mayExtend: (state: State, parent: Chain, view: number): boolean => {
    const skipped = Array.from({ length: view - viewOf(parent) - 1 }, (_, i) => viewOf(parent) + 1 + i);
    return isKnown(state, parent) && skipped.every((other) => state.nullified.includes(other));
  },

  /** A leader builds on the latest of the blocks that it may extend, which come in the order of their views; null where a proof is missing. */
  builds: (possible: readonly Chain[]): Chain | null => possible.at(-1) ?? null,

  /** Whoever has voted for the dummy block of a view does not finalize a block of it. */
  mayFinalize: ({ stage }: Pick<State, "stage">): boolean => stage !== "gave-up",

  /** A proof of a view that the replica has left counts, too: a later leader may build on it. */
  heedsLate: (): boolean => true,

  /** Who has a new proof sends it to all; what the notary says all have anyway. */
  forwards: (from: NodeId): boolean => from !== notaryId,
};
export type SimplexRules = typeof simplexRules;

/** Whether a chain is final or notarized. */
export function isKnown({ final, notarized }: Pick<State, "final" | "notarized">, chain: Chain): boolean {
  return isAmong([final, ...notarized], chain);
}
