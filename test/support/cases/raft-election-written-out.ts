// Raft's election as examples/raft-election.ts has it, written out by hand: what the definition is held against.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  type Config,
  type Context,
  type Effect,
  type Event,
  NodeId,
  type Outcomes,
  type Protocol,
  replicaIds,
  SetOf,
} from "../../../src/protocol/index.js";

const Ask = Schema.Struct({ tag: Schema.Literal("ask"), term: Schema.Number });
const Vote = Schema.Struct({ tag: Schema.Literal("vote"), term: Schema.Number });
const Message = Schema.Union([Ask, Vote]);
type Message = typeof Message.Type;

const State = Schema.Struct({
  term: Schema.Number,
  votedFor: Schema.NullOr(NodeId),
  votes: SetOf(NodeId),
  leads: Schema.Boolean,
});
type State = typeof State.Type;
type Stable = Pick<State, "term" | "votedFor">;
type Timer = "election";
type Out = Outcomes<State, Message, Timer>;

const fresh: State = { term: 0, votedFor: null, votes: [], leads: false };
const armed: Effect<Message, Timer> = { kind: "set-timer", timer: "election" };

function out(
  state: State,
  effects: readonly Effect<Message, Timer>[] = [],
  events: readonly Event[] = [],
): Out {
  return [{ state, effects, events }];
}

function start({ self }: Context, state: State): Out {
  if (state.leads) return out(state);
  const term = state.term + 1;
  const candidate: State = { term, votedFor: self, votes: [self], leads: false };
  return out(candidate, [armed, { kind: "broadcast", message: { tag: "ask", term } }]);
}

function asked(before: State, from: NodeId, term: number): Out {
  const state: State = term > before.term ? { ...fresh, term } : before;
  if (term < state.term) return out(state);
  if (state.votedFor !== null && state.votedFor !== from) return out(state);
  return out({ ...state, votedFor: from }, [{ kind: "send", to: from, message: { tag: "vote", term } }]);
}

function voted({ self, config }: Context, state: State, from: NodeId, term: number): Out {
  if (term !== state.term || state.votedFor !== self || state.leads) return out(state);
  const votes = state.votes.includes(from) ? state.votes : [...state.votes, from];
  if (votes.length < quorum(config)) return out({ ...state, votes });
  return out({ ...state, votes, leads: true }, [], [{ kind: "custom", name: "leads", data: term }]);
}

function quorum({ replicas }: Config): number {
  return Math.floor(replicas / 2) + 1;
}

const server: Behaviour<State, Message, Timer, string, Stable> = {
  state: State,
  init: (_, from) => out(from.kind === "start" ? fresh : { ...fresh, ...from.stable }, [armed]),
  step: (context, state, input) => {
    switch (input.kind) {
      case "timer":
        return start(context, state);
      case "message":
        return input.message.tag === "ask"
          ? asked(state, input.from, input.message.term)
          : voted(context, state, input.from, input.message.term);
      case "request":
        return out(state);
    }
  },
  stable: ({ term, votedFor }) => ({ term, votedFor }),
  view: ({ term }) => term,
};

const protocol: Protocol<Message, string> = {
  name: "raft-election",
  summary: "Raft's election of a leader for each term",
  message: Message,
  nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: server })),
  requests: () => [],
  digest: (request) => request,
};
export default protocol;
