import * as Schema from "effect/Schema";
import {
  type Adversary,
  type Behaviour,
  type Config,
  NodeId,
  type Protocol,
  replicaIds,
  SetOf,
} from "../../../src/index.js";

const Message = Schema.Struct({ tag: Schema.Literal("vote"), value: Schema.String });
type Message = typeof Message.Type;

const State = Schema.Struct({
  /** The first vote of each replica, its own included. */
  votes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })),
  decided: Schema.Boolean,
});
type State = typeof State.Type;

const votesNeeded = ({ replicas, faults }: Config) => Math.floor((replicas + faults) / 2) + 1;

const replica: Behaviour<State, Message, never, string, State> = {
  state: State,
  init: () => [{ state: { votes: [], decided: false }, effects: [], events: [] }],
  step: ({ self, config }, state, input) => {
    if (input.kind === "timer") return [{ state, effects: [], events: [] }];
    const [from, value] =
      input.kind === "request" ? [self, input.request] : [input.from, input.message.value];
    if (state.votes.some((vote) => vote.from === from)) return [{ state, effects: [], events: [] }];
    const votes = [...state.votes, { from, value }];
    const equal = votes.filter((vote) => vote.value === value).length;
    const decides = !state.decided && equal >= votesNeeded(config);
    return [
      {
        state: { votes, decided: state.decided || decides },
        effects: from === self ? [{ kind: "broadcast", message: { tag: "vote", value } }] : [],
        events: decides ? [{ kind: "executed", slot: 1, position: 1, request: value, result: null }] : [],
      },
    ];
  },
  stable: (state) => state,
};

const protocol: Protocol<Message, string> = {
  name: "vote",
  summary: "every replica votes for the first request that it gets",
  message: Message,
  nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: replica })),
  requests: ({ requests }) => ["apple", "pear", "plum"].slice(0, requests),
  digest: (value) => value,
};
export default protocol;

/** A Byzantine replica votes for anything, and differently to different replicas. */
const arbitrary: Adversary<Message> = {
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
