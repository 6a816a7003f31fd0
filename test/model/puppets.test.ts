// What a Byzantine node that runs the protocol's own steps may do, one rule at a time.

import test from "ava";
import { actor } from "../../src/model/action.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { type Adversary, type Json, type StepFaults, sign } from "../../src/protocol/index.js";
import { everythingSeen } from "../support/random-protocol.js";
import { seen, type Toy, to, toySetting } from "../support/toy.js";

const signed = (signer: string, body: Json) => sign(signer, body) as unknown as Json;

/** r0 and r1 tell everybody something at their start, r1 is Byzantine; everybody counts what arrives, up to two, and shows it. */
const toy: Toy = {
  init: ({ self }) =>
    to(0, self === "r2" ? [] : [{ kind: "broadcast", message: signed(self, `${self} here`) }]),
  step: (_context, state, input) =>
    input.kind === "message" && (state as number) < 2
      ? to((state as number) + 1, [], [seen("heard")])
      : to(state),
};

const three = { replicas: 3, faults: 1, requests: 0, slots: 0, clients: false };

function settingWith(stepFaults: StepFaults<Json>, changes: Partial<Adversary<Json>> = {}, bounds = {}) {
  const adversary: Adversary<Json> = {
    name: "puppeteer",
    summary: "",
    strength: 1,
    forwards: false,
    speaks: true,
    canMove: () => true,
    observes: () => false,
    moves: () => [],
    stepFaults,
    ...changes,
  };
  return toySetting(toy, {
    config: three,
    byzantine: ["r1"],
    adversary,
    bounds: { views: 0, ...bounds },
    properties: [everythingSeen],
  });
}

/** Everything that can happen at the start. */
function possible(setting: ReturnType<typeof settingWith>): readonly string[] {
  const system = new TransitionSystem(setting);
  const walk = new Walk(system, system.initial()[0]!);
  const successors = walk.successors();
  return Array.from({ length: successors.length }, (_, index) => {
    const action = system.reactions.action(successors.node(index), successors.cause(index));
    const message = "message" in action ? (action.message as { signer: string; body: string }) : null;
    return `${action.kind} to ${actor(action)}${message ? `: ${message.body} (${message.signer})` : ""}`;
  });
}

const plain = ["inject to r0: r1 here (r1)", "inject to r2: r1 here (r1)", "deliver to r2: r0 here (r0)"];

test("a puppet hears what is sent to it, and others may hear what it sends", (t) => {
  t.deepEqual(
    [...possible(settingWith({}))].sort(),
    [...plain.slice(2), "deliver to r1: r0 here (r0)", ...plain.slice(0, 2)].sort(),
  );
});

test("both copies hear what is sent to the one that they are", (t) => {
  const heard = possible(settingWith({ copies: 2 })).filter((action) => action.includes("r0 here"));
  t.deepEqual(heard, [
    "deliver to r2: r0 here (r0)",
    "deliver to r1: r0 here (r0)",
    "deliver to r1': r0 here (r0)",
  ]);
});

test("properties see nothing of what a puppet does", (t) => {
  const system = new TransitionSystem(settingWith({ copies: 2 }));
  const walk = new Walk(system, system.initial()[0]!);
  const message = signed("r0", "r0 here");
  const observed = () => walk.vector.at(-1);
  const before = observed();
  t.true(walk.perform({ kind: "deliver", from: "r0", to: "r1'", message }));
  t.is(observed(), before);
  t.true(walk.perform({ kind: "deliver", from: "r0", to: "r2", message }));
  t.not(observed(), before);
});

test("nothing that a puppet does is owed, unless it owes it", (t) => {
  const owed = (stepFaults: StepFaults<Json>) => {
    const system = new TransitionSystem(settingWith(stepFaults));
    return new Walk(system, system.initial()[0]!).successors().obligatory;
  };
  t.is(owed({}), 1, "r0's message to r2");
  t.is(owed({ owes: true }), 4, "both messages to both others");
});

test("of what a puppet may say instead, what it could not have signed is left out", (t) => {
  const says = () => [signed("r1", "lie"), signed("r0", "forged"), signed("r1", signed("r0", "nested"))];
  const said = possible(settingWith({ says })).filter((action) => action.startsWith("inject to r0"));
  t.deepEqual(said, ["inject to r0: r1 here (r1)"], "equal effects are listed once");
  const system = new TransitionSystem(settingWith({ says }));
  const walk = () => new Walk(system, system.initial()[0]!);
  const perform = (message: unknown, from: string) =>
    walk().perform({ kind: "inject", from, to: "r0", message: message as Json });
  t.true(perform(signed("r1", "lie"), "r1"));
  t.false(perform(signed("r0", "forged"), "r0"));
  t.false(perform(signed("r1", signed("r0", "nested")), "r1"));
});

test("a puppet that forgets begins anew; others do not, and puppets do not crash", (t) => {
  const system = new TransitionSystem(settingWith({ forgets: true }, {}, { crashes: 1 }));
  const walk = new Walk(system, system.initial()[0]!);
  const message = signed("r0", "r0 here");
  t.false(walk.perform({ kind: "restart", node: "r1" }), "it has nothing to forget yet");
  t.false(walk.perform({ kind: "crash", node: "r1" }));
  t.true(walk.perform({ kind: "deliver", from: "r0", to: "r1", message }));
  t.true(walk.perform({ kind: "restart", node: "r1" }));
  t.deepEqual([...walk.vector], [...system.initial()[0]!.vector]);
  t.true(walk.perform({ kind: "crash", node: "r0" }));
  const other = new TransitionSystem(settingWith({}));
  const begun = new Walk(other, other.initial()[0]!);
  t.true(begun.perform({ kind: "deliver", from: "r0", to: "r1", message }));
  t.false(begun.perform({ kind: "restart", node: "r1" }));
});

test("what an adversary makes up or passes on does not reach its own puppets", (t) => {
  const loud = { forwards: true, moves: () => [signed("r1", "made up")] };
  const reached = possible(settingWith({}, loud)).filter((action) => action.includes("to r1"));
  t.deepEqual(reached, ["deliver to r1: r0 here (r0)"]);
});
