// The example of a common coin: the flaw of MMR14 is a lasso on which both sides of the coin are undone, and its repaired form holds.

import test from "ava";
import { binaryAgreement, properties } from "../../examples/common-coin.js";
import { agreement } from "../../properties/agreement.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { replayIn } from "../../src/trace/replay.js";

const setting = (bindsFirst: boolean): Setting => ({
  protocol: binaryAgreement(bindsFirst) as unknown as Setting["protocol"],
  config: { replicas: 3, faults: 0, requests: 1, slots: 1, clients: false },
  byzantine: [],
  adversary: null,
  network: "once",
  bounds: { views: 0 },
  properties: [agreement, ...properties],
});

test("a scheduler that sees the coin before all estimates are fixed undoes it for ever", async (t) => {
  const { verdict, states, counterexample } = await search(setting(false));
  t.is(verdict, "violated");
  const { property, actions, loop = [] } = counterexample!;
  t.deepEqual([property, states, actions.length, loop.length], ["everyone-decides", 30549, 3, 108]);
  const choices = new Set(loop.map((action) => "choice" in action && action.choice));
  t.true(choices.has("coin 0") && choices.has("coin 1"));
  t.is(replayIn(setting(false), property, counterexample!).outcome, "reproduced");
});

test("where the value is bound before the coin falls, everyone decides with probability 1, and alike", async (t) => {
  const { verdict, states, properties: results } = await search(setting(true));
  t.deepEqual([verdict, states], ["holds", 32997]);
  t.deepEqual(
    results.map((result) => result.verdict),
    ["holds", "holds"],
  );
});
