// A protocol whose messages have authenticators instead of signatures: r1 gives an order to all, and whoever is convinced of an order follows it.
// With the flaw `unchecked` nodes follow any order in the name of r1, whether or not its MAC for them is right.

import * as Schema from "effect/Schema";
import {
  authenticate,
  type Behaviour,
  type Protocol,
  replicaIds,
  SignedOf,
  type Step,
} from "../../src/protocol/index.js";

const Message = SignedOf(Schema.Struct({ tag: Schema.Literal("order"), value: Schema.String }));
type Message = typeof Message.Type;
const State = Schema.Struct({ followed: Schema.Boolean });
type State = typeof State.Type;

/** `from`: whose orders are followed. */
export function authenticated(from: "r1" | "anybody", isChecked = true): Protocol<Message, string> {
  const behaviour: Behaviour<State, Message, never, string, State> = {
    state: State,
    init: ({ self, config }) => [
      {
        state: { followed: false },
        effects:
          self === "r1"
            ? [
                {
                  kind: "broadcast",
                  message: authenticate(self, { tag: "order", value: "A" }, replicaIds(config)),
                },
              ]
            : [],
        events: [],
      },
    ],
    step: ({ self }, state, input): readonly Step<State, Message, never>[] => {
      const nothing = { state, effects: [], events: [] };
      if (input.kind !== "message" || state.followed) return [nothing];
      const { signer, body, convinces } = input.message;
      if ((from === "r1" && signer !== from) || (isChecked && !convinces?.includes(self))) return [nothing];
      return [
        {
          state: { followed: true },
          effects: [],
          events: [{ kind: "executed", slot: 1, position: 1, request: body.value, result: null }],
        },
      ];
    },
    stable: (state) => state,
  };
  return {
    name: "authenticated",
    summary: "follows orders that convince it",
    message: Message,
    nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
    requests: ({ requests }) => ["A", "B"].slice(0, requests),
    digest: (value) => value,
  };
}
