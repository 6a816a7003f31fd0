// The rules of Fast-HotStuff. There is no lock: a leader proves with n-f new-views that it extends the
// highest QC among them. A block is committed if its child is certified *in the very next view*. Then n-f
// replicas know the block's QC, there is no view in between in which another block could have got a QC
// without them, and every later leader receives it from one of them.

import { type Config, certificate, replicaIds } from "../../protocol/index.js";
import type { Block } from "../chain.js";
import { quorumSize } from "../pbft/quorums.js";
import type { NewView, Proposal, Qc, Vote } from "./messages.js";

export interface Rules {
  /** n-f: votes for a QC, and new-views for an AggQC. */
  readonly quorum: (config: Config) => number;
  /**
   * Whether a block is committed once `child`, its direct child, is certified: if their views are
   * consecutive.
   */
  readonly commits: (block: Block, child: Block) => boolean;
  /** Whether a proposal extends the highest QC of an AggQC of its view. */
  readonly isProven: (rules: Rules, config: Config, proposal: Proposal) => boolean;
}

export const fastHotstuffRules: Rules = {
  quorum: quorumSize,
  commits: (block, child) => child.view === block.view + 1,
  isProven: (rules, config, { view, chain, behind }) => {
    const parent = JSON.stringify(chain.slice(0, -1));
    if (view === 0) return parent === "[]";
    if (!behind || behind.atLeast < rules.quorum(config) || !isAmong(config, behind.among)) return false;
    const isGood = behind.bodies.every(
      (body) => body.view === view && (body.high === null || isQc(rules, config, body.high, view)),
    );
    return isGood && JSON.stringify(highest(behind.bodies)?.vote.chain ?? []) === parent;
  },
};

/** The QC of the highest view, or null. */
export function highest(newViews: readonly Pick<NewView, "high">[]): Qc | null {
  return newViews.flatMap(({ high }) => high ?? []).sort((a, b) => b.vote.view - a.vote.view)[0] ?? null;
}

/** Whether a QC is from a quorum of the replicas, for a view before this one. */
export function isQc(rules: Rules, config: Config, { vote, atLeast, among }: Qc, before: number): boolean {
  return vote.view < before && atLeast >= rules.quorum(config) && isAmong(config, among);
}

function isAmong(config: Config, among: readonly string[]): boolean {
  return among.every((id) => replicaIds(config).includes(id));
}

/** The proof that a quorum has cast this vote. */
export function qcOf(rules: Rules, config: Config, vote: Vote): Qc {
  return certificate(vote, rules.quorum(config), replicaIds(config));
}
