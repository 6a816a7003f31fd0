// Dead messages: those that a replica ignores in this state and in every later one. The search drops them
// (see model/dead-messages.ts) and checks the claim. The reason: views and phases only increase, and no vote
// counts twice.

import { match } from "ts-pattern";
import { type Context, type Signed, sign } from "../../protocol/index.js";
import { isExecuted } from "./execution.js";
import type { Commit, Message, PrePrepare, Prepare, Request, ViewChange } from "./messages.js";
import { digestOf } from "./requests.js";
import type { Rules } from "./rules.js";
import { lowWatermark, type ReplicaState, slotOf } from "./state.js";

/** Whether `step` ignores the message from now on. False where that is not obvious. */
export function isDead(rules: Rules, context: Context, state: ReplicaState, message: Message): boolean {
  const { signer, body } = message;
  return match(body)
    .with({ tag: "request" }, (request) => isRequestDead(rules, context, state, sign(signer, request)))
    .with(
      { tag: "pre-prepare" },
      (prePrepare) =>
        prePrepare.slot <= lowWatermark(state) ||
        isPast(state, prePrepare.view, () => isProposalDead(rules, state, prePrepare)),
    )
    .with(
      { tag: "prepare" },
      { tag: "commit" },
      (vote) =>
        vote.slot <= lowWatermark(state) ||
        isPast(state, vote.view, () => isVoteDead(rules, state, signer, vote)),
    )
    .with({ tag: "checkpoint" }, ({ slot }) => slot <= lowWatermark(state))
    .with({ tag: "state" }, ({ slot }) => slot <= state.lastExecuted)
    .with({ tag: "fetch" }, () => false)
    .with({ tag: "view-change" }, (viewChange) => isViewChangeDead(rules, state, signer, viewChange))
    .with({ tag: "new-view" }, ({ view }) => isPast(state, view, () => true))
    .with({ tag: "read" }, () => false) // the log may have grown when it comes again
    .with({ tag: "reply" }, { tag: "read-reply" }, () => true)
    .exhaustive();
}

/** Whether the message is of an earlier view; or of the current active view, in which `isOver`. */
function isPast(state: ReplicaState, view: number, isOver: () => boolean): boolean {
  return view < state.view || (view === state.view && state.active && isOver());
}

/** Whether the slot already has a proposal. */
function isProposalDead(rules: Rules, state: ReplicaState, prePrepare: PrePrepare): boolean {
  const { proposal } = slotOf(state, prePrepare.slot);
  return proposal !== null && !rules.replacesProposal(proposal.body, prePrepare);
}

/** Whether the vote is counted already, or of no use: the slot has what it needs, or another digest. */
function isVoteDead(rules: Rules, state: ReplicaState, replica: string, vote: Prepare | Commit): boolean {
  const { phase, proposal, prepares, commits } = slotOf(state, vote.slot);
  if (phase === "committed" || (phase === "prepared" && vote.tag === "prepare")) return true;
  if (proposal && !rules.voteMatches({ replica, digest: vote.digest }, proposal.body.digest)) return true;
  const counted = vote.tag === "prepare" ? prepares : commits;
  const isCounted = counted.some((other) => other.replica === replica && other.digest === vote.digest);
  return isCounted && !rules.voteIsNew(counted, { replica, digest: vote.digest });
}

function isViewChangeDead(rules: Rules, state: ReplicaState, replica: string, { view }: ViewChange): boolean {
  if (view < state.view || (view === state.view && (state.active || state.isAwaitedByQuorum))) return true;
  return !rules.viewChangeIsNew(
    state.viewChanges.filter((other) => other.view === view),
    replica,
  );
}

/** Whether the request is known and nobody waits for a reply to it. */
function isRequestDead(
  rules: Rules,
  { config }: Context,
  state: ReplicaState,
  request: Signed<Request>,
): boolean {
  if (config.clients) return false; // its answer is sent again
  return (
    isExecuted(rules, state, request.body) ||
    state.pending.some((other) => digestOf(other) === digestOf(request))
  );
}
