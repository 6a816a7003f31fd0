// Normal-case operation (OSDI'99, section 4.2): request, pre-prepare, prepare, commit.

import { type Signed, sign } from "../../protocol/index.js";
import { answerTentatively, execute, isExecuted, resendReply } from "./execution.js";
import type { Commit, PrePrepare, Prepare, Prepared, Request } from "./messages.js";
import { isReplica, primaryOf } from "./quorums.js";
import { broadcast, defer, isBetweenWatermarks, type Reaction, send, update } from "./reaction.js";
import { digestOf, isAuthenticated, requestsIn, valueFor } from "./requests.js";
import { type Proposal, prePrepareIsValid, preparesCertificate, type Rules } from "./rules.js";
import {
  highWatermark,
  isPrimary,
  lowWatermark,
  type ReplicaState,
  type Slot,
  slotOf,
  type Vote,
  withSlot,
} from "./state.js";

/**
 * 4.1 and 4.4: resends the reply of an executed request; remembers a new request, and as a backup relays it
 * to the primary.
 */
export function onRequest(reaction: Reaction, request: Signed<Request>): Reaction {
  const { context, rules, state } = reaction;
  if (!rules.requestIsAuthentic(context.config, request, context.self)) return reaction;
  if (isExecuted(rules, state, request.body))
    return rules.answersAgain() ? resendReply(reaction, request.body) : reaction;
  if (state.pending.some((other) => digestOf(other) === digestOf(request))) return reaction;
  const remembered = update(reaction, { pending: [...state.pending, request] });
  const primary = primaryOf(context.config, state.view);
  return primary === context.self || !rules.relaysRequests()
    ? remembered
    : send(remembered, primary, request);
}

/**
 * 4.2: the primary assigns the next sequence number to a request that has none in this view. TOCS'02, 5.1.4:
 * or to a batch of those that have waited longest, while fewer than W sequence numbers are in flight. Without
 * batches it is a choice which of several requests comes first.
 */
export function propose(
  reaction: Reaction,
): readonly { readonly reaction: Reaction; readonly chosen: readonly string[] }[] {
  const { context, state } = reaction;
  const { config } = context;
  const done = [{ reaction, chosen: [] }];
  if (!state.active || state.fetching || !isPrimary(context.self, config, state)) return done;
  if (state.pending.length === 0) return done;
  const next = Math.max(lowWatermark(state), state.log.findLast(isAssigned)?.slot ?? 0) + 1;
  if (next > highWatermark(state, config) || next > state.lastExecuted + (config.pipeline ?? next))
    return done;
  // Executed requests are no longer pending, so those slots need no look.
  const open = state.log.filter(({ slot, phase }) => slot > state.lastExecuted || phase !== "committed");
  const assigned = new Set(
    open.flatMap((entry) => requestsIn(entry.proposal?.body.request ?? null).map(digestOf)),
  );
  const candidates = state.pending.filter((request) => !assigned.has(digestOf(request)));
  if (candidates.length === 0) return done;
  const choices = config.batch ? [valueFor(candidates.slice(0, config.batch))] : candidates;
  return choices.flatMap((request) => {
    const digest = digestOf(request);
    const body: PrePrepare = { tag: "pre-prepare", view: state.view, slot: next, digest, request };
    const proposed = advance(broadcast(assign(reaction, sign(context.self, body)), body), next);
    return propose(proposed).map((later) => ({
      reaction: later.reaction,
      chosen: [digest, ...later.chosen],
    }));
  });
}

function isAssigned(entry: Slot): boolean {
  return entry.proposal !== null;
}

/** 4.2: a backup accepts the first pre-prepare of the primary for a slot, and multicasts a prepare. */
export function onPrePrepare(reaction: Reaction, signed: Signed<PrePrepare>): Reaction {
  const { context, rules, state } = reaction;
  const { view, slot, request } = signed.body;
  const primary = primaryOf(context.config, view);
  if (context.self === primary || !isBetweenWatermarks(reaction, slot)) return reaction;
  if (request === null) return reaction; // the null request belongs to new-views
  if (!prePrepareIsValid(rules, context.config, signed, view, () => true)) return reaction;
  const isAuthentic = requestsIn(request).every((one) => isKnown(reaction, one));
  if (!isAuthentic && !isAuthenticated(context.config)) return reaction;
  if (isForLater(state, view)) return defer(reaction, signed);
  if (view < state.view) return reaction;
  // A spoiled authenticator proves nothing against the client, which may yet send its request itself.
  if (!isAuthentic) return defer(reaction, signed);
  const { proposal } = slotOf(state, slot);
  if (proposal && !rules.replacesProposal(proposal.body, signed.body)) return reaction;
  return accept(reaction, signed);
}

/**
 * Whether the replica knows the request to be authentic; with authenticators, also from another copy of it.
 */
function isKnown({ context, rules, state }: Reaction, request: Signed<Request>): boolean {
  const { config, self } = context;
  if (rules.requestIsAuthentic(config, request, self)) return true;
  return (
    isAuthenticated(config) &&
    rules.knowsByDigest() &&
    state.pending.some((other) => digestOf(other) === digestOf(request))
  );
}

/**
 * Enters a valid proposal into the log and, as a backup, prepares it. New views use it for their proposals.
 */
