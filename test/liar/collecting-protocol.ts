// Protocols in which a vote that no correct node joins comes to something all the same: nodes collect values, and decide for one.

import * as Schema from "effect/Schema";
import {
  type Behaviour,
  NodeId,
  type Protocol,
  replicaIds,
  SetOf,
  type Step,
} from "../../src/protocol/index.js";

const Message = Schema.Struct({ tag: Schema.Literal("value"), value: Schema.String, number: Schema.Number });
const State = Schema.Struct({ heard: SetOf(Schema.Struct({ from: NodeId, what: Schema.String })) });
type State = typeof State.Type;
type Message = typeof Message.Type;

/**
 * What makes a node decide, with the flaw. `timer`: its timer does, for the greatest value that it has heard. `message`: a message with the
 * number 1, from r0, does so. `repeated`: three messages with one value do, and one node may send the same one three times. `numbered`: the
 * same, but only messages with different numbers count. `senders`: the same, with different senders, which is right.
 */
export type Decides = "timer" | "message" | "repeated" | "numbered" | "senders";

/** All nodes say A; r0 also says that it is time. */
export function collecting(decides: Decides): Protocol<Message, string> {
  const keyOf: Record<Decides, (message: Message, before: number) => string> = {
    timer: ({ value }) => value,
    message: ({ value }) => value,
    repeated: ({ value }, before) => `${value} ${before}`,
    numbered: ({ value, number }) => `${value} ${number}`,
    senders: ({ value }) => value,
  };
  const decided = (value: string): Step<State, Message, "t"> => ({
    state: { heard: [] },
    effects: [],
    events: [{ kind: "executed", slot: 1, position: 1, request: value, result: null }],
  });
  const greatest = ({ heard }: State) =>
    heard
      .map(({ what }) => what)
      .sort()
      .at(-1) ?? "A";
  const behaviour: Behaviour<State, Message, "t", string, State> = {
    state: State,
    init: ({ self }) => [
      {
        state: { heard: [] },
        effects: [
          { kind: "set-timer", timer: "t" },
          { kind: "broadcast", message: { tag: "value", value: "A", number: 0 } },
          ...(self === "r0"
            ? [{ kind: "broadcast" as const, message: { tag: "value" as const, value: "A", number: 1 } }]
            : []),
        ],
        events: [],
      },
    ],
    step: (_, state, input) => {
      const nothing: Step<State, Message, "t"> = { state, effects: [], events: [] };
      if (input.kind === "timer") return [decides === "timer" ? decided(greatest(state)) : nothing];
      if (input.kind !== "message") return [nothing];
      const { from, message } = input;
      if (decides === "message" && from === "r0" && message.number === 1) return [decided(greatest(state))];
      const what = keyOf[decides](message, state.heard.length);
      const others = state.heard.filter((vote) => vote.from !== from || vote.what !== what);
      const heard = [...others, { from, what }];
      const alike = heard.filter((vote) => vote.what.split(" ")[0] === message.value.split(" ")[0]);
      return [
        !["timer", "message"].includes(decides) && alike.length >= 3
          ? decided(message.value)
          : { ...nothing, state: { heard } },
      ];
    },
    stable: (state) => state,
  };
  return {
    name: `collecting/${decides}`,
    summary: "decides for what it has collected",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: ({ requests }) => ["A", "B"].slice(0, requests),
    digest: (value) => value,
  };
}
