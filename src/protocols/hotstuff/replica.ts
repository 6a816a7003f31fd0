// A replica of basic HotStuff (algorithm 2 of arXiv 1803.05069): votes go to the leader of the view, who
// answers with their QC, phase by phase. A replica that has decided forwards the proof and stops, where the
// paper's would go on with the chain.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Context,
  type Effect,
  NodeId,
  type Outcomes,
  replicaIds,
  SetOf,
  type Step,
  sign,
} from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { decided, reaction, to, toOthers, valuesOf } from "../reactions.js";
import { type Body, type Message, type NewView, Phase, type Proposal, Qc, type Vote } from "./messages.js";
import { isQc, qcOf, type Rules } from "./rules.js";

const Voted = Schema.Struct({ phase: Phase, value: Schema.String });

export const State = Schema.Struct({
  view: Schema.Number,
  /** The value that this replica has voted for in this view, and the last phase in which it voted. */
  voted: Schema.NullOr(Voted),
  /** prepareQC: the last one received. */
  prepared: Schema.NullOr(Qc),
  /** lockedQC. */
  locked: Schema.NullOr(Qc),
  /** For the leader, before it proposes: new-views of this view. */
  newViews: SetOf(Schema.Struct({ from: NodeId, justify: Schema.NullOr(Qc) })),
  /** For the leader: the voters in the phase in which it has voted itself. */
  votes: SetOf(NodeId),
  hasDecided: Schema.Boolean,
  /** Only where timeouts are not durable, from a timeout to the next vote: `voted` in the view before, to which a crash leads back. */
  left: Schema.optionalKey(Schema.NullOr(Voted)),
});
export type State = typeof State.Type;
type Timer = "view";
type Reaction = Step<State, Message, Timer>;
type Reactions = Outcomes<State, Message, Timer>;

const freshView = { voted: null, newViews: [], votes: [] };
const initial: State = { view: 0, ...freshView, prepared: null, locked: null, hasDecided: false };
const armed: Effect<Message, Timer> = { kind: "set-timer", timer: "view" };

/** The behaviour under these rules. */
export function replica(rules: Rules): Behaviour<State, Message, Timer, string, State> {
  return {
    state: State,
    init: (context, from) => {
      if (from.kind === "restart") return [reaction(from.stable, from.stable.hasDecided ? [] : [armed])];
      const start = reaction<State, Message, Timer>(initial, [armed]);
      return isLeader(context, 0) ? propose(rules, context, start, null) : [start];
    },
    step: (context, state, input) => {
      if (input.kind === "request" || state.hasDecided) return [reaction(state)];
      if (input.kind === "timer") return nextView(rules, context, state);
      const { signer, body } = input.message;
      if (!replicaIds(context.config).includes(signer)) return [reaction(state)];
      if (body.tag === "qc") return [receiveShown(rules, context, state, signer, body.qc)];
      if (body.view < state.view) return [reaction(state)];
      if (body.view > state.view) return [later(state, signer, body)];
      return match(body)
        .returnType<Reactions>()
        .with({ tag: "new-view" }, (newView) =>
          receiveNewView(rules, context, reaction(state), signer, newView),
        )
        .with({ tag: "proposal" }, (proposal) => {
          const mayPropose = rules.mayPropose(context.config, state.view, signer);
          return [mayPropose ? receiveProposal(rules, context, state, proposal) : reaction(state)];
        })
        .with({ tag: "vote" }, (vote) => [receiveVote(rules, context, state, signer, vote)])
        .exhaustive();
    },
    stable: (state) => (state.left === undefined ? state : beforeTimeout(state)),
    view: ({ view }) => view,
  };
}

/** What the disk has where the timeout is not on it. */
function beforeTimeout({ left = null, ...state }: State): State {
  return { ...state, ...freshView, view: state.view - 1, voted: left };
}

/** nextView: sends the next leader the last prepareQC. */
function nextView(rules: Rules, context: Context, state: State): Reactions {
  const view = state.view + 1;
  const left = rules.timeoutsAreDurable() ? {} : { left: state.voted };
  const next = reaction<State, Message, Timer>({ ...state, ...freshView, ...left, view }, [armed]);
  const said: NewView = { tag: "new-view", view, justify: state.prepared };
  if (isLeader(context, view)) return receiveNewView(rules, context, next, context.self, said);
  return [{ ...next, effects: [armed, to(primaryOf(context.config, view), sign(context.self, said))] }];
}

/** The prepare phase, as leader: extends the highest QC in n-f new-views. */
function receiveNewView(
  rules: Rules,
  context: Context,
  before: Reaction,
  from: NodeId,
  { view, justify }: NewView,
): Reactions {
  const { state } = before;
  const isWaiting = isLeader(context, state.view) && state.voted === null;
  const isCounted = state.newViews.some((other) => other.from === from);
  const isProven =
    justify === null || (isQc(rules, context.config, justify, "prepare") && justify.vote.view < view);
  if (!isWaiting || isCounted || !isProven) return [before];
  const newViews = [...state.newViews, { from, justify }];
  const next = { ...before, state: { ...state, newViews } };
  if (newViews.length < rules.quorum(context.config)) return [next];
  return propose(rules, context, next, rules.extended(newViews.map((one) => one.justify)));
}

