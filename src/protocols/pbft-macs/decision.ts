// The decision procedure of a new view (Castro's thesis, section 3.2.4). S is the set of
// view-changes that the new primary has acknowledged. For every slot n:
//
//   A. a request with digest d, if some view-change in S has <n, d, v> in its P, and
//      A1. 2f+1 in S have nothing in P for n but requests of views below v, or d itself in v, and
//      A2. f+1 in S have <n, d, v'> in Q with v' >= v;
//   B. the null request, if 2f+1 in S have nothing in P for n.
//
// Why it is safe. Let d' have committed for n in view u, for a correct replica. Then f+1 correct replicas had
// prepared it in u before they left u, and each has an element <n, ., w> with w >= u in its P from then on.
// By induction over views, correct replicas pre-prepare nothing but d' for n in views after u, so w > u only
// with d'. Any 2f+1 of S contain one of these f+1 replicas.
// - B is false: that replica has something in its P.
// - A1 for d with v < u is false: that replica's element is of a later view. For v = u it is false unless
//   d = d'; two requests cannot prepare in one view.
// - A2 for d with v > u needs a correct replica that has pre-prepared d after u, so d = d'.
// So only d' can be chosen. A2 also shows that the request is authentic: a correct replica has accepted it.
//
// Why it ends. Once S contains the view-changes of all correct replicas: let v be the latest view in their Ps
// for n. If there is none, B is true. Otherwise A1 is true for that element, and A2 too, since it prepared at
// a quorum, f+1 of which are correct and have it in Q.

import type { Config } from "../../protocol/index.js";
import { weakQuorumSize } from "../pbft/quorums.js";
import { nullDigest } from "../pbft/requests.js";
import type { Proposal } from "../pbft/rules.js";
import type { Assigned, Claim } from "./messages.js";

/** The conditions of the procedure. A mutant replaces one. */
export interface DecisionRules {
  /** 2f+1. */
  readonly quorum: (config: Config) => number;
  /** A1. */
  readonly leavesRoom: Condition<Assigned>;
  /** A2. */
  readonly isSupported: Condition<Assigned>;
  /** B. */
  readonly allowsNull: Condition<number>;
}

/** A condition on S, and on an element of a P or a slot. */
type Condition<About> = (
  rules: DecisionRules,
  config: Config,
  set: readonly Claim[],
  about: About,
) => boolean;

/** A1: how many of S leave room for this element of a P is at least a quorum. */
export const conditionA1: Condition<Assigned> = (rules, config, set, chosen) => {
  const leavesRoom = ({ said }: Claim) =>
    at(said.prepared, chosen.slot).every(
      (other) => other.view < chosen.view || (other.view === chosen.view && other.digest === chosen.digest),
    );
  return set.filter(leavesRoom).length >= rules.quorum(config);
};

/** A2: a correct replica has pre-prepared the request in that view or later. */
export const conditionA2: Condition<Assigned> = (_rules, config, set, { slot, digest, view }) => {
  const supports = ({ said }: Claim) =>
    at(said.prePrepared, slot).some((other) => other.digest === digest && other.view >= view);
  return set.filter(supports).length >= weakQuorumSize(config);
};

/** B: nothing can have committed for the slot. */
export const conditionB: Condition<number> = (rules, config, set, slot) =>
  set.filter(({ said }) => at(said.prepared, slot).length === 0).length >= rules.quorum(config);

/**
 * X: what the primary proposes, or null as long as S does not decide every slot. Of several requests that A
 * allows it takes that of the latest view. It leaves out null requests by B above the last choice by A: a null
 * request by A may have committed, so a backup has to see it.
 */
export function decide(
  rules: DecisionRules,
  config: Config,
  set: readonly Claim[],
): readonly Proposal[] | null {
  const proposals: Proposal[] = [];
  let needed = 0;
  for (const slot of slotsOf(config, set)) {
    const [best] = selectable(rules, config, set, slot).sort(
      (a, b) => b.view - a.view || (a.digest < b.digest ? -1 : 1),
    );
    if (!best && !rules.allowsNull(rules, config, set, slot)) return null;
    proposals.push({ slot, digest: best?.digest ?? nullDigest, request: best?.request ?? null });
    if (best) needed = slot;
  }
  return proposals.slice(0, needed);
}

/**
 * Whether X could be decided from V: each of its requests by A or B, and nothing above it by B. A backup
 * admits every choice that the procedure leaves, not only the one that `decide` makes.
 */
export function decisionFollows(
  rules: DecisionRules,
  config: Config,
  set: readonly Claim[],
  proposals: readonly Proposal[],
): boolean {
  const slots = slotsOf(config, set);
  return (
    proposals.length <= slots.length &&
    slots.every((slot) => {
      const proposal = proposals[slot - 1];
      if (proposal && proposal.slot !== slot) return false;
      if (proposal && selectable(rules, config, set, slot).some(({ digest }) => digest === proposal.digest))
        return true;
      return (!proposal || proposal.request === null) && rules.allowsNull(rules, config, set, slot);
    })
  );
}

/** The slots up to the first one that is in no P. All above it are alike. */
function slotsOf({ slots }: Config, set: readonly Claim[]): readonly number[] {
  const last = Math.max(0, ...set.flatMap(({ said }) => said.prepared.map(({ slot }) => slot)));
  return Array.from({ length: Math.min(last + 1, slots) }, (_, index) => index + 1);
}

/** The elements of Ps that A allows for a slot. */
function selectable(rules: DecisionRules, config: Config, set: readonly Claim[], slot: number): Assigned[] {
  return set
    .flatMap(({ said }) => at(said.prepared, slot))
    .filter(
      (chosen) =>
        rules.leavesRoom(rules, config, set, chosen) && rules.isSupported(rules, config, set, chosen),
    );
}

function at(assigned: readonly Assigned[], slot: number): readonly Assigned[] {
  return assigned.filter((one) => one.slot === slot);
}
