// r0 greets r1 and is done when r1 answers. r1 answers only once it is awake, and forgets what came before: live where a greeting comes
// again for ever, and stuck where each message comes once.

import * as Schema from "effect/Schema";
import { type Behaviour, type Property, type Protocol, replicaIds } from "turncoat";

const Message = Schema.Literals(["greeting", "answer"]);
type Message = typeof Message.Type;
const State = Schema.Struct({ awake: Schema.Boolean, done: Schema.Boolean });
type State = typeof State.Type;

const behaviour: Behaviour<State, Message, "wake", string, State> = {
  state: State,
  init: ({ self }) => [
    {
      state: { awake: false, done: self !== "r0" },
      effects: [{ kind: "set-timer", timer: "wake" }],
      events: [],
    },
  ],
  step: ({ self }, state, input) => {
    if (input.kind === "timer") return [{ state: { ...state, awake: true }, effects: [], events: [] }];
    if (input.kind === "request")
      return [
        {
          state,
          effects: self === "r0" ? [{ kind: "send", to: "r1", message: "greeting" }] : [],
          events: [],
        },
      ];
    if (input.message === "greeting")
      return [
        { state, effects: state.awake ? [{ kind: "send", to: "r0", message: "answer" }] : [], events: [] },
      ];
    if (state.done) return [{ state, effects: [], events: [] }];
    return [
      {
        state: { ...state, done: true },
        effects: [],
        events: [{ kind: "executed", slot: 1, position: 1, request: "hello", result: null }],
      },
    ];
  },
  stable: (state) => state,
};

const greeted: Property = {
  name: "greeted",
  summary: "r0 is answered in the end",
  kind: "eventually",
  observes: "replicas",
  exercise: "r0 must have been answered",
  monitor: () => ({
    init: false,
    on: (met, _by, event) => met || event.kind === "executed",
    verdict: (met) => (met ? "holds" : "pending"),
    exercised: (met) => (met ? 1 : 0),
    explain: () => "r0 still waits for an answer",
  }),
};
export const properties = [greeted];

export default {
  name: "acknowledged",
  summary: "a greeting and its answer",
  message: Message,
  nodes: (config) => replicaIds(config).map((id) => ({ id, role: "replica", behaviour })),
  requests: () => ["hello"],
  digest: (value) => value,
} satisfies Protocol<Message, string>;
