// New views without signatures (Castro's thesis, section 3.2.4). The primary decides on the requests of the new
// view as soon as S, the view-changes that 2f-1 other replicas have acknowledged, allows it. A backup makes the
// decision again, and enters the view once it knows that each view-change in V is genuine: it has come from its
// sender, or f other replicas have acknowledged it. (With the primary f+1 vouch for it, one of them correct.)

import { type Signed, sign } from "../../protocol/index.js";
import { accept, prePrepareOf } from "../pbft/normal-case.js";
import { primaryOf } from "../pbft/quorums.js";
import { prePrepareIsValid } from "../pbft/rules.js";
import type { Claim, NewView } from "./messages.js";
import { broadcast, defer, type Reaction, shared, update } from "./reaction.js";
import { isOver, receivedFrom } from "./state.js";

/** The primary of the awaited view starts it once what it has in S decides every slot. */
export function considerNewView(reaction: Reaction): Reaction {
  const { context, rules, state } = reaction;
  const { config, self } = context;
  if (state.active || primaryOf(config, state.view) !== self) return reaction;
  const set = state.viewChanges.flatMap(({ replica, view, said, isAcknowledged }): Claim[] =>
    view === state.view && isAcknowledged ? [{ replica, said }] : [],
  );
  const proposals = rules.decision(rules, config, set);
  if (!proposals) return reaction;
  const newView: NewView = { tag: "new-view", view: state.view, viewChanges: set, proposals };
  return enterView(broadcast(reaction, newView), newView);
}

/**
 * A backup that waits for the view enters it if the decision is right and everything in V known to be
 * genuine; what is not known yet may be later.
 */
export function onNewView(reaction: Reaction, signed: Signed<NewView>): Reaction {
  const { context, state } = reaction;
  const { signer, body } = signed;
  const primary = primaryOf(context.config, body.view);
  if (signer !== primary || primary === context.self || isOver(state, body.view)) return reaction;
  // The view-changes that V consists of make this replica ask for the view, too, and know of a quorum.
  if (body.view > state.view || !state.isAwaitedByQuorum) return defer(reaction, signed);
  if (!isRight(reaction, body)) return reaction;
  if (!body.viewChanges.every((claim) => isGenuine(reaction, body, claim))) return defer(reaction, signed);
  return enterView(reaction, body);
}

function isRight({ context: { config }, rules }: Reaction, body: NewView): boolean {
  const primary = primaryOf(config, body.view);
  return (
    rules.claimsAreWellFormed(rules, config, body) &&
    rules.decisionIsRight(rules, config, body) &&
    // By A2 the requests are authentic.
    body.proposals.every((one) =>
      prePrepareIsValid(rules, config, sign(primary, prePrepareOf(one, body.view)), body.view, () => true),
    )
  );
}

/**
 * Whether the sender has said it to this replica (which knows what it has said itself), or enough others have
 * acknowledged it. What the primary says of itself it says here.
 */
function isGenuine(
  { context, rules, state }: Reaction,
  { view }: NewView,
  { replica, said }: Claim,
): boolean {
  const { config, self } = context;
  if (replica === primaryOf(config, view)) return true;
  const received = receivedFrom(state, view, replica);
  if (received && rules.claimMatches(said, received.said)) return true;
  const vouchers = state.vouchers.filter((one) => one.of === replica && rules.claimMatches(said, one.said));
  return replica !== self && vouchers.length >= rules.vouchersNeeded(config);
}

/** Starts the view with its proposals, as pre-prepares of its primary. */
function enterView(reaction: Reaction, { view, proposals }: NewView): Reaction {
  const { context, state } = reaction;
  const entered = update(reaction, {
    active: true,
    isAwaitedByQuorum: false,
    log: [],
    viewChanges: state.viewChanges.filter((other) => other.view > view),
    vouchers: [],
  });
  const primary = primaryOf(context.config, view);
  return proposals.map((one) => sign(primary, prePrepareOf(one, view))).reduce(shared(accept), entered);
}
