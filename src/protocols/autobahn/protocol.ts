// The consensus core of Autobahn (SOSP'24, section 5) for one slot: a leader's proposal takes two phases of votes, and a view that is given up leaves a
// ticket for the next one. Left out: how data spread along the lanes, and the fast path.

import * as Schema from "effect/Schema";
import {
  collection,
  defineProtocol,
  including,
  inTurn,
  NodeId,
  type OwnContext,
  type Protocol,
  type Reply,
  replicaIds,
  reply,
  SetOf,
  sign,
} from "../../protocol/index.js";
import { type Ballot, type Message, messages, Qc, type Said, Timeout } from "./messages.js";
import { type AutobahnRules, autobahnRules, choices, isJustified, isQc, qcOf } from "./rules.js";

const State = Schema.Struct({
  view: Schema.Number,
  /** The phases of this view that it has voted in. */
  voted: SetOf(Schema.Literals(["prepare", "confirm"])),
  /** The highest certificate of the first phase that it has seen. */
  high: Schema.NullOr(Qc),
  /** Of the leader: its proposal, and who has voted for it in the phase that it is in. */
  proposal: Schema.NullOr(Schema.String),
  votes: SetOf(Schema.Struct({ from: NodeId, phase: Schema.Literals(["prepare", "confirm"]) })),
  /** Of the leader of the next view: who has given up this one. */
  timeouts: SetOf(Schema.Struct({ from: NodeId, said: Timeout })),
  hasCommitted: Schema.Boolean,
});
type State = typeof State.Type;
type Context = OwnContext<Record<never, never>, AutobahnRules>;
type Turn = Reply<State, Message, "view">;
type Phase = Ballot["phase"];

/** Autobahn with these rules. */
export function autobahn(
  rules = autobahnRules,
  name = "autobahn",
  summary = "Autobahn's consensus: two phases of votes, and tickets between views",
): Protocol<Message, string> {
  return defineProtocol({
    name,
    summary,
    promises: "termination",
    messages,
    state: State,
    initial: {
      ...{ view: 0, voted: [], high: null, proposal: null, votes: [] },
      ...{ timeouts: [], hasCommitted: false },
    },
    rules,
    primary: inTurn,
    view: ({ view }) => view,
    onStart: (context, state, { kind }) => {
      const started = reply(state).setTimer("view");
      const proposes = kind === "start" && context.self === inTurn(context.config, 0);
      return proposes ? propose(context, started, null) : started;
    },
    onTimer: { view: giveUp },
    on: {
      prepare: (context, state, { from, message }) => prepare(context, state, from, message),
      vote: (context, state, { from, message }) => count(context, state, from, message),
      confirm: (context, state, { from, message }) => confirm(context, state, from, message.qc),
      commit: (context, state, { message }) => commit(context, reply(state), message.qc),
      timeout: (context, state, { from, message }) => hear(context, state, from, message),
    },
  });
}

/** The leader proposes what the ticket of the view allows; which value is a choice. */
function propose(context: Context, turn: Turn, ticket: Said<"prepare">["ticket"]): readonly Turn[] {
  const { self, config, rules } = context;
  const { view } = turn.state;
  const values = choices(rules as AutobahnRules, config, view, ticket);
  return values.flatMap((value) => {
    const mine = turn.with({
      ...turn.state,
      proposal: value,
      voted: including(turn.state.voted, "prepare" as Phase),
    });
    const told = mine.broadcast(sign(self, { tag: "prepare", view, value, ticket }));
    return vote(context, values.length > 1 ? told.labelled(value) : told, "prepare", value);
  });
}

/** The first phase: a justified proposal of the leader gets a vote. */
function prepare(context: Context, state: State, from: NodeId, said: Said<"prepare">) {
  const { rules, config } = context;
  const isDue = said.view === state.view && rules.mayPropose(config, said.view, from);
  if (!isDue || !rules.mayVote(state.voted, "prepare")) return state;
  if (!isJustified(rules as AutobahnRules, config, said)) return state;
  const voted = including(state.voted, "prepare" as Phase);
  return vote(context, reply({ ...state, voted }), "prepare", said.value);
}

