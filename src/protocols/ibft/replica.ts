// A replica of Istanbul BFT, by the paper's algorithms 1 (start), 2 (normal case) and 3 (round change). It
// defers messages of later rounds or steps. Left out: catching up with f+1 round-changes (algorithm 3, lines
// 5 to 9), which only saves time, since every timer fires.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Certificate,
  type Context,
  collection,
  type Effect,
  NodeId,
  type Outcomes,
  replicaIds,
  SetOf,
  type Step,
  sign,
} from "../../protocol/index.js";
import { primaryOf } from "../pbft/quorums.js";
import { decided, reaction, toOthers, valuesOf } from "../reactions.js";
import { type Body, type Commit, type Message, type PrePrepare, Prepared, RoundChange } from "./messages.js";
import { isQuorum, proofOf, type Rules } from "./rules.js";

const Votes = SetOf(Schema.Struct({ from: NodeId, value: Schema.String }));
type Votes = typeof Votes.Type;

export const State = Schema.Struct({
  round: Schema.Number,
  /** The value proposed in this round, once accepted (by the proposer, once proposed). */
  proposal: Schema.NullOr(Schema.String),
  prepares: Votes,
  commits: Votes,
  /** The last round in which a value has prepared here. */
  prepared: Schema.NullOr(Prepared),
  /** For the proposer: round-changes to this round. */
  changes: SetOf(Schema.Struct({ from: NodeId, change: RoundChange })),
  hasDecided: Schema.Boolean,
});
export type State = typeof State.Type;
type Timer = "round";
type Reaction = Step<State, Message, Timer>;
/** The messages of one round; `decided` belongs to none. */
type InRound = Exclude<Body, { tag: "decided" }>;
type Reactions = Outcomes<State, Message, Timer>;

const nothingYet = { proposal: null, prepares: [], commits: [], changes: [] };
const initial: State = { round: 0, ...nothingYet, prepared: null, hasDecided: false };

/** The behaviour under these rules. */
export function replica(rules: Rules): Behaviour<State, Message, Timer, string, State> {
  return {
    state: State,
    init: (context, from) => (from.kind === "start" ? start(rules, context) : [resume(from.stable)]),
    step: (context, state, input) => {
      if (input.kind === "request" || state.hasDecided) return [reaction(state)];
      if (input.kind === "timer") return changeRound(rules, context, state);
      const { signer, body } = input.message;
      if (!replicaIds(context.config).includes(signer)) return [reaction(state)];
      if (body.tag === "decided") return [receiveDecided(rules, context, state, body.proof)];
      if (body.round < state.round) return [reaction(state)];
      if (body.round > state.round) return [later(state, signer, body)];
      return receive(rules, context, state, signer, body);
    },
    stable: (state) => state,
    view: ({ round }) => round,
  };
}

/** Algorithm 1: the first proposer proposes any value. */
function start(rules: Rules, context: Context): Reactions {
  const armed = reaction<State, Message, Timer>(initial, [{ kind: "set-timer", timer: "round" }]);
  return context.self === primaryOf(context.config, 0) ? propose(rules, context, armed, null) : [armed];
}

/** After a crash: timers do not survive it. */
function resume(state: State): Reaction {
  return reaction(state, state.hasDecided ? [] : [{ kind: "set-timer", timer: "round" }]);
}

/** Proposes, and prepares its own proposal. */
function propose(rules: Rules, context: Context, before: Reaction, must: string | null): Reactions {
  const { round, changes } = before.state;
  const values = must === null ? valuesOf(context.config) : [must];
  const behind = collection(distinct(changes), rules.quorum(context.config), replicaIds(context.config));
  return values.map((value) => {
    const proposal: PrePrepare = { tag: "pre-prepare", round, value, changes: round === 0 ? null : behind };
    const own = accept(rules, context, { ...before.state, changes: [] }, proposal);
    const said = [...before.effects, say(context, proposal), ...own.effects];
    return { ...own, effects: said, ...(values.length > 1 && { label: value }) };
  });
}

function receive(rules: Rules, context: Context, state: State, from: NodeId, body: InRound): Reactions {
  return match(body)
    .returnType<Reactions>()
    .with({ tag: "pre-prepare" }, (proposal) => {
      const isFromProposer = from === primaryOf(context.config, state.round);
      return [isFromProposer ? receiveProposal(rules, context, state, proposal) : reaction(state)];
    })
    .with({ tag: "prepare" }, ({ value }) => [receivePrepare(rules, context, state, from, value)])
    .with({ tag: "commit" }, ({ value }) => [receiveCommit(rules, context, state, from, value)])
    .with({ tag: "round-change" }, (change) => receiveChange(rules, context, reaction(state), from, change))
    .exhaustive();
}

