// Every replica votes for the first request that it gets, and executes one that has `enough` votes. With 3 of 4 that is safe among correct
// replicas; its mutants are not.

import * as Schema from "effect/Schema";
import { defineProtocol, NodeId, reply, SetOf } from "turncoat";

const Vote = Schema.Struct({ from: NodeId, value: Schema.String });

const eager = defineProtocol({
  name: "eager",
  summary: "votes once, and executes what has enough votes",
  messages: { vote: { value: Schema.String } },
  state: { votes: SetOf(Vote), done: Schema.Boolean },
  initial: { votes: [], done: false },
  parameters: { enough: { schema: Schema.Int, default: 3, help: "so many votes decide" } },
  rules: {
    mayVote: (self: string, votes: readonly (typeof Vote.Type)[]) => votes.every(({ from }) => from !== self),
    /** Two that nothing depends on: one that no mutant changes, and one that a mutant changes in vain. */
    untouched: () => true,
    harmless: () => true,
  },
  requests: (config) => ["A", "B"].slice(0, config.requests),
  onRequest({ self, config, rules }, state, value) {
    if (!rules.mayVote(self, state.votes)) return state;
    return count(config.set.enough, state, self, value).broadcast({ tag: "vote", value });
  },
  on: {
    vote: ({ config }, state, { from, message }) => count(config.set.enough, state, from, message.value),
  },
});
export default eager;

interface State {
  readonly votes: readonly (typeof Vote.Type)[];
  readonly done: boolean;
}

function count(enough: number, state: State, from: string, value: string) {
  if (state.votes.some((vote) => vote.from === from)) return reply(state);
  const votes = [...state.votes, { from, value }];
  const decides = !state.done && votes.filter((vote) => vote.value === value).length >= enough;
  const counted = reply({ votes, done: state.done || decides });
  return decides ? counted.executed({ request: value }) : counted;
}

export const mutants = {
  "two-votes": eager.with({ flaw: "two votes decide", set: { enough: 2 } }),
  /** As a plain object: a variation of the protocol that the module exports. */
  "one-vote": { set: { enough: 1 }, exposedBy: { adversaries: ["none"], properties: ["agreement"] } },
  "votes-again": { flaw: "a replica votes for every request", rules: { mayVote: () => true } },
  "no-harm": eager.with({ rules: { harmless: () => false } }),
};
