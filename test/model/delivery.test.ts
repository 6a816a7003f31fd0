// Who can receive what on the `async` network: what was sent to it, at any time and any number of times.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { actor } from "../../src/model/action.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import type { Adversary, Effect, Json } from "../../src/protocol/index.js";
import { type Toy, to, toySetting } from "../support/toy.js";

/** r0 does this at its start; everybody counts the messages that arrive, up to two. */
function r0Starts(...effects: readonly Effect<Json>[]): Toy {
  return {
    init: ({ self }) => to(0, self === "r0" ? effects : []),
    step: (_context, state, input) =>
      to(input.kind === "message" ? Math.min((state as number) + 1, 2) : state),
  };
}

const three = { config: { replicas: 3, faults: 0, requests: 0, slots: 0, clients: false } };

/** The receivers of all deliveries that are possible at the start. */
function receivers(toy: Toy, changes = {}): readonly string[] {
  const system = new TransitionSystem(toySetting(toy, { ...three, ...changes }));
  const walk = new Walk(system, system.initial()[0]!);
  const successors = walk.successors();
  return Array.from({ length: successors.length }, (_, index) => {
    const action = system.reactions.action(successors.node(index), successors.cause(index));
    return action.kind === "timer" ? "a timer" : `${action.kind} to ${actor(action)}`;
  });
}

test("a message reaches the one that it was sent to", (t) => {
  t.deepEqual(receivers(r0Starts({ kind: "send", to: "r2", message: "hi" })), ["deliver to r2"]);
});

test("a broadcast reaches all replicas but its sender", (t) => {
  t.deepEqual(receivers(r0Starts({ kind: "broadcast", message: "hi" })), ["deliver to r1", "deliver to r2"]);
});

test("a message to oneself arrives like any other", (t) => {
  t.deepEqual(receivers(r0Starts({ kind: "send", to: "r0", message: "hi" })), ["deliver to r0"]);
});

test("a message to somebody who does not exist is a mistake", (t) => {
  const error = t.throws(() => receivers(r0Starts({ kind: "send", to: "r7", message: "hi" })));
  t.is(error!.message, 'r0 returned something malformed: a message to "r7", which is no node, at its start.');
});

test("a message can be delivered more than once", async (t) => {
  const setting = toySetting(r0Starts({ kind: "send", to: "r1", message: "hi" }));
  t.is((await search(setting, { reduction: "none" })).states, 3);
});

test("equal messages of two senders are two actions with one outcome", async (t) => {
  const toy: Toy = {
    init: ({ self }) => to(0, self === "r2" ? [] : [{ kind: "send", to: "r2", message: "hi" }]),
    step: (_context, _state, input) => to(input.kind === "message" ? 1 : 0),
  };
  const { states, transitions } = await search(toySetting(toy, three), { reduction: "none" });
  t.deepEqual([states, transitions], [2, 2]);
});

test("of two timers that are set, each may fire, and then it is no longer set", async (t) => {
  const toy: Toy = {
    init: () =>
      to(
        [],
        [
          { kind: "set-timer", timer: "a" },
          { kind: "set-timer", timer: "b" },
        ],
      ),
    step: (_context, state, input) =>
      to(input.kind === "timer" ? [...(state as string[]), input.timer] : state),
  };
  const one = { config: { ...three.config, replicas: 1 } };
  // Nothing, a, b, ab, ba.
  t.is((await search(toySetting(toy, one), { reduction: "none" })).states, 5);
});

test("a cancelled timer does not fire, and one that was set again does", (t) => {
  const set = { kind: "set-timer", timer: "a" } as const;
  const cancel = { kind: "cancel-timer", timer: "a" } as const;
  const toy = (...effects: readonly Effect<Json>[]): Toy => ({
    init: ({ self }) => to(0, self === "r0" ? effects : []),
    step: () => to(1),
  });
  t.deepEqual(receivers(toy(set, cancel)), []);
  t.deepEqual(receivers(toy(set, cancel, set)), ["a timer"]);
});

/** Injects "learned" once it can show what r0 has signed. */
const listener: Adversary<Json> = {
  name: "listener",
  summary: "tells what it has heard",
  strength: 1,
  forwards: false,
  speaks: true,
  canMove: () => true,
  observes: () => true,
  moves: (_place, knowledge) => (knowledge.statements().length > 0 ? ["learned"] : []),
};

for (const [how, effect] of [
  ["sent to it alone", { kind: "send", to: "r2" }],
  ["sent to somebody else", { kind: "send", to: "r1" }],
  ["broadcast", { kind: "broadcast" }],
] as const)
  test(`the adversary learns what was ${how}`, (t) => {
    const message = { tag: "signed", signer: "r0", body: "secret" };
    const injected = receivers(r0Starts({ ...effect, message }), { byzantine: ["r2"], adversary: listener });
    t.deepEqual(
      injected.filter((action) => action.startsWith("inject")),
      ["inject to r0", "inject to r1"],
    );
  });