/** Algorithm 2, line 1: prepares the first justified proposal of the round. */
function receiveProposal(rules: Rules, context: Context, state: State, proposal: PrePrepare): Reaction {
  const { value } = proposal;
  if (state.proposal !== null || !rules.isValid(context.config, value)) return reaction(state);
  if (!rules.isJustified(rules, context.config, proposal)) return reaction(state);
  if (!rules.acceptsAfter(state.prepared, value)) return reaction(state);
  return accept(rules, context, state, proposal);
}

function accept(rules: Rules, context: Context, state: State, { round, value }: PrePrepare): Reaction {
  const own = receivePrepare(rules, context, { ...state, proposal: value }, context.self, value);
  return { ...own, effects: [say(context, { tag: "prepare", round, value }), ...own.effects] };
}

/** Line 5: a quorum of prepares for the proposal makes the replica commit. */
function receivePrepare(rules: Rules, context: Context, state: State, from: NodeId, value: string): Reaction {
  const { round, proposal, prepared } = state;
  if (proposal === null) return later(state, from, { tag: "prepare", round, value });
  if (prepared?.round === round || isCounted(state.prepares, from) || value !== proposal)
    return reaction(state);
  const prepares = [...state.prepares, { from, value }];
  if (prepares.length < rules.quorum(context.config)) return reaction({ ...state, prepares });
  const proof = proofOf(rules, context.config, { tag: "prepare", round, value });
  const next = { ...state, prepares: [], prepared: { round, value, proof } };
  const own = receiveCommit(rules, context, next, context.self, value);
  return { ...own, effects: [say(context, { tag: "commit", round, value }), ...own.effects] };
}

/** Line 9: a quorum of commits decides. */
function receiveCommit(rules: Rules, context: Context, state: State, from: NodeId, value: string): Reaction {
  const { round, prepared } = state;
  if (prepared?.round !== round) return later(state, from, { tag: "commit", round, value });
  if (isCounted(state.commits, from) || value !== prepared.value) return reaction(state);
  const commits = [...state.commits, { from, value }];
  if (commits.length < rules.quorum(context.config)) return reaction({ ...state, commits });
  const proof = proofOf(rules, context.config, { tag: "commit", round, value });
  return decide(rules, context, state, proof);
}

/** A quorum of commits decides, whoever sends it. */
function receiveDecided(rules: Rules, context: Context, state: State, proof: Certificate<Commit>): Reaction {
  return isQuorum(rules, context.config, proof) ? decide(rules, context, state, proof) : reaction(state);
}

/**
 * Algorithm 3, last rule: a replica that has decided sends the quorum of commits to those that lag behind;
 * here, to all at once.
 */
function decide(rules: Rules, context: Context, { round }: State, proof: Certificate<Commit>): Reaction {
  const told = rules.tellsDecision() ? [say(context, { tag: "decided", proof })] : [];
  const effects: Effect<Message, Timer>[] = [...told, { kind: "cancel-timer", timer: "round" }];
  return reaction({ ...initial, round, hasDecided: true }, effects, [decided(proof.vote.value)]);
}

/** Algorithm 3, line 1: on a timeout, tells everybody what has prepared here. */
function changeRound(rules: Rules, context: Context, state: State): Reactions {
  const round = state.round + 1;
  const change: RoundChange = { tag: "round-change", round, prepared: state.prepared };
  const effects: Effect<Message, Timer>[] = [{ kind: "set-timer", timer: "round" }, say(context, change)];
  return receiveChange(
    rules,
    context,
    reaction({ ...state, ...nothingYet, round }, effects),
    context.self,
    change,
  );
}

/** Line 11: a quorum of round-changes lets the proposer propose. */
function receiveChange(
  rules: Rules,
  { self, config }: Context,
  before: Reaction,
  from: NodeId,
  change: RoundChange,
): Reactions {
  const { state } = before;
  const isMine = self === primaryOf(config, state.round) && state.proposal === null;
  const isCounted = state.changes.some((other) => other.from === from);
  if (!isMine || isCounted || !rules.isProven(rules, config, change)) return [before];
  const next = { ...before, state: { ...state, changes: [...state.changes, { from, change }] } };
  if (next.state.changes.length < rules.quorum(config)) return [next];
  const bodies = distinct(next.state.changes);
  return propose(rules, { self, config }, next, rules.mustPropose(bodies, state.prepared));
}

function say({ self }: Context, body: Body): Effect<Message, never> {
  return toOthers(sign(self, body));
}

/** Defers a message: one of each kind, round and sender. */
function later(state: State, from: NodeId, body: InRound): Reaction {
  return reaction(state, [{ kind: "defer", key: `${body.tag} ${body.round} ${from}` }]);
}

function distinct(changes: State["changes"]): RoundChange[] {
  const bodies = new Map(changes.map(({ change }) => [JSON.stringify(change), change]));
  return [...bodies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, change]) => change);
}

function isCounted(votes: Votes, from: NodeId): boolean {
  return votes.some((vote) => vote.from === from);
}