export function accept(reaction: Reaction, signed: Signed<PrePrepare>): Reaction {
  const { context, rules, state } = reaction;
  const { view, slot, digest, request } = signed.body;
  let next = assign(reaction, signed);
  const unknown = requestsIn(request).filter(
    (one) =>
      !isExecuted(rules, state, one.body) &&
      !state.pending.some((other) => digestOf(other) === digestOf(one)),
  );
  if (unknown.length > 0) next = update(next, { pending: [...state.pending, ...unknown] });
  if (!isPrimary(context.self, context.config, state)) {
    const entry = slotOf(next.state, slot);
    const prepares = [...entry.prepares, { replica: context.self, digest }];
    next = { ...next, state: withSlot(next.state, { ...entry, prepares }) };
    next = broadcast(next, { tag: "prepare", view, slot, digest });
  }
  return advance(next, slot);
}

/** Puts a proposal into its slot, and discards early votes that do not match it. */
function assign(reaction: Reaction, proposal: Signed<PrePrepare>): Reaction {
  const { rules, state } = reaction;
  const { body } = proposal;
  const entry = slotOf(state, body.slot);
  const matching = (votes: readonly Vote[]) => votes.filter((vote) => rules.voteMatches(vote, body.digest));
  const assigned: Slot = {
    slot: body.slot,
    phase: "pre-prepared",
    proposal,
    prepares: matching(entry.prepares),
    commits: matching(entry.commits),
  };
  return { ...reaction, state: withSlot(state, assigned) };
}

/** 4.2: counts prepares and commits of this view between the watermarks, one of each replica. */
export function onVote(reaction: Reaction, signed: Signed<Prepare | Commit>): Reaction {
  const { context, rules, state } = reaction;
  const { tag, view, slot, digest } = signed.body;
  if (!isReplica(context.config, signed.signer) || !isBetweenWatermarks(reaction, slot)) return reaction;
  const isPrepareOfPrimary = tag === "prepare" && signed.signer === primaryOf(context.config, view);
  if (isPrepareOfPrimary && !rules.primaryPrepares()) return reaction; // it has pre-prepared
  if (isForLater(state, view)) return defer(reaction, signed);
  if (view < state.view) return reaction;
  const entry = slotOf(state, slot);
  if (!context.config.keepsEarlyVotes && isEarly(rules, entry, tag)) return defer(reaction, signed);
  const votes = tag === "prepare" ? entry.prepares : entry.commits;
  const vote: Vote = { replica: signed.signer, digest };
  const over =
    tag === "prepare"
      ? entry.phase === "prepared" || entry.phase === "committed"
      : entry.phase === "committed";
  if (over || votes.length >= context.config.replicas || !rules.voteIsNew(votes, vote)) return reaction;
  if (entry.proposal && !rules.voteMatches(vote, entry.proposal.body.digest)) return reaction;
  const counted = tag === "prepare" ? { prepares: [...votes, vote] } : { commits: [...votes, vote] };
  return advance({ ...reaction, state: withSlot(state, { ...entry, ...counted }) }, slot);
}

/**
 * Whether a vote arrives before what it is about: then it is deferred. If replicas kept such votes, they
 * would have ten times as many states.
 */
function isEarly(rules: Rules, { phase }: Slot, tag: "prepare" | "commit"): boolean {
  return phase === "open" || (phase === "pre-prepared" && tag === "commit" && rules.commitsOnlyPrepared());
}

/** Moves a slot through its phases as far as its votes allow. */
function advance(reaction: Reaction, slot: number): Reaction {
  const { context, rules, state } = reaction;
  const entry = slotOf(state, slot);
  if (entry.phase === "pre-prepared" && entry.prepares.length >= rules.quorum(context.config) - 1)
    return advance(answerTentatively(prepared(reaction, entry)), slot);
  const isReady =
    entry.phase === "prepared" || (entry.phase === "pre-prepared" && !rules.commitsOnlyPrepared());
  if (isReady && entry.commits.length >= rules.quorum(context.config))
    return execute(
      { ...reaction, state: withSlot(state, { ...entry, phase: "committed", commits: [] }) },
      slot,
    );
  return reaction;
}

/**
 * 4.2: prepared(m, v, n, i) holds: the pre-prepare and quorum - 1 matching prepares from distinct backups
 * have arrived.
 */
function prepared(reaction: Reaction, entry: Slot): Reaction {
  const { context, rules, state } = reaction;
  const proposal = entry.proposal!;
  const { view, slot, digest } = proposal.body;
  const certificate: Prepared = {
    tag: "prepared",
    prePrepare: proposal,
    prepares: preparesCertificate(rules, context.config, { tag: "prepare", view, slot, digest }),
  };
  const others = state.certificates.filter((other) => other.prePrepare.body.slot !== slot);
  const certificates = [...others, certificate].sort(
    (a, b) => a.prePrepare.body.slot - b.prePrepare.body.slot,
  );
  const commits = [...rules.commitsIn(entry, context.self), { replica: context.self, digest }];
  const next = withSlot({ ...state, certificates }, { ...entry, phase: "prepared", prepares: [], commits });
  return broadcast({ ...reaction, state: next }, { tag: "commit", view, slot, digest });
}

/** Whether a message belongs to a view that the replica has not entered yet. */
function isForLater(state: ReplicaState, view: number): boolean {
  return view > state.view || (view === state.view && !state.active);
}

/** A new view's proposal, as the pre-prepare of its primary. */
export function prePrepareOf(proposal: Proposal, view: number): PrePrepare {
  return { tag: "pre-prepare", view, ...proposal };
}
