// Several counterexamples on request: distinct, each a shortest one of its kind, each of which replays.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { isLikeOneOf } from "../../src/verdict/distinct.js";
import { replay } from "../support/replay.js";
import { pbftMutant, pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { neverAfter, neverBoth } from "../support/toy-properties.js";

const flawed = (name: string) => pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant(name) });

test("the first of several counterexamples is the one that is found alone", async (t) => {
  const setting = flawed("quorum-2f");
  const alone = await search(setting, { reduction: "none" });
  const several = await search(setting, { reduction: "none", maxViolations: 3 });
  t.deepEqual(several.counterexamples[0], alone.counterexample!);
  t.deepEqual(several.counterexample, alone.counterexample);
  t.is(several.depth, alone.depth);
});

for (const reduction of ["none", "visible-steps"] as const)
  test(`counterexamples differ in what happens, and each replays (${reduction})`, async (t) => {
    const setting = flawed("quorum-2f");
    const { counterexamples, verdict, frontier } = await search(setting, { reduction, maxViolations: 5 });
    t.deepEqual([verdict, frontier, counterexamples.length], ["violated", 0, 2]);
    for (const [index, counterexample] of counterexamples.entries()) {
      const others = counterexamples.filter((_, other) => other !== index);
      t.false(isLikeOneOf(others, counterexample));
      t.true(isLikeOneOf(counterexamples, counterexample));
      t.is(replay(setting, counterexample).at(-1), "agreement");
    }
  });

test("a counterexample with something idle put in is not another one", (t) => {
  const timer = (name: string) => ({ kind: "timer", node: "r0", timer: name }) as const;
  const falls = (...timers: string[]) => ({
    property: "agreement",
    explanation: "",
    start: {},
    actions: timers.map(timer),
  });
  t.true(isLikeOneOf([falls("a", "b")], falls("b", "idle", "a")));
  t.false(isLikeOneOf([falls("a", "b")], falls("a", "c")));
  t.false(isLikeOneOf([falls("a", "a")], falls("a", "b")));
  t.false(isLikeOneOf([{ ...falls("a"), property: "validity" }], falls("a")));
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

test("two properties that the same state violates are two counterexamples, if two are asked for", async (t) => {
  const setting = toySetting(
    {
      init: () => to(0, [{ kind: "set-timer", timer: "go" }]),
      step: () => to(1, [], [seen("a"), seen("b")]),
    },
    {
      config: { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [neverBoth("a", "b"), neverAfter("a", "b")],
    },
  );
  for (const reduction of ["none", "visible-steps"] as const) {
    const found = async (maxViolations: number) =>
      (await search(setting, { reduction, maxViolations })).counterexamples.map(({ property, actions }) => [
        property,
        actions.length,
      ]);
    t.deepEqual(await found(1), [["never-both", 1]]);
    t.deepEqual(await found(2), [
      ["never-both", 1],
      ["never-after", 1],
    ]);
  }
  const { properties } = await search(setting, { maxViolations: 2 });
  t.deepEqual(
    properties.map(({ verdict }) => verdict),
    ["violated", "violated"],
  );
});
