// An election by votes, with a predicate on states as its property, and the flaw that it shows.
import * as Schema from "effect/Schema";
import { defineProtocol, NodeId, reply, SetOf } from "turncoat";
import { invariant } from "turncoat/properties";

const protocol = defineProtocol({
  name: "election",
  summary: "whoever has the votes of a majority leads",
  messages: { ask: {}, vote: {} },
  state: { votedFor: Schema.NullOr(NodeId), votes: SetOf(NodeId), leads: Schema.Boolean },
  initial: { votedFor: null, votes: [], leads: false },
  requests: ["A"],
  rules: { mayVote: (votedFor: string | null) => votedFor === null },
  interchangeable: ({ replicas }) => [Array.from({ length: replicas }, (_, index) => `r${index}`)],
  onStart: (_, state) => reply(state).setTimer("stand"),
  onTimer: {
    stand: ({ self, rules }, state) =>
      rules.mayVote(state.votedFor)
        ? reply({ ...state, votedFor: self, votes: [self] }).broadcast({ tag: "ask" })
        : reply(state),
  },
  on: {
    ask: ({ rules }, state, { from }) =>
      rules.mayVote(state.votedFor)
        ? reply({ ...state, votedFor: from }).send(from, { tag: "vote" })
        : reply(state),
    vote: ({ config }, state, { from }) => {
      const votes = [...new Set([...state.votes, from])];
      return reply({ ...state, votes, leads: votes.length * 2 > config.replicas });
    },
  },
});
export default protocol;

export const mutants = { "votes-twice": { rules: { mayVote: () => true } } };

export const properties = [
  invariant("at most one leader", (nodes) => nodes.filter(({ state }) => state).length <= 1, {
    sees: ({ leads }: { readonly leads: boolean }) => leads,
    exercised: (nodes) => nodes.some(({ state }) => state),
    exercise: "a replica must lead",
  }),
];
