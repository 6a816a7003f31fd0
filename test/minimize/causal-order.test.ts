import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { performInCausalOrder } from "../../src/minimize/causal-order.js";
import type { Action } from "../../src/model/action.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { pbftSetting } from "../support/settings.js";
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
  const proposal: Action = { ...c, to: "r3" } as Action;
  const message = {
    tag: "signed",
    signer: "r2",
    body: { tag: "commit", view: 0, slot: 1, digest: "c1:1:B" },
  };
  const delivery: Action = { kind: "deliver", from: "r2", to: "r3", message };
  t.true(performInCausalOrder(walk, [c, proposal, delivery, a]));
  t.deepEqual(walk.actions, [a, c, proposal, delivery]);
});

test("the steps of one node keep their order, also where the later one is possible first", async (t) => {
  const { actions } = await start();
  const walk = Walk.begin(new TransitionSystem(pbftSetting("arbitrary", "r0")), {})!;
  const proposed = ["r1", "r2", "r3"].map((to) => ({ ...actions[0]!, to }) as Action);
  const vote = (tag: string, from: string, to: string) => {
    const body = { tag, view: 0, slot: 1, digest: "c0:1:A" };
    return { kind: "deliver", from, to, message: { tag: "signed", signer: from, body } } as Action;
  };
  const prepared = [vote("prepare", "r2", "r1"), vote("prepare", "r3", "r2"), vote("prepare", "r2", "r3")];
  const commits = [vote("commit", "r3", "r1"), vote("commit", "r2", "r1")];
  t.true(performInCausalOrder(walk, [...proposed, ...prepared, ...commits]));
  t.deepEqual(walk.actions, [...proposed, ...prepared, ...commits]);
});

test("an action that never becomes possible is reported", async (t) => {
  const { walk, actions } = await start();
  t.false(performInCausalOrder(walk, [actions[0]!, actions[0]!]));
});
