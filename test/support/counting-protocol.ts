// Random protocols that count votes: r1, r2 and r3 vote for topics, r0 counts and does something once there are enough, r1 shows what
// r0 tells. In some of them votes for one topic matter to another one, in one of the ways that a rule of such a protocol can
// have by mistake or on purpose. In others it matters who has voted, not only how many have.

import * as Schema from "effect/Schema";
import fc from "fast-check";
import type { Setting } from "../../src/model/setting.js";
import {
  type Behaviour,
  type Effect,
  type Event,
  type Json,
  NodeId,
  type Outcomes,
  type Protocol,
  replicaIds,
  SetOf,
  type Step,
} from "../../src/protocol/index.js";
import { everythingSeen } from "./random-protocol.js";

const Message = Schema.Struct({ tag: Schema.Literals(["vote", "poke", "tell"]), what: Schema.Number });
type Message = typeof Message.Type;
const Vote = Schema.Struct({ from: NodeId, topic: Schema.Number });
const State = Schema.Struct({ phase: Schema.Number, votes: SetOf(Vote), done: SetOf(Schema.Number) });
type State = typeof State.Type;
/** The same, with the votes in the order in which they have come. */
const InOrder = Schema.Struct({ ...State.fields, votes: Schema.Array(Vote) });

/** What r0 does besides counting. */
interface Deed {
  readonly phase: number | null;
  readonly tells: number | null;
  readonly shows: number | null;
}

/** Once there are enough votes for a topic. */
interface Topic {
  readonly votes: number;
  readonly forgets: boolean;
  /** Votes for it are counted from this phase on only. */
  readonly from: number;
  readonly deed: Deed;
}

/** What r0 does when it is poked, or when its timer fires, if this is so. */
interface Poke {
  readonly phase: number | null;
  readonly done: number | null;
  readonly count: { readonly topic: number; readonly atLeast: number } | null;
  /** A topic that the sender votes for with it. */
  readonly votes: number | null;
  readonly deed: Deed;
}

/** How votes for one topic matter to another one. */
export type Tie =
  | { readonly kind: "none" }
  /** So many votes in all do something. */
  | { readonly kind: "total"; readonly at: number }
  /** Who has voted for topic 0 cannot vote for topic 1 any more. */
  | { readonly kind: "exclusive" }
  /** Topic 0 needs one vote less once there are so many for topic 1. */
  | { readonly kind: "threshold"; readonly at: number }
  /** With these two votes a poke does something else. */
  | { readonly kind: "pair"; readonly voters: readonly [NodeId, NodeId] }
  /** The first poke does something else once there are so many votes for both topics. */
  | { readonly kind: "both"; readonly at: readonly [number, number] }
  /** A vote for topic 0 takes all votes for topic 1 away, once there are so many. */
  | { readonly kind: "forgets"; readonly at: number };

/** How it matters who has voted, where it looks as if only their number did. */
export type Favour =
  /** With this vote one vote less is needed. */
  | { readonly kind: "particular"; readonly who: NodeId }
  /** This vote counts twice. */
  | { readonly kind: "double"; readonly who: NodeId }
  /** The order is remembered, and something is shown if this vote was the first. */
  | { readonly kind: "first"; readonly who: NodeId }
  /** Who has voted is told to r1. */
  | { readonly kind: "forwards" }
  /** Each is heard once only, about whichever topic: so equally many votes may leave other ones to be counted. */
  | { readonly kind: "once" };

/** Everything that such a protocol is made of. */
export interface CountingModel {
  readonly topics: readonly Topic[];
  readonly pokes: readonly Poke[];
  readonly timer: Poke | null;
  readonly tie: Tie;
  readonly favour?: Favour;
}

const few = fc.nat(2);
const deed: fc.Arbitrary<Deed> = fc.record({
  phase: fc.option(few, { freq: 2 }),
  tells: fc.option(few, { freq: 1 }),
  shows: fc.option(few, { freq: 2 }),
});
const poke: fc.Arbitrary<Poke> = fc.record({
  phase: fc.option(few, { freq: 1 }),
  done: fc.option(fc.nat(1), { freq: 1 }),
  count: fc.option(fc.record({ topic: fc.nat(1), atLeast: fc.constantFrom(1, 2) }), { freq: 1 }),
  votes: fc.option(fc.nat(1), { freq: 1 }),
  deed,
});
const topic: fc.Arbitrary<Topic> = fc.record({
  votes: fc.constantFrom(2, 2, 3, 3, 4),
  forgets: fc.boolean(),
  from: fc.constantFrom(0, 0, 0, 1),
  deed,
});
const voter = fc.constantFrom("r1", "r2", "r3");

