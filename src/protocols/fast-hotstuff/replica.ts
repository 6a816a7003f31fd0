// A replica of Fast-HotStuff. Every view begins as after a timeout, with new-views (the paper's unhappy
// path). Left out: a leader that builds directly on votes it has collected, since its own new-view with that
// QC has the same effect. The next leader may have n-f other new-views first, and then that QC is lost: with nobody faulty
// a view may fail by chance, and replicas decide in one of the next.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Context,
  collection,
  type Effect,
  type Event,
  NodeId,
  type Outcomes,
  replicaIds,
  SetOf,
  type Step,
  sign,
} from "../../protocol/index.js";
import { Chain, extended } from "../chain.js";
import { primaryOf } from "../pbft/quorums.js";
import { decided, reaction, to, toOthers } from "../reactions.js";
import { type Body, type Message, type NewView, type Proposal, Qc, type Vote } from "./messages.js";
import { highest, isQc, qcOf, type Rules } from "./rules.js";

export const State = Schema.Struct({
  view: Schema.Number,
  hasVoted: Schema.Boolean,
  /** highQC: the highest QC received. */
  high: Schema.NullOr(Qc),
  /** For the leader: its own block once it has proposed, and the voters for it; before that, new-views. */
  mine: Schema.NullOr(Chain),
  votes: SetOf(NodeId),
  newViews: SetOf(Schema.Struct({ from: NodeId, high: Schema.NullOr(Qc) })),
  /** How many blocks of the chain it has executed. */
  executed: Schema.Number,
});
export type State = typeof State.Type;
type Timer = "view";
type Reaction = Step<State, Message, Timer>;

const freshView = { hasVoted: false, mine: null, votes: [], newViews: [] };
const initial: State = { view: 0, ...freshView, high: null, executed: 0 };
const armed: Effect<Message, Timer> = { kind: "set-timer", timer: "view" };

/** The behaviour under these rules. */
export function replica(rules: Rules): Behaviour<State, Message, Timer, string, State> {
  return {
    state: State,
    init: (context, from) => {
      if (from.kind === "restart") return [reaction(from.stable, [armed])];
      const start = reaction<State, Message, Timer>(initial, [armed]);
      return [context.self === primaryOf(context.config, 0) ? propose(rules, context, start) : start];
    },
    step: (context, state, input): Outcomes<State, Message, Timer> => {
      if (input.kind === "request") return [reaction(state)];
      if (input.kind === "timer") return [nextView(rules, context, state)];
      const { signer, body } = input.message;
      if (!replicaIds(context.config).includes(signer) || body.view < state.view) return [reaction(state)];
      if (body.view > state.view) return [later(state, signer, body)];
      return match(body)
        .returnType<readonly Reaction[]>()
        .with({ tag: "new-view" }, (newView) => [
          receiveNewView(rules, context, reaction(state), signer, newView),
        ])
        .with({ tag: "proposal" }, (proposal) => {
          const isFromLeader = signer === primaryOf(context.config, state.view);
          return [isFromLeader ? receiveProposal(rules, context, state, proposal) : reaction(state)];
        })
        .with({ tag: "vote" }, (vote) => [receiveVote(rules, context, state, signer, vote)])
        .exhaustive();
    },
    stable: (state) => state,
    view: ({ view }) => view,
  };
}

/** On a timeout, sends the next leader the highest QC. */
function nextView(rules: Rules, context: Context, state: State): Reaction {
  const view = state.view + 1;
  const leader = primaryOf(context.config, view);
  const next = reaction<State, Message, Timer>({ ...state, ...freshView, view }, [armed]);
  const said: NewView = { tag: "new-view", view, high: state.high };
  if (leader === context.self) return receiveNewView(rules, context, next, leader, said);
  return { ...next, effects: [armed, to(leader, sign(context.self, said))] };
}

function receiveNewView(
  rules: Rules,
  context: Context,
  before: Reaction,
  from: NodeId,
  { view, high }: NewView,
): Reaction {
  const { config, self } = context;
  const { state } = before;
  const isWaiting = self === primaryOf(config, view) && state.mine === null;
  const isCounted = state.newViews.some((other) => other.from === from);
  if (!isWaiting || isCounted || (high !== null && !isQc(rules, config, high, view))) return before;
  const newViews = [...state.newViews, { from, high }];
  const next = { ...before, state: { ...state, newViews } };
  return newViews.length < rules.quorum(config) ? next : propose(rules, context, next);
}

/** As leader, extends the highest QC of n-f new-views, and includes these as proof. */
function propose(rules: Rules, context: Context, before: Reaction): Reaction {
  const { config, self } = context;
  const { view, newViews } = before.state;
  const chain = extended(highest(newViews)?.vote.chain ?? [], view);
  const behind =
    view === 0 ? null : collection(distinct(view, newViews), rules.quorum(config), replicaIds(config));
  const proposal: Proposal = { tag: "proposal", view, chain, behind };
  const own = receiveProposal(rules, context, { ...before.state, mine: chain, newViews: [] }, proposal);
  return { ...own, effects: [...before.effects, toOthers(sign(self, proposal)), ...own.effects] };
}

/** Votes for a proven proposal; its QC may be higher than any received before. */
function receiveProposal(rules: Rules, context: Context, state: State, proposal: Proposal): Reaction {
  const { config, self } = context;
  if (state.hasVoted || !rules.isProven(rules, config, proposal)) return reaction(state);
  const { view, chain } = proposal;
  const said: Vote = { tag: "vote", view, chain };
  const seen = see(rules, { ...state, hasVoted: true }, highest(proposal.behind?.bodies ?? []));
  if (self !== primaryOf(config, view))
    return { ...seen, effects: [to(primaryOf(config, view), sign(self, said))] };
  const own = receiveVote(rules, context, seen.state, self, said);
  return { ...own, events: [...seen.events, ...own.events] };
}

/** As leader: n-f votes make a QC, which its next new-view contains. */
function receiveVote(rules: Rules, { config }: Context, state: State, from: NodeId, said: Vote): Reaction {
  if (state.mine === null || state.votes.includes(from)) return reaction(state);
  if (JSON.stringify(said.chain) !== JSON.stringify(state.mine)) return reaction(state);
  const votes = [...state.votes, from];
  if (votes.length !== rules.quorum(config)) return reaction({ ...state, votes });
  return see(rules, { ...state, votes }, qcOf(rules, config, said));
}

/**
 * Keeps a QC that is higher than all before. With its block it may commit the parent and all its ancestors.
 */
function see(rules: Rules, state: State, qc: Qc | null): Reaction {
  if (qc === null || (state.high && state.high.vote.view >= qc.vote.view)) return reaction(state);
  const { chain } = qc.vote;
  const [block, child] = chain.slice(-2);
  const isCommitted = block !== undefined && child !== undefined && rules.commits(block, child);
  const length = isCommitted ? Math.max(state.executed, chain.length - 1) : state.executed;
  const events: Event[] = chain
    .slice(state.executed, length)
    .map(({ name }, index) => decided(name, state.executed + index + 1));
  return reaction({ ...state, high: qc, executed: length }, [], events);
}

/** Defers a message: one of each kind, view and sender. */
function later(state: State, from: NodeId, body: Body): Reaction {
  return reaction(state, [{ kind: "defer", key: `${body.tag} ${body.view} ${from}` }]);
}

function distinct(view: number, newViews: State["newViews"]): NewView[] {
  const bodies = newViews.map(({ high }): NewView => ({ tag: "new-view", view, high }));
  return [...new Map(bodies.map((body) => [JSON.stringify(body), body]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, body]) => body);
}