function propose(rules: Rules, context: Context, before: Reaction, justify: Qc | null): Reactions {
  const values = justify === null ? valuesOf(context.config) : [justify.vote.value];
  return values.map((value) => {
    const { view } = before.state;
    const proposal: Proposal = { tag: "proposal", view, value, justify };
    const own = vote(rules, context, { ...before.state, newViews: [] }, "prepare", value);
    const effects = [...before.effects, toOthers(sign(context.self, proposal)), ...own.effects];
    return { ...own, effects, ...(values.length > 1 && { label: value }) };
  });
}

/** The prepare phase, as a replica. */
function receiveProposal(rules: Rules, context: Context, state: State, proposal: Proposal): Reaction {
  const { config } = context;
  const isGood =
    rules.isValid(config, proposal.value) &&
    rules.isProven(rules, config, proposal) &&
    rules.isSafe(state.locked, proposal);
  return state.voted === null && isGood
    ? vote(rules, context, state, "prepare", proposal.value)
    : reaction(state);
}

function vote(rules: Rules, context: Context, before: State, phase: Phase, value: string): Reaction {
  const { left: _, ...state } = before;
  const { view } = state;
  const next = { ...state, voted: { phase, value }, votes: [] };
  const said: Vote = { tag: "vote", phase, view, value };
  if (isLeader(context, view)) return receiveVote(rules, context, next, context.self, said);
  return reaction(next, [to(primaryOf(context.config, view), sign(context.self, said))]);
}

/** As leader: n-f votes make a QC, which it broadcasts. */
function receiveVote(rules: Rules, context: Context, state: State, from: NodeId, said: Vote): Reaction {
  const { voted, votes } = state;
  if (!isLeader(context, state.view)) return reaction(state);
  if (voted?.phase !== said.phase) return later(state, from, said);
  if (voted.value !== said.value || votes.includes(from)) return reaction(state);
  const all = [...votes, from];
  if (all.length < rules.quorum(context.config)) return reaction({ ...state, votes: all });
  const qc = qcOf(rules, context.config, said);
  const own = receiveQc(rules, context, state, qc);
  const isShown = own.effects.some(({ kind }) => kind === "cancel-timer"); // a decision is passed on anyway
  return isShown ? own : { ...own, effects: [say(context, qc), ...own.effects] };
}

/** Accepts the QC of the last phase from anybody, that of any other phase from the leader only. */
function receiveShown(rules: Rules, context: Context, state: State, from: NodeId, qc: Qc): Reaction {
  const { phase, view } = qc.vote;
  const isLast = phase === rules.phases.at(-1);
  return isLast || from === primaryOf(context.config, view)
    ? receiveQc(rules, context, state, qc)
    : reaction(state);
}

/** The later phases: stores a QC, locks on it or decides, and sends the next vote. */
function receiveQc(rules: Rules, context: Context, state: State, qc: Qc): Reaction {
  const { phase, view, value } = qc.vote;
  if (!isQc(rules, context.config, qc)) return reaction(state);
  const index = rules.phases.indexOf(phase);
  if (index === rules.phases.length - 1) return decide(context, state, qc);
  if (view > state.view) return reaction(state, [{ kind: "defer", key: `${phase} ${view}` }]);
  const hasVoted = rules.phases.indexOf(state.voted?.phase ?? "prepare") > index;
  if (view < state.view || hasVoted || index < 0) return reaction(state);
  const prepared = phase === "prepare" ? qc : state.prepared;
  const locked = phase === rules.locksOn ? qc : state.locked;
  return vote(rules, context, { ...state, prepared, locked }, rules.phases[index + 1]!, value);
}

function decide(context: Context, { view }: State, qc: Qc): Reaction {
  const effects: Effect<Message, Timer>[] = [say(context, qc), { kind: "cancel-timer", timer: "view" }];
  return reaction({ ...initial, view, hasDecided: true }, effects, [decided(qc.vote.value)]);
}

function isLeader({ self, config }: Context, view: number): boolean {
  return self === primaryOf(config, view);
}

function say({ self }: Context, qc: Qc): Effect<Message, never> {
  return toOthers(sign(self, { tag: "qc", qc }));
}

/** Defers a message: one of each kind, view and sender. */
function later(state: State, from: NodeId, body: Exclude<Body, { tag: "qc" }>): Reaction {
  const phase = body.tag === "vote" ? body.phase : "";
  return reaction(state, [{ kind: "defer", key: `${body.tag} ${phase} ${body.view} ${from}` }]);
}
