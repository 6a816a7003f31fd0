// View changes without signatures (Castro's thesis, section 3.2.4). A replica that leaves a view says in its
// view-change what it has prepared (P) and pre-prepared (Q), and nothing of it is proven. Every replica
// acknowledges the view-changes of others. The new primary goes by those that enough replicas have
// acknowledged: see new-view.ts.

import type { Config, NodeId, Signed } from "../../protocol/index.js";
import { isReplica, primaryOf } from "../pbft/quorums.js";
import type { ViewChange, ViewChangeAck } from "./messages.js";
import { considerNewView } from "./new-view.js";
import { broadcast, defer, type Reaction, update } from "./reaction.js";
import { type MacRules, viewChangeOf } from "./rules.js";
import { isOver, type MacState, type ReceivedViewChange, receivedFrom } from "./state.js";

/** The timer of the current view has expired. */
export function onTimeout(reaction: Reaction): Reaction {
  return startViewChange(reaction, reaction.state.view + 1);
}

/**
 * Stops taking part in the current view, remembers what pre-prepared in it, asks for `view`, and acknowledges
 * who has asked for it before.
 */
function startViewChange(reaction: Reaction, view: number): Reaction {
  const { context, rules, state } = reaction;
  const prePrepared = rules.prePreparedCarried(state);
  const said = viewChangeOf(rules, { ...state, prePrepared }, view);
  const others = state.viewChanges.filter((other) => other.view >= view);
  const left = update(reaction, {
    view,
    active: false,
    isAwaitedByQuorum: false,
    log: [],
    prePrepared,
    viewChanges: [...others, { replica: context.self, view, said, acks: [], isAcknowledged: true }],
    vouchers: [],
  });
  const acked = others.reduce(acknowledge, broadcast(left, said));
  return considerNewView(countSenders(acked));
}

/** Records a view-change, the first of its sender for that view, and follows f+1 others to a later view. */
export function onViewChange(reaction: Reaction, { signer, body }: Signed<ViewChange>): Reaction {
  const { context, rules, state } = reaction;
  const { view } = body;
  if (isOver(state, view) || !isReplica(context.config, signer)) return reaction;
  if (receivedFrom(state, view, signer) || !rules.viewChangeIsWellFormed(context.config, body))
    return reaction;
  const received = acknowledgedBy(reaction, { replica: signer, view, said: body, isAcknowledged: false }, []);
  const next = update(reaction, {
    viewChanges: [...state.viewChanges, received],
    // What the sender has said itself, nobody needs to vouch for.
    vouchers: state.vouchers.filter(({ of, said }) => of !== signer || !rules.claimMatches(said, body)),
  });
  return considerNewView(joinOthers(countSenders(acknowledge(next, received))));
}

/**
 * To the primary's own view-change no ack is needed. Nor does a replica acknowledge those for a view that it
 * has not asked for; it will when it does.
 */
function acknowledge(reaction: Reaction, { replica, view, said }: ReceivedViewChange): Reaction {
  const { context, state } = reaction;
  const primary = primaryOf(context.config, view);
  if (view !== state.view || primary === context.self || primary === replica) return reaction;
  return broadcast(reaction, { tag: "view-change-ack", view, of: replica, said });
}

/** Once a weak quorum has asked for later views, joins the smallest of these; then the next one. */
function joinOthers(reaction: Reaction): Reaction {
  const { context, rules, state } = reaction;
  const higher = state.viewChanges.filter((other) => other.view > state.view);
  const senders = new Set(higher.map(({ replica }) => replica));
  if (higher.length === 0 || !rules.joinsView(context.config, senders.size)) return reaction;
  return joinOthers(startViewChange(reaction, Math.min(...higher.map(({ view }) => view))));
}

/** The timer runs once a quorum has asked for the awaited view. */
function countSenders(reaction: Reaction): Reaction {
  const { context, rules, state } = reaction;
  if (state.active || state.isAwaitedByQuorum) return reaction;
  const senders = state.viewChanges.filter(({ view }) => view === state.view);
  if (senders.length < rules.quorum(context.config)) return reaction;
  return update(reaction, { isAwaitedByQuorum: true });
}

/**
 * To the primary of the view an ack counts for the view-change that it has from that sender. Another replica
 * keeps it if it has none from him, or another one, as what V may contain instead; but first it waits for a
 * quorum of view-changes, which come from the correct replicas by themselves.
 */
export function onViewChangeAck(reaction: Reaction, signed: Signed<ViewChangeAck>): Reaction {
  const { context, rules, state } = reaction;
  const { signer, body } = signed;
  const { view, of, said } = body;
  const { config, self } = context;
  if (isOver(state, view) || !isReplica(config, signer) || !isReplica(config, of)) return reaction;
  const received = receivedFrom(state, view, of);
  if (primaryOf(config, view) !== self) {
    if (view !== state.view || !state.isAwaitedByQuorum) return defer(reaction, signed, of);
    if (!vouches(rules, config, state, signed)) return reaction;
    return update(reaction, { vouchers: [...state.vouchers, { of, by: signer, said }] });
  }
  if (!received) return defer(reaction, signed, of);
  if (!ackCounts(rules, received, signed)) return reaction;
  const acked = acknowledgedBy(reaction, received, [...received.acks, signer]);
  const others = state.viewChanges.filter((other) => other !== received);
  return considerNewView(update(reaction, { viewChanges: [...others, acked] }));
}

/** A view-change with these acks. Once they are enough it does not matter whose they are. */
function acknowledgedBy(
  { context: { config, self }, rules }: Reaction,
  received: Omit<ReceivedViewChange, "acks">,
  acks: readonly NodeId[],
): ReceivedViewChange {
  const isEnough = primaryOf(config, received.view) === self && acks.length >= rules.acksNeeded(config);
  return isEnough ? { ...received, acks: [], isAcknowledged: true } : { ...received, acks };
}

/** Whether the primary counts an ack for the view-change that it has. */
export function ackCounts(
  rules: MacRules,
  received: ReceivedViewChange,
  { signer, body }: Signed<ViewChangeAck>,
): boolean {
  return (
    !received.isAcknowledged && rules.ackMatches(body, received.said) && rules.ackIsNew(received, signer)
  );
}

/** Whether a backup keeps an ack, as one of f+1 statements about what `of` has sent: the primary's is V. */
export function vouches(
  rules: MacRules,
  config: Config,
  state: MacState,
  { signer, body: { view, of, said } }: { readonly signer: NodeId; readonly body: ViewChangeAck },
): boolean {
  const received = receivedFrom(state, view, of);
  return (
    signer !== of &&
    signer !== primaryOf(config, view) &&
    of !== primaryOf(config, view) &&
    !(received && rules.claimMatches(said, received.said)) &&
    !state.vouchers.some((one) => one.of === of && one.by === signer)
  );
}
