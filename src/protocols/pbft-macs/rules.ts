// The rules of PBFT without signatures: PBFT's for the normal case, and its own for the view change. A mutant
// replaces one.
//
// References: sections of Castro's thesis (MIT/LCS/TR-817, 2001).

import { type Config, equal, type NodeId } from "../../protocol/index.js";
import { isReplica, weakQuorumSize } from "../pbft/quorums.js";
import { digestOf } from "../pbft/requests.js";
import { type Proposal, pbftRules, type Rules } from "../pbft/rules.js";
import type { Slot } from "../pbft/state.js";
import {
  conditionA1,
  conditionA2,
  conditionB,
  type DecisionRules,
  decide,
  decisionFollows,
} from "./decision.js";
import type { Assigned, Claim, NewView, ViewChange, ViewChangeAck } from "./messages.js";
import type { MacState, ReceivedViewChange } from "./state.js";

/** The decisions of the view change with acks, each a function of its own, besides PBFT's. */
export interface MacRules extends Rules, DecisionRules {
  // --- what is carried (3.2.4: computing P and Q) ---
  /** P: of every slot the request that prepared in the latest view. */
  readonly preparedCarried: (state: MacState) => readonly Assigned[];
  /** Q: what pre-prepared in the view that is left, added to that of views before. */
  readonly prePreparedCarried: (state: MacState) => readonly Assigned[];

  // --- view-changes and acks ---
  /** Whether a view-change says of views below its own only, and once of each slot (P) or request (Q). */
  readonly viewChangeIsWellFormed: (config: Config, said: ViewChange) => boolean;
  /** How many other replicas have to acknowledge a view-change, besides primary and sender: 2f-1. */
  readonly acksNeeded: (config: Config) => number;
  /** Whether an ack is for the view-change that the primary has. */
  readonly ackMatches: (ack: ViewChangeAck, said: ViewChange) => boolean;
  /** Whether an ack counts: one of each replica, and none of the sender of the view-change. */
  readonly ackIsNew: (received: ReceivedViewChange, by: NodeId) => boolean;

  // --- the decision (for A1, A2 and B see decision.ts) ---
  /** X of the primary. */
  readonly decision: (rules: MacRules, config: Config, set: readonly Claim[]) => readonly Proposal[] | null;

  // --- what a backup checks ---
  /** Whether X follows from V: a backup makes the decision again. */
  readonly decisionIsRight: (rules: MacRules, config: Config, newView: NewView) => boolean;
  /** Whether V has one view-change of each replica, as a correct one could send it. */
  readonly claimsAreWellFormed: (rules: MacRules, config: Config, newView: NewView) => boolean;
  /** Whether a view-change, received or acknowledged, is the one in V. */
  readonly claimMatches: (claimed: ViewChange, said: ViewChange) => boolean;
  /** How many replicas other than the primary vouch for a view-change that did not come by itself: f. */
  readonly vouchersNeeded: (config: Config) => number;
}

/** The rules of the thesis. */
export const macRules: MacRules = {
  ...pbftRules,
  preparedCarried: ({ certificates }) =>
    certificates.map(({ prePrepare: { body } }) => assigned(body.slot, body.view, body.request)),
  prePreparedCarried: ({ prePrepared, log }) => log.reduce(withLatest, prePrepared),
  viewChangeIsWellFormed,
  // With the primary and the sender that is a quorum, of which f+1 are correct. So f correct replicas besides
  // the primary can vouch for it to all others.
  acksNeeded: ({ replicas, faults }) => replicas - faults - 2,
  ackMatches: ({ said }, received) => equal(said, received),
  ackIsNew: ({ replica, acks }, by) => by !== replica && !acks.includes(by),
  leavesRoom: conditionA1,
  isSupported: conditionA2,
  allowsNull: conditionB,
  decision: decide,
  decisionIsRight: (rules, config, { viewChanges, proposals }) =>
    decisionFollows(rules, config, viewChanges, proposals),
  claimsAreWellFormed: (rules, config, { view, viewChanges }) =>
    new Set(viewChanges.map(({ replica }) => replica)).size === viewChanges.length &&
    viewChanges.every(
      ({ replica, said }) =>
        isReplica(config, replica) && said.view === view && rules.viewChangeIsWellFormed(config, said),
    ),
  claimMatches: equal,
  // The primary vouches too: f+1 in all, one of them correct.
  vouchersNeeded: (config) => weakQuorumSize(config) - 1,
};

/** The view-change for `view` of a replica that has left the views below. */
export function viewChangeOf(rules: MacRules, state: MacState, view: number): ViewChange {
  const { prePrepared } = state;
  return { tag: "view-change", view, prepared: rules.preparedCarried(state), prePrepared };
}

/** An element of P or Q. */
export function assigned(slot: number, view: number, request: Assigned["request"]): Assigned {
  return { slot, view, digest: digestOf(request), request };
}

/** Q with what pre-prepared in a slot of the view that is left. */
function withLatest(set: readonly Assigned[], { slot, proposal }: Slot): readonly Assigned[] {
  if (!proposal) return set;
  const { view, digest, request } = proposal.body;
  const others = set.filter((one) => one.slot !== slot || one.digest !== digest);
  return [...others, assigned(slot, view, request)];
}

function viewChangeIsWellFormed(config: Config, { view, prepared, prePrepared }: ViewChange): boolean {
  const isPossible = (one: Assigned) =>
    Number.isInteger(one.slot) &&
    one.slot > 0 &&
    one.slot <= config.slots &&
    Number.isInteger(one.view) &&
    one.view >= 0 &&
    one.view < view &&
    one.digest === digestOf(one.request);
  return (
    Number.isInteger(view) &&
    [...prepared, ...prePrepared].every(isPossible) &&
    new Set(prepared.map(({ slot }) => slot)).size === prepared.length &&
    new Set(prePrepared.map(({ slot, digest }) => `${slot} ${digest}`)).size === prePrepared.length
  );
}
