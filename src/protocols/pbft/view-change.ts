// View changes (OSDI'99, section 4.4): when backups give up on a primary, they move to the next view with proof of
// everything that may have committed, and its primary re-proposes that.

import { collection, replicaIds, type Signed, sign } from "../../protocol/index.js";
import { proofOf, stabilize } from "./checkpoints.js";
import type { NewView, Request, ViewChange } from "./messages.js";
import { accept, prePrepareOf } from "./normal-case.js";
import { primaryOf } from "./quorums.js";
import { prePrepareIsValid, viewChangeIsValid } from "./rules.js";
import { type Departure, isPrimary, latestStable, lowWatermark, type ReplicaState } from "./state.js";
import { broadcast, type Turn, update } from "./turn.js";

/** 4.4: the timer of the current view has run out. */
export function onTimeout(turn: Turn): Turn {
  return startViewChange(turn, turn.state.view + 1);
}

/** 4.4: stops taking part in the current view and asks for `view`, carrying its certificates. */
export function startViewChange(turn: Turn, view: number): Turn {
  return considerNewView(announced(turn, view));
}

/** The present view left for `view`, and everybody told. */
function announced(turn: Turn, view: number): Turn {
  const { context, rules, state } = turn;
  const stable = latestStable(state);
  const low = stable?.slot ?? 0;
  const body: ViewChange = {
    tag: "view-change",
    view,
    stable: low,
    ...(stable && { proof: proofOf(turn, stable) }),
    prepared: rules.certificatesCarried(state).filter(({ prePrepare }) => prePrepare.body.slot > low),
  };
  const left = update(turn, {
    view,
    active: false,
    isAwaitedByQuorum: false,
    log: [],
    viewChanges: [
      ...state.viewChanges.filter((other) => other.view >= view),
      departure(turn, sign(context.self, body)),
    ],
  });
  return broadcast(left, body);
}

/** What has to be remembered of a view-change. */
function departure({ context }: Turn, { signer, body }: Signed<ViewChange>): Departure {
  const leads = primaryOf(context.config, body.view) === context.self;
  return { replica: signer, view: body.view, said: leads ? body : null };
}

/** 4.4 and 4.5.2: keeps valid view-changes for views that may still come, and follows when a weak quorum has left. */
export function onViewChange(turn: Turn, signed: Signed<ViewChange>): Turn {
  const { context, rules, state } = turn;
  const { view } = signed.body;
  if (view < state.view || (view === state.view && (state.active || state.isAwaitedByQuorum))) return turn;
  if (!viewChangeIsValid(rules, context.config, signed, context.self)) return turn;
  const inHand = state.viewChanges.filter((other) => other.view === view);
  if (!rules.viewChangeIsNew(inHand, signed.signer)) return turn;
  const next = update(turn, { viewChanges: [...state.viewChanges, departure(turn, signed)] });
  return considerNewView(joinOthers(next));
}

/**
 * 4.5.2: with view-changes of a weak quorum for higher views in hand, whichever views, joins the smallest of them; and
 * the next one, if there is still a weak quorum above.
 */
function joinOthers(turn: Turn): Turn {
  const { context, rules, state } = turn;
  const higher = state.viewChanges.filter((other) => other.view > state.view);
  const senders = new Set(higher.map((other) => other.replica));
  if (higher.length === 0 || !rules.joinsView(context.config, senders.size)) return turn;
  return joinOthers(startViewChange(turn, Math.min(...higher.map((other) => other.view))));
}

/** The view-changes in hand for the view that the replica waits for. */
function viewChangesForNow({ view, active, viewChanges }: ReplicaState): readonly Departure[] {
  return active ? [] : viewChanges.filter((other) => other.view === view);
}

/** 4.4 and 4.5.2: the timer runs while a replica waits for a request, or once a quorum waits for the new view. */
export function isWaiting({ context, rules, state }: Turn): boolean {
  if (!rules.suspectsPrimary(state.view)) return false;
  if (!state.active) return state.isAwaitedByQuorum;
  return state.pending.length > 0 && rules.waits(isPrimary(context.self, context.config, state));
}

/** 4.4: as soon as a quorum of view-changes is in, the primary of the awaited view starts it; the others wait for that. */
function considerNewView(turn: Turn): Turn {
  const { context, rules, state } = turn;
  const { config } = context;
  const inHand = viewChangesForNow(state);
  if (inHand.length < rules.quorum(config)) return turn;
  if (!isPrimary(context.self, config, state)) {
    const viewChanges = state.viewChanges.filter((other) => other.view > state.view);
    return update(turn, { isAwaitedByQuorum: true, viewChanges });
  }
  const bodies = inHand.flatMap(({ said }) => said ?? []);
  const viewChanges = collection(bodies, rules.quorum(config), replicaIds(config));
  const proposals = rules
    .proposalsFrom(rules, bodies)
    .map((proposal) => sign(context.self, prePrepareOf(proposal, state.view)));
  const newView: NewView = { tag: "new-view", view: state.view, viewChanges, proposals };
  return enterView(broadcast(turn, newView), newView);
}

/** 4.4: a backup, of whatever lower view, accepts a new-view that is justified and whose proposals follow. */
export function onNewView(turn: Turn, signed: Signed<NewView>): Turn {
  const { context, rules, state } = turn;
  const { signer, body } = signed;
  const { view, proposals } = body;
  const primary = primaryOf(context.config, view);
  if (signer !== primary || primary === context.self || view === 0) return turn;
  if (view < state.view || (view === state.view && state.active)) return turn;
  if (!rules.newViewIsJustified(rules, context.config, body, context.self)) return turn;
  const isAuthentic = (request: Signed<Request>) =>
    rules.certificateVouches(context.config) ||
    rules.requestIsAuthentic(context.config, request, context.self);
  if (!proposals.every((one) => prePrepareIsValid(rules, context.config, one, view, isAuthentic)))
    return turn;
  if (!rules.proposalsFollow(rules, body)) return turn;
  // It brings the view-changes of a quorum: who has not asked for this view has reason to now (4.5.2, the f+1 rule).
  const asks = view > state.view && rules.newViewMakesAsk();
  return enterView(asks ? announced(turn, view) : turn, body);
}

/** Starts the view with its proposals, above the latest stable checkpoint that its view-changes prove. */
function enterView(turn: Turn, { view, viewChanges: { bodies }, proposals }: NewView): Turn {
  const viewChanges = turn.state.viewChanges.filter((other) => other.view > view);
  const entered = update(turn, { view, active: true, isAwaitedByQuorum: false, log: [], viewChanges });
  const proofs = bodies.flatMap(({ proof }) => proof ?? []).sort((a, b) => b.vote.slot - a.vote.slot);
  const above = proofs[0] ? stabilize(entered, proofs[0].vote) : entered;
  const inWindow = proposals.filter(({ body }) => body.slot > lowWatermark(above.state));
  return inWindow.reduce(accept, above);
}
