// The rules of Minimmit (arXiv 2508.10862), for n >= 5f+1. Why they are safe: a block is final with n-f votes, n-2f of them from correct replicas. Who
// votes for another block of the view, or to nullify it, is one of the f other correct ones, or of the f Byzantine ones, as long as none of
// the n-2f does both. They would do so only if 2f+1 replicas had voted otherwise before. So these are 2f in all, and neither a notarization
// of another block nor a nullification has fewer than 2f+1: all later blocks build on the final one.

import type { Config } from "../../protocol/index.js";
import { type Chain, isAmong, viewOf } from "../chain.js";
import { notaryId } from "../notary.js";
import type { State } from "./state.js";

type Sizes = Pick<Config, "replicas" | "faults">;

export const minimmitRules = {
  /** Votes that notarize a block or nullify a view: enough to go on to the next one. */
  few: ({ faults }: Sizes): number => 2 * faults + 1,

  /** Votes that make a block final. */
  many: ({ replicas, faults }: Sizes): number => replicas - faults,

  /** Replicas that vote otherwise in a view, after which a block of it cannot be final any more. */
  contradicting: ({ faults }: Sizes): number => 2 * faults + 1,

  /** One vote for a block in a view, and none after a vote to nullify it. */
  mayNotarize: ({ notarized, nullified }: Pick<State, "notarized" | "nullified">): boolean =>
    notarized === null && !nullified,

  /** On a timeout only those vote to nullify a view who have not voted for a block of it. */
  mayNullify: ({ notarized, nullified }: Pick<State, "notarized" | "nullified">): boolean =>
    notarized === null && !nullified,

  /** Who has said nothing in a view votes for the block that it sees notarized; without that, too few may vote for it to be final. */
  joins: ({ notarized, nullified }: Pick<State, "notarized" | "nullified">): boolean =>
    notarized === null && !nullified,

  /** A block builds on a notarized one of an earlier view, and each view between the two is nullified. */
  mayExtend: ({ notarizations, nullifications }: State, parent: Chain, view: number): boolean => {
    const first = viewOf(parent) + 1;
    if (first > view || !isAmong(notarizations, parent)) return false;
    return Array.from({ length: view - first }, (_, i) => first + i).every((skipped) =>
      nullifications.includes(skipped),
    );
  },

  /** A leader builds on a block of the last view that has one that it may extend; on which one is a choice. */
  builds: (possible: readonly Chain[]): readonly Chain[] => {
    const latest = Math.max(...possible.map(viewOf));
    return possible.filter((chain) => viewOf(chain) === latest);
  },

  /** Who has a new proof sends it to all; what the notary says all have anyway. */
  forwards: (from: string): boolean => from !== notaryId,
};
export type MinimmitRules = typeof minimmitRules;
