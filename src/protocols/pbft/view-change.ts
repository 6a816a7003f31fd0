// View changes (OSDI'99, section 4.4): backups that give up on a primary move to the next view with proof of
// everything that may have committed, and the primary of that view proposes it again.

import { collection, replicaIds, type Signed, sign } from "../../protocol/index.js";
import { proofOf, stabilize } from "./checkpoints.js";
import type { NewView, Request, ViewChange } from "./messages.js";
import { accept, prePrepareOf } from "./normal-case.js";
import { primaryOf } from "./quorums.js";
import { broadcast, type Reaction, update } from "./reaction.js";
import { prePrepareIsValid, viewChangeIsValid } from "./rules.js";
import {
  isPrimary,
  latestStable,
  lowWatermark,
  type ReceivedViewChange,
  type ReplicaState,
} from "./state.js";

/** 4.4: the timer of the current view has expired. */
export function onTimeout(reaction: Reaction): Reaction {
  return startViewChange(reaction, reaction.state.view + 1);
}

/** 4.4: stops taking part in the current view and asks for `view`, carrying its certificates. */
function startViewChange(reaction: Reaction, view: number): Reaction {
  return considerNewView(announced(reaction, view));
}

/** Leaves the current view for `view` and tells everybody. */
function announced(reaction: Reaction, view: number): Reaction {
  const { context, rules, state } = reaction;
  const stable = latestStable(state);
  const low = stable?.slot ?? 0;
  const body: ViewChange = {
    tag: "view-change",
    view,
    stable: low,
    ...(stable && { proof: proofOf(reaction, stable) }),
    prepared: rules.certificatesCarried(state).filter(({ prePrepare }) => prePrepare.body.slot > low),
  };
  const left = update(reaction, {
    view,
    active: false,
    isAwaitedByQuorum: false,
    log: [],
    viewChanges: [
      ...state.viewChanges.filter((other) => other.view >= view),
      asReceived(reaction, sign(context.self, body)),
    ],
  });
  return broadcast(left, body);
}

/** The part of a view-change that is kept. */
function asReceived({ context }: Reaction, { signer, body }: Signed<ViewChange>): ReceivedViewChange {
  const leads = primaryOf(context.config, body.view) === context.self;
  return { replica: signer, view: body.view, said: leads ? body : null };
}

/** 4.4 and 4.5.2: keeps valid view-changes for later views, and follows a weak quorum. */
export function onViewChange(reaction: Reaction, signed: Signed<ViewChange>): Reaction {
  const { context, rules, state } = reaction;
  const { view } = signed.body;
  if (view < state.view || (view === state.view && (state.active || state.isAwaitedByQuorum)))
    return reaction;
  if (!viewChangeIsValid(rules, context.config, signed, context.self)) return reaction;
  const received = state.viewChanges.filter((other) => other.view === view);
  if (!rules.viewChangeIsNew(received, signed.signer)) return reaction;
  const next = update(reaction, { viewChanges: [...state.viewChanges, asReceived(reaction, signed)] });
  return considerNewView(joinOthers(next));
}

/**
 * 4.5.2: once a weak quorum has sent view-changes for higher views, joins the smallest of these views; then
 * the next one, if a weak quorum is still above it.
 */
function joinOthers(reaction: Reaction): Reaction {
  const { context, rules, state } = reaction;
  const higher = state.viewChanges.filter((other) => other.view > state.view);
  const senders = new Set(higher.map((other) => other.replica));
  if (higher.length === 0 || !rules.joinsView(context.config, senders.size)) return reaction;
  return joinOthers(startViewChange(reaction, Math.min(...higher.map((other) => other.view))));
}

/** The view-changes received for the view that the replica waits for. */
function viewChangesForNow({ view, active, viewChanges }: ReplicaState): readonly ReceivedViewChange[] {
  return active ? [] : viewChanges.filter((other) => other.view === view);
}

/**
 * 4.4 and 4.5.2: the timer runs while a replica waits for a request, or once a quorum waits for the new view.
 */
export function isWaiting({ context, rules, state }: Reaction): boolean {
  if (!rules.suspectsPrimary(state.view)) return false;
  if (!state.active) return state.isAwaitedByQuorum;
  return state.pending.length > 0 && rules.waits(isPrimary(context.self, context.config, state));
}

/**
 * 4.4: the primary of the awaited view starts it as soon as it has a quorum of view-changes; the others wait
 * for its new-view.
 */
function considerNewView(reaction: Reaction): Reaction {
  const { context, rules, state } = reaction;
  const { config } = context;
  const received = viewChangesForNow(state);
  if (received.length < rules.quorum(config)) return reaction;
  if (!isPrimary(context.self, config, state)) {
    const viewChanges = state.viewChanges.filter((other) => other.view > state.view);
    return update(reaction, { isAwaitedByQuorum: true, viewChanges });
  }
  const bodies = received.flatMap(({ said }) => said ?? []);
  const viewChanges = collection(bodies, rules.quorum(config), replicaIds(config));
  const proposals = rules
    .proposalsFrom(rules, bodies)
    .map((proposal) => sign(context.self, prePrepareOf(proposal, state.view)));
  const newView: NewView = { tag: "new-view", view: state.view, viewChanges, proposals };
  return enterView(broadcast(reaction, newView), newView);
}

/** 4.4: a backup in any lower view accepts a new-view that is justified and whose proposals follow. */
export function onNewView(reaction: Reaction, signed: Signed<NewView>): Reaction {
  const { context, rules, state } = reaction;
  const { signer, body } = signed;
  const { view, proposals } = body;
  const primary = primaryOf(context.config, view);
  if (signer !== primary || primary === context.self || view === 0) return reaction;
  if (view < state.view || (view === state.view && state.active)) return reaction;
  if (!rules.newViewIsJustified(rules, context.config, body, context.self)) return reaction;
  const isAuthentic = (request: Signed<Request>) =>
    rules.certificateVouches(context.config) ||
    rules.requestIsAuthentic(context.config, request, context.self);
  if (!proposals.every((one) => prePrepareIsValid(rules, context.config, one, view, isAuthentic)))
    return reaction;
  if (!rules.proposalsFollow(rules, body)) return reaction;
  // The new-view contains a quorum of view-changes, so a replica that has not asked for this view must now
  // (4.5.2, the f+1 rule).
  const asks = view > state.view && rules.newViewMakesAsk();
  return enterView(asks ? announced(reaction, view) : reaction, body);
}

/** Starts the view with its proposals, above the latest stable checkpoint that its view-changes prove. */
function enterView(reaction: Reaction, { view, viewChanges: { bodies }, proposals }: NewView): Reaction {
  const viewChanges = reaction.state.viewChanges.filter((other) => other.view > view);
  const entered = update(reaction, { view, active: true, isAwaitedByQuorum: false, log: [], viewChanges });
  const proofs = bodies.flatMap(({ proof }) => proof ?? []).sort((a, b) => b.vote.slot - a.vote.slot);
  const above = proofs[0] ? stabilize(entered, proofs[0].vote) : entered;
  const inWindow = proposals.filter(({ body }) => body.slot > lowWatermark(above.state));
  return inWindow.reduce(accept, above);
}
