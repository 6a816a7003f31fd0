// The smallest protocol in which a detour takes two steps: r0 says "arm", "flip" and "fire" once and for all; r1 goes off
// when "fire" comes after "arm", with its switch where it was at first. Any even number of flips changes nothing.

import * as Schema from "effect/Schema";
import type { Action } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import type { Behaviour, Property, Protocol } from "../../src/protocol/index.js";

const words = ["arm", "flip", "fire"] as const;
type Word = (typeof words)[number];
const Message = Schema.Struct({ tag: Schema.Union(words.map((word) => Schema.Literal(word))) });
type Message = typeof Message.Type;
const State = Schema.Struct({ armed: Schema.Boolean, flipped: Schema.Boolean });
type State = typeof State.Type;

const event = (name: string) => ({ kind: "custom", name, data: null }) as const;

function behaviour(speaks: boolean): Behaviour<State, Message> {
  const state = { armed: false, flipped: false };
  const effects = words.map((tag) => ({ kind: "broadcast", message: { tag } }) as const);
  return {
    state: State,
    stable: () => null,
    init: () => [{ state, effects: speaks ? effects : [], events: [] }],
    step: (_context, now, input) => {
      if (input.kind !== "message") return [{ state: now, effects: [], events: [] }];
      const { tag } = input.message;
      if (tag === "arm") return [{ state: { ...now, armed: true }, effects: [], events: [event("armed")] }];
      if (tag === "flip") return [{ state: { ...now, flipped: !now.flipped }, effects: [], events: [] }];
      return [{ state: now, effects: [], events: now.armed && !now.flipped ? [event("bang")] : [] }];
    },
  };
}

const protocol: Protocol<Message> = {
  name: "switchboard",
  summary: "goes off",
  message: Message,
  nodes: () => ["r0", "r1"].map((id) => ({ id, role: "replica", behaviour: behaviour(id === "r0") })),
  requests: () => [],
  digest: () => "",
};

/** Violated once an event of this name has been shown. */
export function never(name: string): Property {
  return {
    name: `never-${name}`,
    summary: `nothing is ever ${name}`,
    kind: "always",
    observes: "both",
    exercise: "nothing",
    monitor: () => ({
      init: false,
      on: (seen, _by, shown) => seen || (shown.kind === "custom" && shown.name === name),
      verdict: (seen) => (seen ? "violated" : "holds"),
      exercised: () => 1,
      explain: () => `${name} was seen`,
    }),
  };
}

/** Without an adversary; checks `never-armed` before `never-bang`. */
export const switchboard: Setting = {
  protocol: protocol as unknown as Setting["protocol"],
  config: { replicas: 2, faults: 0, requests: 0, slots: 0, clients: false },
  byzantine: [],
  adversary: null,
  network: "async",
  bounds: { views: 0 },
  properties: [never("armed"), never("bang")],
};

/** The delivery of a word to r1. */
export function hears(tag: Word): Action {
  return { kind: "deliver", from: "r0", to: "r1", message: { tag } };
}
