// The rules of Tendermint. A quorum that has precommitted a value is locked on it, and prevotes nothing else
// without a later polka; so no later polka is for another value. (Line numbers are those of algorithm 1 in
// arXiv 1807.04938.)

import { type Certificate, type Config, certificate, type NodeId, replicaIds } from "../../protocol/index.js";
import { quorumSize } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import type { Polka, Precommit, Prevote, Proposal } from "./messages.js";

/** What a replica keeps from round to round. */
interface Memory {
  /** lockedValue and lockedRound. */
  readonly locked: Polka | null;
  /** validValue and validRound: the last polka received in time. */
  readonly valid: Polka | null;
}

export interface Rules {
  /** How many prevotes make a polka, and how many precommits a decision: 2f+1 of 3f+1. */
  readonly quorum: (config: Config) => number;
  readonly isValid: (config: Config, value: string) => boolean;
  /**
   * Lines 14 to 18: the polka that a proposer follows, of its own and those reported to it; null if it may
   * choose.
   */
  readonly proposes: (memory: Memory, told: readonly Polka[]) => Polka | null;
  /** Line 28: whether a polka proves its proposal's claim. */
  readonly isProven: (rules: Rules, config: Config, proposal: Proposal) => boolean;
  /** Lines 23 and 29: whether a replica prevotes the value rather than nil. */
  readonly mayPrevote: (memory: Memory, proposal: Proposal) => boolean;
  /** Line 16: the polka that a proposal shows for an old value: the whole of it. */
  readonly shown: (polka: Polka) => Polka;
  /** Lines 22 to 37: whether prevotes count only once the proposal has come, or the time for it is over. */
  readonly waitsForProposal: () => boolean;
  /** Line 44: whether a step that ends with a polka for nil is followed by a timeout like any other. */
  readonly timerAfterNil: () => boolean;
  /** Whether what comes with a precommit is accepted (vote extensions of ABCI): the same for all, one's own included. */
  readonly accepts: (self: NodeId, from: NodeId, round: number) => boolean;
  /** Whether those that lag behind accept a decision's proof. */
  readonly helps: (round: number) => boolean;
  /** Lines 44 to 46: whether a polka for nil releases a lock. No. */
  readonly nilUnlocks: () => boolean;
}

export const tendermintRules: Rules = {
  quorum: quorumSize,
  isValid: (config, value) => valuesOf(config).includes(value),
  proposes: ({ valid }, told) => latest([...(valid ? [valid] : []), ...told]),
  isProven: (rules, config, { round, value, valid }) =>
    valid === null ||
    (valid.vote.round < round && valid.vote.value === value && isPolka(rules, config, valid)),
  mayPrevote: ({ locked }, { value, valid }) =>
    locked === null ||
    locked.vote.value === value ||
    (valid !== null && locked.vote.round <= valid.vote.round),
  shown: (polka) => polka,
  waitsForProposal: () => true,
  timerAfterNil: () => true,
  accepts: () => true,
  helps: () => true,
  nilUnlocks: () => false,
};

/** The polka of the highest round, or null. */
function latest(polkas: readonly Polka[]): Polka | null {
  return [...polkas].sort((a, b) => b.vote.round - a.vote.round)[0] ?? null;
}

/** Whether this is a certificate of a quorum of the replicas for a value. */
export function isPolka(
  rules: Rules,
  config: Config,
  { vote, atLeast, among }: Certificate<Prevote | Precommit>,
): boolean {
  const isKnown = among.every((id) => replicaIds(config).includes(id));
  return vote.value !== null && atLeast >= rules.quorum(config) && isKnown;
}

/** The proof that a quorum has cast this vote. */
export function proofOf<Vote extends Prevote | Precommit>(
  rules: Rules,
  config: Config,
  vote: Vote,
): Certificate<Vote> {
  return certificate(vote, rules.quorum(config), replicaIds(config));
}