/** By kind: votes that are independent, and all the ways in which they are not. */
export const ties: { readonly [kind in Tie["kind"]]: fc.Arbitrary<Tie> } = {
  none: fc.constant({ kind: "none" }),
  total: fc.record({ kind: fc.constant("total"), at: fc.constantFrom(2, 3, 4, 5) }),
  exclusive: fc.constant({ kind: "exclusive" }),
  threshold: fc.record({ kind: fc.constant("threshold"), at: fc.constantFrom(1, 2) }),
  pair: fc.record({ kind: fc.constant("pair"), voters: fc.tuple(voter, voter) }),
  both: fc.record({
    kind: fc.constant("both"),
    at: fc.tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2)),
  }),
  forgets: fc.record({ kind: fc.constant("forgets"), at: fc.constantFrom(1, 2) }),
};

/** Random protocols with this kind of tie. */
export function countingModels(kind: Tie["kind"]): fc.Arbitrary<CountingModel> {
  return fc.record({
    topics: fc.array(topic, { minLength: 2, maxLength: 2 }),
    pokes: fc.array(poke, { minLength: 1, maxLength: 2 }),
    timer: fc.option(poke, { freq: 1 }),
    tie: ties[kind],
  });
}

/** Random protocols in which it matters who has voted. */
export const favouringModels: fc.Arbitrary<CountingModel> = fc
  .tuple(
    countingModels("none"),
    fc.oneof(
      ...(["particular", "double", "first"] as const).map((kind) =>
        fc.record({ kind: fc.constant(kind), who: voter }),
      ),
      ...(["forwards", "once"] as const).map((kind) => fc.constant({ kind })),
    ),
  )
  .map(([model, favour]) => ({ ...model, favour }));

/** The setting of such a model, with the finest observation. */
export function countingSetting(model: CountingModel): Setting {
  return {
    protocol: protocolOf(model),
    config: { replicas: 4, faults: 0, requests: 0, slots: 1, clients: false },
    byzantine: [],
    adversary: null,
    network: "async",
    bounds: { views: 0 },
    properties: [everythingSeen],
  };
}

function protocolOf(model: CountingModel): Protocol<Json, Json> {
  return {
    name: "counting",
    summary: "votes are counted",
    message: Message as unknown as Protocol<Json, Json>["message"],
    nodes: (config) =>
      replicaIds(config).map((id) => ({
        id,
        role: "replica" as const,
        behaviour: behaviourOf(model) as unknown as Behaviour<unknown, Json>,
      })),
    requests: () => [],
    digest: String,
  };
}

const initial: State = { phase: 0, votes: [], done: [] };

/** What every node does. */
export function behaviourOf(model: CountingModel): Behaviour<State, Message> {
  const toCounter = (tag: Message["tag"], count: number): Effect<Message>[] =>
    Array.from({ length: count }, (_, what) => ({ kind: "send", to: "r0", message: { tag, what } }));
  return {
    state: model.favour?.kind === "first" ? (InOrder as unknown as typeof State) : State,
    init: ({ self }) => [
      {
        state: initial,
        effects: [
          ...(self === "r0"
            ? [{ kind: "set-timer" as const, timer: "t" }]
            : toCounter("vote", model.topics.length)),
          ...(self === "r3" ? toCounter("poke", model.pokes.length) : []),
        ],
        events: [],
      },
    ],
    step: ({ self }, state, input): Outcomes<State, Message> => {
      const nothing: Step<State, Message> = { state, effects: [], events: [] };
      if (input.kind === "request") return [nothing];
      if (input.kind === "timer") return [model.timer ? poked(model, state, model.timer, "r0", -1) : nothing];
      const { tag, what } = input.message;
      if (self !== "r0")
        return [tag === "tell" && self === "r1" ? { ...nothing, events: [shown(`hears ${what}`)] } : nothing];
      if (tag === "vote") return [voted(model, state, input.from, what)];
      return [tag === "poke" ? poked(model, state, model.pokes[what]!, input.from, what) : nothing];
    },
    stable: () => null,
  };
}

