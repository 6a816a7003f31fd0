// Echo broadcast, the first half of Bracha's reliable broadcast (1987). The sender, r0, broadcasts a value;
// every replica echoes the first value from the sender; a replica with enough equal echoes delivers their
// value. Correct replicas must never deliver different values, even if the sender lies. How many echoes are
// enough? Here, too few: `turncoat check ./examples/broadcast.ts --adversary arbitrary --byzantine r0` shows
// the consequence.

import * as Schema from "effect/Schema";
import type { Adversary, Behaviour, Config, Context, Event, Protocol, Step } from "turncoat";
import { NodeId, replicaIds, SetOf } from "turncoat";

const Message = Schema.Struct({ tag: Schema.Literals(["send", "echo"]), value: Schema.String });
type Message = typeof Message.Type;

const State = Schema.Struct({
  echoed: Schema.Boolean,
  delivered: Schema.Boolean,
  /** The first echo of each replica, its own included. */
  echoes: SetOf(Schema.Struct({ from: NodeId, value: Schema.String })),
});
type State = typeof State.Type;
type Turn = Step<State, Message>;

const sender = "r0";
const initial: State = { echoed: false, delivered: false, echoes: [] };
const nothing = (state: State): Turn => ({ state, effects: [], events: [] });

/** Enough that at least one is a correct replica's: then the sender has really sent the value. */
export const weakQuorum = ({ faults }: Config) => faults + 1;
/** Enough that any two such sets share a correct replica, which echoes one value only. */
export const quorum = ({ replicas, faults }: Config) => Math.floor((replicas + faults) / 2) + 1;

export function broadcast(echoesNeeded: (config: Config) => number): Protocol<Message, string> {
  const replica: Behaviour<State, Message, string, string, State> = {
    state: State,
    init: () => [nothing(initial)],
    step: (context, state, input) => {
      if (input.kind === "request" && context.self === sender)
        return [say(context, state, ["send", "echo"], input.request)];
      if (input.kind !== "message") return [nothing(state)];
      const { tag, value } = input.message;
      if (tag === "echo") return [hear(context, state, input.from, value)];
      return [input.from === sender ? say(context, state, ["echo"], value) : nothing(state)];
    },
    stable: (state) => state,
  };

  /** Broadcasts the value, and receives its own echo. */
  function say(context: Context, state: State, tags: Message["tag"][], value: string): Turn {
    if (state.echoed) return nothing(state);
    const heard = hear(context, { ...state, echoed: true }, context.self, value);
    return { ...heard, effects: tags.map((tag) => ({ kind: "broadcast", message: { tag, value } })) };
  }

  /** Counts the first echo of each replica, and delivers a value once it has enough. */
  function hear({ config }: Context, state: State, from: NodeId, value: string): Turn {
    if (state.echoes.some((echo) => echo.from === from)) return nothing(state);
    const echoes = [...state.echoes, { from, value }];
    if (echoes.filter((echo) => echo.value === value).length < echoesNeeded(config))
      return nothing({ ...state, echoes });
    const event: Event = state.delivered
      ? { kind: "custom", name: "committed-again", data: value } // puts the property `integrity` to the test
      : { kind: "executed", slot: 1, position: 1, request: value, result: null };
    return { state: { ...state, echoes, delivered: true }, effects: [], events: [event] };
  }

  return {
    name: "broadcast",
    summary: "echo broadcast of one value by r0",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour: replica })),
    requests: ({ requests }) => ["apple", "pear", "plum"].slice(0, requests),
    digest: (value) => value,
  };
}

/**
 * Sends and echoes anything. A Byzantine sender sends any value; any other replica lies about what it
 * received.
 */
const arbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "sends and echoes any value, different ones to different replicas",
  strength: 2,
  forwards: false, // messages are not signed: there is nothing to pass on in somebody else's name
  speaks: true,
  canMove: () => true,
  observes: () => false,
  moves: ({ self, config }) => {
    const values = [...protocol.requests(config), ...(self === sender ? [] : ["never said"])];
    return values.flatMap((value): Message[] => [
      { tag: "send", value },
      { tag: "echo", value },
    ]);
  },
};

const protocol = broadcast(weakQuorum); // FLAW: two weak quorums need not share anybody. To fix it: broadcast(quorum)

export default protocol;
export const adversaries = [arbitrary];
