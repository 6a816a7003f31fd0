// Several counterexamples on request: distinct, each a shortest one of its kind, each of which replays.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { replay } from "../support/replay.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";

const flawed = (name: string) => pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant(name) });

test("the first of several counterexamples is the one that is found alone", async (t) => {
  const setting = flawed("quorum-2f");
  const alone = await search(setting, { reduction: "none" });
  const several = await search(setting, { reduction: "none", maxViolations: 3 });
  t.deepEqual(several.counterexamples[0], alone.counterexample!);
  t.deepEqual(several.counterexample, alone.counterexample);
  t.is(several.depth, alone.depth);
});

for (const [reduction, distinct] of [
  ["none", 5],
  ["visible-steps", 4],
] as const)
  test(`counterexamples differ in what happens, and each replays (${reduction})`, async (t) => {
    const setting = flawed("quorum-2f");
    const { counterexamples, verdict } = await search(setting, { reduction, maxViolations: 5 });
    t.is(verdict, "violated");
    t.is(counterexamples.length, distinct);
    const bags = counterexamples.map(
      ({ actions }) => actions.map((action) => (action.kind === "timer" ? action.timer : action.kind)).length,
    );
    t.deepEqual(
      bags,
      [...bags].sort((a, b) => a - b),
    );
    for (const counterexample of counterexamples) t.is(replay(setting, counterexample).at(-1), "agreement");
  });

test("a space with fewer distinct violations than asked for is exhausted", async (t) => {
  const setting = pbftSetting("silent", "r0", {
    protocol: pbftMutant("primary-forever"),
    config: { replicas: 4, faults: 1, requests: 1, slots: 1, clients: true },
    bounds: { views: 1 },
    properties: [(await import("../../properties/clients-are-served.js")).clientsAreServed],
  });
  const { counterexamples, frontier } = await search(setting, { reduction: "none", maxViolations: 100 });
  t.is(frontier, 0);
  t.is(counterexamples.length, 1);
});
