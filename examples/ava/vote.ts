import * as Schema from "effect/Schema";
import { type Adversary, type Config, defineProtocol, NodeId, reply, SetOf } from "turncoat";

const votesNeeded = ({ replicas, faults }: Config) => Math.floor((replicas + faults) / 2) + 1;

const protocol = defineProtocol({
  name: "vote",
  summary: "every replica votes for the first request that it gets",
  messages: { vote: { value: Schema.String } },
  state: {
    /** The first vote of each replica, its own included. */
    votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })),
    decided: Schema.Boolean,
  },
  initial: { votes: [], decided: false },
  requests: ["apple", "pear", "plum"],
  step({ self, config }, state, input) {
    if (input.kind === "timer") return state;
    const [from, value] =
      input.kind === "request" ? [self, input.request] : [input.from, input.message.value];
    if (state.votes.some((vote) => vote.from === from)) return state;
    const votes = [...state.votes, { from, value }];
    const equal = votes.filter((vote) => vote.value === value).length;
    const decides = !state.decided && equal >= votesNeeded(config);
    const counted = reply({ votes, decided: state.decided || decides });
    const told = from === self ? counted.broadcast({ tag: "vote", value }) : counted;
    return decides ? told.executed({ request: value }) : told;
  },
});
export default protocol;

/** A Byzantine replica votes for anything, and differently to different replicas. */
const arbitrary: Adversary<{ tag: "vote"; value: string }> = {
  name: "arbitrary",
  summary: "votes for any value, and for one that nobody has asked for",
  strength: 2, // stronger than silent, which has 1
  speaks: true,
  forwards: false,
  canMove: () => true,
  observes: () => false,
  moves: ({ config }) =>
    [...protocol.requests(config), "never asked"].map((value) => ({ tag: "vote", value })),
};
export const adversaries = [arbitrary];
