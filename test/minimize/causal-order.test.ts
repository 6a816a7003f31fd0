import test from "ava";
import { settingFrom } from "../../src/catalogue.js";
import { performInCausalOrder } from "../../src/minimize/causal-order.js";
import type { Action } from "../../src/model/action.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { equivocation } from "../trace/fixtures.js";

async function start(): Promise<{ walk: Walk; actions: readonly Action[] }> {
  const trace = await equivocation();
  return {
    walk: Walk.begin(new TransitionSystem(await settingFrom(trace.setting)), {})!,
    actions: trace.actions,
  };
}

test("in each round every node makes its next step, in the order of the nodes", async (t) => {
  const { walk, actions } = await start();
  const [a, b, c, d] = actions as [Action, Action, Action, Action];
  t.true(performInCausalOrder(walk, [c, d, a, b]));
  t.deepEqual(walk.actions, [a, c, b, d]);
});

test("a delivery comes in a round after its sending", async (t) => {
  const { walk, actions } = await start();
  const [a, , c] = actions as [Action, Action, Action];
  const message = {
    tag: "signed",
    signer: "r2",
    body: { tag: "prepare", view: 0, slot: 1, digest: "c1:1:B" },
  };
  const delivery: Action = { kind: "deliver", from: "r2", to: "r3", message };
  t.true(performInCausalOrder(walk, [c, delivery, a]));
  t.deepEqual(walk.actions, [a, c, delivery]);
});

test("the steps of one node keep their order, also where the later one is possible first", async (t) => {
  const { walk, actions } = await start();
  const [a, b] = actions as [Action, Action];
  t.true(performInCausalOrder(walk, [b, a]));
  t.deepEqual(walk.actions, [b, a]);
});

test("an action that never becomes possible is reported", async (t) => {
  const { walk, actions } = await start();
  t.false(performInCausalOrder(walk, [actions[0]!, actions[0]!]));
});