function shown(name: string): Event {
  return { kind: "custom", name, data: null };
}

function done(state: State, { phase, tells, shows }: Deed): Step<State, Message> {
  return {
    state: { ...state, phase: phase ?? state.phase },
    effects: tells === null ? [] : [{ kind: "broadcast", message: { tag: "tell", what: tells } }],
    events: shows === null ? [] : [shown(`shows ${shows}`)],
  };
}

function poked(
  { topics, tie, favour }: CountingModel,
  state: State,
  { phase, done: needed, count, votes, deed }: Poke,
  from: NodeId,
  number: number,
): Step<State, Message> {
  const nothing = { state, effects: [], events: [] };
  const votesFor = (topic: number) => state.votes.filter((vote) => vote.topic === topic);
  const special: Step<State, Message> = { ...nothing, events: [shown("special")] };
  if (
    tie.kind === "pair" &&
    tie.voters.every((by, topic) => votesFor(topic).some((vote) => vote.from === by))
  )
    return special;
  if (tie.kind === "both" && number === 0 && tie.at.every((at, topic) => votesFor(topic).length >= at))
    return special;
  if (phase !== null && state.phase !== phase) return nothing;
  if (needed !== null && !state.done.includes(needed)) return nothing;
  if (count !== null && votesFor(count.topic).length < count.atLeast) return nothing;
  const first = done(state, deed);
  if (votes === null || number < 0) return first;
  const then = voted(
    { topics, pokes: [], timer: null, tie, ...(favour && { favour }) },
    first.state,
    from,
    votes,
  );
  return {
    state: then.state,
    effects: [...first.effects, ...then.effects],
    events: [...first.events, ...then.events],
  };
}

function voted(
  { topics, tie, favour }: CountingModel,
  state: State,
  from: NodeId,
  topic: number,
): Step<State, Message> {
  const nothing = { state, effects: [], events: [] };
  const { votes: needed, forgets, from: phase, deed } = topics[topic]!;
  const hasVoted = (about: number) =>
    state.votes.some((vote) => (vote.topic === about || favour?.kind === "once") && vote.from === from);
  const favoured = favour !== undefined && "who" in favour ? favour.who : null;
  const weight = (vote: { readonly from: NodeId }) =>
    favour?.kind === "double" && vote.from === favoured ? 2 : 1;
  const count = (about: number, votes = state.votes) =>
    votes.filter((vote) => vote.topic === about).reduce((sum, vote) => sum + weight(vote), 0);
  if (state.phase < phase || state.done.includes(topic) || hasVoted(topic)) return nothing;
  if (tie.kind === "exclusive" && topic === 1 && hasVoted(0)) return nothing;
  let votes = [...state.votes, { from, topic }];
  if (tie.kind === "forgets" && topic === 0 && count(1) >= tie.at)
    votes = votes.filter((vote) => vote.topic !== 1);
  if (tie.kind === "total" && votes.length === tie.at)
    return { ...done({ ...state, votes }, deed), events: [shown("special")] };
  const isEasier = tie.kind === "threshold" && topic === 0 && count(1) >= tie.at;
  const voters = votes.filter((vote) => vote.topic === topic).map((vote) => vote.from);
  const isFavoured = favour?.kind === "particular" && voters.includes(favour.who);
  if (count(topic, votes) < needed - (isEasier || isFavoured ? 1 : 0))
    return { ...nothing, state: { ...state, votes } };
  const left = forgets ? votes.filter((vote) => vote.topic !== topic) : votes;
  const then = done({ ...state, votes: left, done: [...state.done, topic] }, deed);
  if (favour?.kind === "first" && voters[0] === favour.who)
    return { ...then, events: [...then.events, shown("special")] };
  if (favour?.kind !== "forwards") return then;
  const what = 10 + voters.reduce((bits, voter) => bits + 2 ** Number(voter.slice(1)), 0);
  return { ...then, effects: [...then.effects, { kind: "send", to: "r1", message: { tag: "tell", what } }] };
}
