// Raft's election (Ongaro and Ousterhout, 2014, section 5.2): at most one leader in each term. Nobody lies; servers crash and restart:
// `turncoat check ./examples/raft-election.ts --adversary none --replicas 4 --terms 1 --property one-leader --mutants`.

import * as Schema from "effect/Schema";
import { defineProtocol, monitor, NodeId, type Property, reply, SetOf } from "turncoat";
import { including, majority, type StateOf } from "turncoat/vocabulary";

const Term = { term: Schema.Number };
const State = { ...Term, votedFor: Schema.NullOr(NodeId), votes: SetOf(NodeId), leads: Schema.Boolean };
const fresh: StateOf<typeof State> = { term: 0, votedFor: null, votes: [], leads: false };

const raft = defineProtocol({
  name: "raft-election",
  summary: "Raft's election of a leader for each term",
  vocabulary: { views: "terms", slots: null },
  resilience: "crash",
  messages: { ask: Term, vote: Term },
  state: State,
  initial: fresh,
  stable: ["term", "votedFor"],
  requests: () => [],
  rules: {
    quorum: majority,
    mayVote: (votedFor: string | null, candidate: string) => votedFor === null || votedFor === candidate,
  },
  view: (state) => state.term,
  onStart: (_, state) => reply(state).setTimer("election"),
  onTimer: {
    election({ self }, state) {
      if (state.leads) return state;
      const term = state.term + 1;
      const candidate = { term, votedFor: self, votes: [self], leads: false };
      return reply(candidate).setTimer("election").broadcast({ tag: "ask", term });
    },
  },
  on: {
    ask({ rules }, before, { from, message: { term } }) {
      const state = term > before.term ? { ...fresh, term } : before;
      if (term < state.term || !rules.mayVote(state.votedFor, from)) return state;
      return reply({ ...state, votedFor: from }).send(from, { tag: "vote", term });
    },
    vote({ self, config, rules }, state, { from, message: { term } }) {
      if (term !== state.term || state.votedFor !== self || state.leads) return state;
      const votes = including(state.votes, from);
      if (votes.length < rules.quorum(config)) return { ...state, votes };
      return reply({ ...state, votes, leads: true }).shows("leads", term);
    },
  },
});
export default raft;

export const mutants = {
  "half-is-enough": raft.with({
    flaw: "half of the servers elect a leader",
    rules: { quorum: ({ replicas }) => Math.floor(replicas / 2) },
  }),
  "votes-twice": raft.with({
    flaw: "a server votes for everybody who asks",
    rules: { mayVote: () => true },
  }),
};

const oneLeader: Property = {
  name: "one-leader",
  summary: "no term has two leaders",
  kind: "always",
  observes: "replicas",
  exercise: "some server must have become a leader",
  monitor: () =>
    monitor<readonly (readonly [term: number, leader: string])[]>({
      init: [],
      on: (leaders, by, event) =>
        event.kind !== "custom" ||
        event.name !== "leads" ||
        leaders.some(([t, l]) => t === event.data && l === by)
          ? leaders
          : [...leaders, [Number(event.data), by] as const].sort(),
      verdict: (leaders) =>
        new Set(leaders.map(([term]) => term)).size < leaders.length ? "violated" : "holds",
      exercised: (leaders) => leaders.length,
      explain: (leaders) => `leaders: ${leaders.map(([term, who]) => `${who} in term ${term}`).join(", ")}`,
    }),
};
export const properties = [oneLeader];
