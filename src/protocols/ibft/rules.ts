// The rules of Istanbul BFT. A value that may have been decided in some round has a quorum of prepares there.
// Any quorum of round-changes includes one from a correct replica that received it, and a proposal must be
// for the value that prepared last.

import { type Certificate, type Config, certificate, replicaIds } from "../../protocol/index.js";
import { quorumSize } from "../pbft/quorums.js";
import { valuesOf } from "../reactions.js";
import type { Commit, PrePrepare, Prepare, Prepared, RoundChange } from "./messages.js";

export interface Rules {
  /** How many prepares, commits or round-changes make a quorum. */
  readonly quorum: (config: Config) => number;
  /** The external validity of a value (the paper's beta). */
  readonly isValid: (config: Config, value: string) => boolean;
  /** The value that the proposer of a later round must propose, or null if it may choose. */
  readonly mustPropose: (changes: readonly RoundChange[], own: Prepared | null) => string | null;
  /** Whether a proposal follows from its round-changes (JustifyPrePrepare). */
  readonly isJustified: (rules: Rules, config: Config, proposal: PrePrepare) => boolean;
  /** Whether a round-change proves what it claims to have prepared (JustifyRoundChange). */
  readonly isProven: (rules: Rules, config: Config, change: RoundChange) => boolean;
  /**
   * Whether a replica that has prepared something accepts a justified proposal for this value: always, there
   * are no locks.
   */
  readonly acceptsAfter: (prepared: Prepared | null, value: string) => boolean;
  /** Whether a replica that has decided sends the proof to the others. */
  readonly tellsDecision: () => boolean;
}

export const ibftRules: Rules = {
  quorum: quorumSize,
  isValid: (config, value) => valuesOf(config).includes(value),
  mustPropose: (changes) => preparedLast(changes)?.value ?? null,
  isJustified: (rules, config, { round, value, changes }) => {
    if (round === 0) return true;
    if (!changes || !isQuorum(rules, config, changes)) return false;
    const { bodies } = changes;
    if (!bodies.every((change) => change.round === round && rules.isProven(rules, config, change)))
      return false;
    const must = rules.mustPropose(bodies, null);
    return must === null || must === value;
  },
  isProven: (rules, config, { round, prepared }) => {
    if (prepared === null) return true;
    const { proof, ...vote } = prepared;
    return (
      vote.round < round &&
      isQuorum(rules, config, proof) &&
      proof.vote.round === vote.round &&
      proof.vote.value === vote.value
    );
  },
  acceptsAfter: () => true,
  tellsDecision: () => true,
};

/** The value prepared in the highest round, or undefined. */
function preparedLast(changes: readonly RoundChange[]): Prepared | undefined {
  return changes.flatMap(({ prepared }) => prepared ?? []).sort((a, b) => b.round - a.round)[0];
}

/** Whether a certificate, or a collection, is from a quorum of the replicas. */
export function isQuorum(
  rules: Rules,
  config: Config,
  { atLeast, among }: { readonly atLeast: number; readonly among: readonly string[] },
): boolean {
  return atLeast >= rules.quorum(config) && among.every((id) => replicaIds(config).includes(id));
}

/** The proof that a quorum has cast this vote. */
export function proofOf<Vote extends Prepare | Commit>(
  rules: Rules,
  config: Config,
  vote: Vote,
): Certificate<Vote> {
  return certificate(vote, rules.quorum(config), replicaIds(config));
}
