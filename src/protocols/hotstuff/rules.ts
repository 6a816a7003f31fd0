// The rules of basic HotStuff. Why three phases: a replica locks on a precommitQC. So when one is locked, n-f
// replicas know the prepareQC, and any n-f replicas that a new leader hears from include one of them: the
// leader proposes what the locked replica accepts. If replicas lock on the prepareQC itself (two phases), a
// leader that sends it to only one leaves a lock that no later leader need learn of.

import { type Config, certificate, type NodeId, replicaIds } from "../../protocol/index.js";
import { primaryOf, quorumSize } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import { type Phase, type Proposal, phases, type Qc, type Vote } from "./messages.js";

export interface Rules {
  /** How many votes make a QC, and how many new-views let a leader propose: n-f. */
  readonly quorum: (config: Config) => number;
  readonly isValid: (config: Config, value: string) => boolean;
  /** Who may propose in a view: its leader. */
  readonly mayPropose: (config: Config, view: number, from: NodeId) => boolean;
  /** The phases that replicas vote in, in order; the QC of the last one decides. */
  readonly phases: readonly Phase[];
  /** The phase whose QC a replica locks on. */
  readonly locksOn: Phase;
  /** The QC that a leader extends (highQC): that of the highest view among the new-views. */
  readonly extended: (justifications: readonly (Qc | null)[]) => Qc | null;
  /** Whether a QC proves its claim, and a proposal extends its own QC. */
  readonly isProven: (rules: Rules, config: Config, proposal: Proposal) => boolean;
  /** Whether the disk has that a replica has left a view, as it has its votes. */
  readonly timeoutsAreDurable: () => boolean;
  /** safeNode: the proposal extends the locked value, or its QC is of a later view. */
  readonly isSafe: (locked: Qc | null, proposal: Proposal) => boolean;
}

export const hotstuffRules: Rules = {
  quorum: quorumSize,
  isValid: (config, value) => valuesOf(config).includes(value),
  mayPropose: (config, view, from) => from === primaryOf(config, view),
  phases,
  locksOn: "pre-commit",
  extended: (justifications) =>
    justifications.flatMap((qc) => qc ?? []).sort((a, b) => b.vote.view - a.vote.view)[0] ?? null,
  isProven: (rules, config, { view, value, justify }) =>
    justify === null ||
    (isQc(rules, config, justify, "prepare") && justify.vote.view < view && justify.vote.value === value),
  timeoutsAreDurable: () => true,
  isSafe: (locked, { value, justify }) =>
    locked === null ||
    locked.vote.value === value ||
    (justify !== null && justify.vote.view > locked.vote.view),
};

/** Whether this is a certificate of a quorum of the replicas, for this phase if one is named. */
export function isQc(
  rules: Rules,
  config: Config,
  { vote, atLeast, among }: Qc,
  phase = vote.phase,
): boolean {
  const isKnown = among.every((id) => replicaIds(config).includes(id));
  return vote.phase === phase && atLeast >= rules.quorum(config) && isKnown;
}

/** The proof that a quorum has cast this vote. */
export function qcOf(rules: Rules, config: Config, vote: Vote): Qc {
  return certificate(vote, rules.quorum(config), replicaIds(config));
}
