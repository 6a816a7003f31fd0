// A replica of Tendermint at one height: algorithm 1 of arXiv 1807.04938, with these simplifications:
// - The three timeouts are one timer, which may fire in each step. In the paper they start on a quorum of
//   votes of any kind, which only delays them. Precommits of nil have no other purpose, so they are left out.
// - Precommits count in their own round. In a later round they count as the proof inside `decided`, which a
//   decided replica sends, and which an adversary that speaks can send.
// - Skipping to a round that f+1 others are in (line 55) is left out: it only saves time.

import * as Schema from "effect/Schema";
import { match } from "ts-pattern";
import {
  type Behaviour,
  type Certificate,
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
import { type Body, type Message, type NewRound, Polka, type Precommit, type Proposal } from "./messages.js";
import { isPolka, proofOf, type Rules } from "./rules.js";

const Votes = SetOf(Schema.Struct({ from: NodeId, value: Schema.NullOr(Schema.String) }));
type Votes = typeof Votes.Type;

export const State = Schema.Struct({
  round: Schema.Number,
  step: Schema.Literals(["propose", "prevote", "precommit", "decided"]),
  /** The value proposed in this round, once known. */
  proposal: Schema.NullOr(Schema.String),
  prevotes: Votes,
  precommits: Votes,
  locked: Schema.NullOr(Polka),
  valid: Schema.NullOr(Polka),
  /**
   * For the proposer, until it proposes: the replicas that have begun this round, each with the polka it
   * reported.
   */
  told: SetOf(Schema.Struct({ from: NodeId, valid: Schema.NullOr(Polka) })),
});
export type State = typeof State.Type;
type Timer = "timeout";
type Reaction = Step<State, Message, Timer>;
/** The messages of one round; `decided` belongs to none. */
type InRound = Exclude<Body, { tag: "decided" }>;
type Reactions = Outcomes<State, Message, Timer>;

const newRound = { step: "propose", proposal: null, prevotes: [], precommits: [], told: [] } as const;
const initial: State = { round: 0, ...newRound, locked: null, valid: null };
const armed: Effect<Message, Timer> = { kind: "set-timer", timer: "timeout" };

/** The behaviour under these rules. */
export function replica(rules: Rules): Behaviour<State, Message, Timer, string, State> {
  return {
    state: State,
    init: (context, from) => {
      if (from.kind === "restart")
        return [reaction(from.stable, from.stable.step === "decided" ? [] : [armed])];
      const start = reaction<State, Message, Timer>(initial, [armed]);
      return context.self === primaryOf(context.config, 0) ? propose(rules, context, start, null) : [start];
    },
    step: (context, state, input) => {
      if (input.kind === "request" || state.step === "decided") return [reaction(state)];
      if (input.kind === "timer") return timeout(rules, context, state);
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

function receive(rules: Rules, context: Context, state: State, from: NodeId, body: InRound): Reactions {
  return match(body)
    .returnType<Reactions>()
    .with({ tag: "proposal" }, (proposal) => {
      const isFromProposer = from === primaryOf(context.config, state.round);
      return [isFromProposer ? receiveProposal(rules, context, state, proposal) : reaction(state)];
    })
    .with({ tag: "prevote" }, ({ value }) => [receivePrevote(rules, context, state, from, value)])
    .with({ tag: "precommit" }, ({ value }) => [receivePrecommit(rules, context, state, from, value)])
    .with({ tag: "new-round" }, (newRound) =>
      receiveNewRound(rules, context, reaction(state), from, newRound),
    )
    .exhaustive();
}

/** Lines 11 to 21: a round begins; its proposer waits for the reports of n-f replicas. */
function startRound(rules: Rules, context: Context, state: State): Reactions {
  const round = state.round + 1;
  const proposer = primaryOf(context.config, round);
  const said: NewRound = { tag: "new-round", round, valid: state.valid };
  const next = { ...state, ...newRound, round };
  if (context.self === proposer)
    return receiveNewRound(rules, context, reaction(next, [armed]), context.self, said);
  return [reaction(next, [armed, to(proposer, sign(context.self, said))])];
}

function receiveNewRound(
  rules: Rules,
  context: Context,
  before: Reaction,
  from: NodeId,
  { valid }: NewRound,
): Reactions {
  const { self, config } = context;
  const { state } = before;
  const isWaiting =
    state.step === "propose" && state.proposal === null && self === primaryOf(config, state.round);
  const isProven = valid === null || (valid.vote.round < state.round && isPolka(rules, config, valid));
  if (!isWaiting || !isProven || state.told.some((other) => other.from === from)) return [before];
  const told = [...state.told, { from, valid }];
  const next = { ...before, state: { ...state, told } };
  if (told.length < config.replicas - config.faults) return [next];
  const polkas = told.flatMap((one) => one.valid ?? []);
  return propose(rules, context, next, rules.proposes(state, polkas));
}

/** Line 19. */
function propose(rules: Rules, context: Context, before: Reaction, valid: Polka | null): Reactions {
  const { round } = before.state;
  const values = valid === null ? valuesOf(context.config) : [valid.vote.value!];
  return values.map((value) => {
    const proposal: Proposal = { tag: "proposal", round, value, valid: valid && rules.shown(valid) };
    const own = receiveProposal(rules, context, { ...before.state, told: [] }, proposal);
    const effects = [...before.effects, say(context, proposal), ...own.effects];
    return { ...own, effects, ...(values.length > 1 && { label: value }) };
  });
}

/** Lines 22 to 33: prevotes the first proposal, or nil. */
function receiveProposal(rules: Rules, context: Context, state: State, proposal: Proposal): Reaction {
  const { config } = context;
  if (state.proposal !== null || !rules.isProven(rules, config, proposal)) return reaction(state);
  const { value } = proposal;
  const known = { ...state, proposal: value };
  if (state.step !== "propose") return afterVotes(rules, context, reaction(known));
  const isGood = rules.isValid(config, value) && rules.mayPrevote(state, proposal);
  return prevote(rules, context, known, isGood ? value : null);
}

function prevote(rules: Rules, context: Context, state: State, value: string | null): Reaction {
  const own = receivePrevote(rules, context, { ...state, step: "prevote" }, context.self, value);
  return { ...own, effects: [say(context, { tag: "prevote", round: state.round, value }), ...own.effects] };
}

function receivePrevote(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  value: string | null,
): Reaction {
  const { round, step, prevotes, valid } = state;
  if (step === "propose" && rules.waitsForProposal())
    return later(state, from, { tag: "prevote", round, value });
  if (valid?.vote.round === round || prevotes.some((vote) => vote.from === from)) return reaction(state);
  return afterVotes(rules, context, reaction({ ...state, prevotes: [...prevotes, { from, value }] }));
}

/** Lines 36 to 46: locks on a polka for the proposal and precommits it; a polka for nil ends the step. */
function afterVotes(rules: Rules, context: Context, before: Reaction): Reaction {
  const { state } = before;
  const { round, proposal } = state;
  if (state.step === "propose") return tooEarly(rules, context, before);
  const isQuorum = (value: string | null) => count(state.prevotes, value) >= rules.quorum(context.config);
  if (proposal !== null && isQuorum(proposal)) {
    const valid = proofOf(rules, context.config, { tag: "prevote", round, value: proposal });
    const next = { ...state, valid, prevotes: [] };
    if (state.step !== "prevote") return { ...before, state: next };
    const locked: State = { ...next, locked: valid, step: "precommit" };
    const own = receivePrecommit(rules, context, locked, context.self, proposal);
    const said = say(context, { tag: "precommit", round, value: proposal });
    return { ...own, effects: [...before.effects, said, ...own.effects] };
  }
  if (state.step !== "prevote" || !isQuorum(null)) return before;
  const kept = rules.nilUnlocks() ? null : state.locked;
  const effects = rules.timerAfterNil() ? before.effects : [...before.effects, cancel];
  return { ...before, state: { ...state, step: "precommit", locked: kept }, effects };
}

/** Of a replica that does not wait for the proposal: a quorum of prevotes ends its round. */
function tooEarly(rules: Rules, context: Context, before: Reaction): Reaction {
  const { state } = before;
  if (state.prevotes.length < rules.quorum(context.config)) return before;
  const said = say(context, { tag: "prevote", round: state.round, value: null });
  return { ...before, state: { ...state, step: "precommit" }, effects: [...before.effects, said] };
}

/** Lines 49 to 54: a quorum of precommits decides. */
function receivePrecommit(
  rules: Rules,
  context: Context,
  state: State,
  from: NodeId,
  value: string | null,
): Reaction {
  const isGood = value !== null && rules.accepts(context.self, from, state.round);
  if (!isGood || state.precommits.some((vote) => vote.from === from)) return reaction(state);
  const precommits = [...state.precommits, { from, value }];
  if (count(precommits, value) < rules.quorum(context.config)) return reaction({ ...state, precommits });
  const { round } = state;
  return decide(context, state, proofOf(rules, context.config, { tag: "precommit", round, value }));
}

/** A quorum of precommits of any round decides, whoever sends it. */
function receiveDecided(
  rules: Rules,
  context: Context,
  state: State,
  proof: Certificate<Precommit>,
): Reaction {
  return rules.helps(proof.vote.round) && isPolka(rules, context.config, proof)
    ? decide(context, state, proof)
    : reaction(state);
}

function decide(context: Context, { round }: State, proof: Certificate<Precommit>): Reaction {
  const effects = [say(context, { tag: "decided", proof }), cancel];
  return reaction({ ...initial, round, step: "decided" }, effects, [decided(proof.vote.value!)]);
}

/** Lines 57 to 66: prevotes nil; precommits nil; begins the next round. */
function timeout(rules: Rules, context: Context, state: State): Reactions {
  if (state.step === "precommit") return startRound(rules, context, state);
  const next: Reaction =
    state.step === "propose"
      ? prevote(rules, context, state, null)
      : reaction({ ...state, step: "precommit" });
  return [{ ...next, effects: [armed, ...next.effects] }];
}

const cancel: Effect<Message, Timer> = { kind: "cancel-timer", timer: "timeout" };

function say({ self }: Context, body: Body): Effect<Message, Timer> {
  return toOthers(sign(self, body));
}

/** Defers a message: one of each kind, round and sender. */
function later(state: State, from: NodeId, body: InRound): Reaction {
  return reaction(state, [{ kind: "defer", key: `${body.tag} ${body.round} ${from}` }]);
}

function count(votes: Votes, value: string | null): number {
  return votes.filter((vote) => vote.value === value).length;
}
