// The rules of Paxos. Two majorities share a server; a server that has promised a ballot accepts nothing
// below it; and a server with a majority of promises proposes what may have been chosen before, if anything.
// So once a value is chosen, all higher ballots propose it.

import { type Config, majority } from "../../protocol/index.js";
import { type Accepted, type Ballot, isBelow, type Proposal } from "./messages.js";

export interface Rules {
  /** How many promises a proposal needs, and how many acceptances choose it. */
  readonly majority: (config: Config) => number;
  /** Phase 2b: whether a server that has promised `promised` accepts a proposal of `ballot`. */
  readonly mayAccept: (ballot: Ballot, promised: Ballot) => boolean;
  /** Phase 2a: the proposal after these promises, of a server that would otherwise propose `own`. */
  readonly proposalAfter: (promises: readonly Accepted[], own: Proposal) => Proposal;
}

export const paxosRules: Rules = {
  majority,
  mayAccept: (ballot, promised) => !isBelow(ballot, promised),
  proposalAfter: (promises, own) => highest(promises) ?? own,
};

/** The proposal of the highest ballot among what was accepted, or undefined. */
function highest(all: readonly Accepted[]): Proposal | undefined {
  const accepted = all.flatMap((one) => one ?? []);
  return accepted.sort((a, b) => (isBelow(a.ballot, b.ballot) ? 1 : -1))[0]?.proposal;
}