/** The second phase: so does its certificate. */
function confirm(context: Context, state: State, from: NodeId, qc: Qc) {
  const { rules, config } = context;
  const isDue = qc.view === state.view && rules.mayPropose(config, qc.view, from);
  if (!isDue || !rules.mayVote(state.voted, "confirm") || !isQc(rules, config, "prepare", qc)) return state;
  const voted = including(state.voted, "confirm" as Phase);
  return vote(context, reply({ ...state, voted, high: qc }), "confirm", qc.value);
}

function vote(context: Context, turn: Turn, phase: Phase, value: string): readonly Turn[] {
  const { self, config, rules } = context;
  const leader = inTurn(config, turn.state.view);
  const ballot = rules.ballot(phase, turn.state.view, value);
  if (leader !== self) return [turn.send(leader, sign(self, ballot))];
  return turn.continued((next) => count(context, next, self, ballot));
}

/** The leader counts: a quorum ends a phase. */
function count(
  context: Context,
  state: State,
  from: NodeId,
  { phase, view, value }: Ballot,
): Turn | readonly Turn[] {
  const { self, config, rules } = context;
  const { proposal } = state;
  const wanted = proposal === null ? null : rules.ballot(phase, view, proposal);
  if (proposal === null || view !== state.view || wanted?.value !== value) return reply(state);
  const votes = including(state.votes, { from, phase });
  const next = reply({ ...state, votes });
  const isNew =
    votes !== state.votes && votes.filter((one) => one.phase === phase).length === rules.quorum(config);
  if (!isNew) return next;
  const qc = qcOf(rules, config, phase, view, proposal);
  if (phase === "confirm") return commit(context, next.broadcast({ tag: "commit", qc }), qc);
  const voted = including(state.voted, "confirm" as Phase);
  const told = next.with({ ...next.state, voted, high: qc }).broadcast(sign(self, { tag: "confirm", qc }));
  return vote(context, told, "confirm", proposal);
}

/** A value with a certificate of the second phase is committed; its lanes are executed in order. */
function commit({ config, rules }: Context, turn: Turn, qc: Qc): readonly Turn[] {
  const { state } = turn;
  if (state.hasCommitted || !isQc(rules, config, "confirm", qc)) return [turn];
  const orders = rules.orders([`${qc.value}1`, `${qc.value}2`]);
  return orders.map((lanes) => {
    const done = turn.with({ ...state, hasCommitted: true }).executedFrom(1, lanes);
    return orders.length > 1 ? done.labelled(`delivers ${lanes.join(", ")}`) : done;
  });
}

/** The timer has expired: the replica tells the next leader what it has seen. */
function giveUp(context: Context, state: State): Turn | readonly Turn[] {
  const { self, config } = context;
  const said: Timeout = { tag: "timeout", view: state.view, high: state.high };
  const view = state.view + 1;
  const next: State = { ...state, view, voted: [], proposal: null, votes: [], timeouts: [] };
  const entered = reply(next).setTimer("view");
  const leader = inTurn(config, view);
  return leader === self
    ? entered.continued((own) => hear(context, own, self, said))
    : entered.send(leader, sign(self, said));
}

/** The leader of a view collects the timeouts of the one before: a quorum is its ticket. */
function hear(context: Context, state: State, from: NodeId, said: Timeout): Turn | readonly Turn[] {
  const { self, config, rules } = context;
  const isMine =
    said.view === state.view - 1 && inTurn(config, state.view) === self && state.proposal === null;
  const isGood =
    said.high === null || (said.high.view <= said.view && isQc(rules, config, "prepare", said.high));
  if (!isMine || !isGood || state.timeouts.some((one) => one.from === from)) return reply(state);
  const timeouts = [...state.timeouts, { from, said }];
  if (timeouts.length < rules.quorum(config)) return reply({ ...state, timeouts });
  const bodies = timeouts.reduce<readonly Timeout[]>((all, one) => including(all, one.said), []);
  const ticket = collection(bodies, rules.quorum(config), replicaIds(config));
  return propose(context, reply({ ...state, timeouts: [] }), ticket);
}
