// A leader, r0, collects one vote of each node, and shows a list that proves a quorum: the signed votes themselves, or only the names.

import * as Schema from "effect/Schema";
import {
  type Config,
  defineProtocol,
  NodeId,
  reply,
  SetOf,
  SignedOf,
  sign,
} from "../../src/protocol/index.js";

const Vote = Schema.Struct({ tag: Schema.Literal("vote"), value: Schema.String });
const State = {
  voted: Schema.NullOr(Schema.String),
  votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })),
  decided: Schema.Boolean,
};
const initial = { voted: null, votes: [], decided: false };
const named = { summary: "a leader shows who has voted", requests: ["A", "B"], state: State, initial };

/** Of two lists of n-f signers one correct node is in both; of two lists of f+1 only a Byzantine one has to be. */
export const signing = (needed: (config: Config) => number) =>
  defineProtocol({
    ...named,
    name: "signing",
    messages: {
      vote: SignedOf(Schema.Struct({ value: Schema.String })),
      decide: { value: Schema.String, votes: SetOf(SignedOf(Vote)) },
    },
    onRequest({ self }, state, value) {
      if (state.voted !== null) return state;
      if (self === "r0") return { ...state, voted: value, votes: [{ from: self, value }] };
      return reply({ ...state, voted: value }).send("r0", sign(self, { tag: "vote", value }));
    },
    on: {
      vote({ self, config }, state, { from, message: { value } }) {
        if (self !== "r0" || state.decided || state.votes.some((vote) => vote.from === from)) return state;
        const votes = [...state.votes, { from, value }];
        const alike = votes.filter((vote) => vote.value === value);
        if (alike.length < needed(config)) return { ...state, votes };
        const proof = alike.map((vote) => sign(vote.from, { tag: "vote" as const, value }));
        return reply({ ...state, votes, decided: true })
          .broadcast({ tag: "decide", value, votes: proof })
          .executed({ request: value });
      },
      decide({ config }, state, { message: { value, votes } }) {
        const signers = new Set(votes.filter(({ body }) => body.value === value).map(({ signer }) => signer));
        if (state.decided || signers.size < needed(config)) return state;
        return reply({ ...state, decided: true }).executed({ request: value });
      },
    },
  });

/** Nobody has signed anything: the leader can name whom it likes. */
export const naming = defineProtocol({
  ...named,
  name: "naming",
  messages: { vote: { value: Schema.String }, decide: { value: Schema.String, voters: SetOf(NodeId) } },
  onRequest({ self }, state, value) {
    if (state.voted !== null) return state;
    if (self === "r0") return { ...state, voted: value, votes: [{ from: self, value }] };
    return reply({ ...state, voted: value }).send("r0", { tag: "vote", value });
  },
  on: {
    vote({ self, config }, state, { from, message: { value } }) {
      if (self !== "r0" || state.decided || state.votes.some((vote) => vote.from === from)) return state;
      const votes = [...state.votes, { from, value }];
      const voters = votes.filter((vote) => vote.value === value).map((vote) => vote.from);
      if (voters.length < config.replicas - config.faults) return { ...state, votes };
      return reply({ ...state, votes, decided: true })
        .broadcast({ tag: "decide", value, voters })
        .executed({ request: value });
    },
    decide({ config }, state, { from, message: { value, voters } }) {
      if (from !== "r0" || state.decided || voters.length < config.replicas - config.faults) return state;
      return reply({ ...state, decided: true }).executed({ request: value });
    },
  },
});
