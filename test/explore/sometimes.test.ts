// Reachability witnesses: what a user wants to see happen, with a shortest example.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import { monitor, type Property } from "../../src/protocol/index.js";
import { naiveSearch } from "../support/naive.js";
import { randomModels, settingOf } from "../support/random-protocol.js";
import { replay } from "../support/replay.js";
import { pbftSetting } from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";

/** Some run shows so many events that `wants` likes. */
function sometimes(name: string, times: number, wants: (kind: string, detail: string) => boolean): Property {
  return {
    name,
    summary: `${name} happens`,
    kind: "sometimes",
    observes: "both",
    exercise: `${name} must happen`,
    monitor: () =>
      monitor<number>({
        init: 0,
        on: (count, _by, event) =>
          wants(event.kind, event.kind === "custom" ? event.name : "") ? Math.min(times, count + 1) : count,
        verdict: (count) => (count >= times ? "holds" : "pending"),
        exercised: (count) => count,
        explain: () => `${name} has not happened`,
      }),
  };
}

const twoExecutions = sometimes("two-executions", 2, (kind) => kind === "executed");

test("a goal that can be reached holds, with a shortest example that replays", async (t) => {
  const setting = pbftSetting("silent", "r0", { properties: [twoExecutions], bounds: { views: 1 } });
  const { verdict, properties, counterexample, frontier } = await search(setting, { reduction: "none" });
  t.deepEqual([verdict, counterexample, frontier], ["holds", null, 0]);
  const { example } = properties[0]!;
  t.is(example!.actions.length, 16);
  t.true(
    replay(setting, { ...example!, property: "", explanation: "" }).every((violated) => violated === null),
  );
  const reduced = await search(setting, { reduction: "visible-steps" });
  t.is(reduced.verdict, "holds");
  t.true(reduced.properties[0]!.example!.actions.length >= 16);
});

test("a goal that is never reached is violated, and there is nothing to replay", async (t) => {
  const never = sometimes("three-of-a-kind", 1, (_kind, detail) => detail === "x");
  const setting = toySetting({ init: () => to(0, [], [seen("y")]) }, { properties: [never] });
  const { verdict, reason, counterexample } = await search(setting);
  t.deepEqual(
    [verdict, reason, counterexample],
    ["violated", "its goal is never reached within the bounds", null],
  );
});

test("a goal not reached when a limit ended the search is inconclusive", async (t) => {
  const setting = pbftSetting("silent", "r0", { properties: [twoExecutions], bounds: { views: 1 } });
  t.is((await search(setting, { maxStates: 10 })).verdict, "inconclusive");
});

test("a goal is no obligation: nothing is violated by runs that never meet it", async (t) => {
  const setting = toySetting(
    {
      init: () =>
        to(
          "start",
          ["a", "b"].map((timer) => ({ kind: "set-timer", timer })),
        ),
      step: (_context, state, input) =>
        input.kind === "timer" && state === "start" ? to("end", [], [seen(input.timer)]) : to(state),
    },
    { properties: [sometimes("a", 1, (_kind, detail) => detail === "a")] },
  );
  const { verdict, properties } = await search(setting);
  t.deepEqual([verdict, properties[0]!.example!.actions.length], ["holds", 1]);
});

test("a goal is reached exactly where the naive search reaches it", async (t) => {
  let [reached, missed] = [0, 0];
  await fc.assert(
    fc.asyncProperty(randomModels, fc.integer({ min: 1, max: 4 }), async (model, times) => {
      const setting = settingOf(model, [sometimes("x", times, (_kind, detail) => detail === "x")]);
      const plain = await search(setting, { reduction: "none", maxStates: 800 });
      fc.pre(plain.frontier === 0);
      const expected = [...naiveSearch(setting).observations].some((text) => text.includes(String(times)));
      for (const reduction of ["none", "visible-steps"] as const) {
        const { properties } = await search(setting, { reduction });
        t.is(properties[0]!.example !== undefined, expected);
      }
      if (expected) reached++;
      else missed++;
    }),
    { seed: 11, numRuns: 40 },
  );
  t.true(reached > 5 && missed > 5, `${reached} reached, ${missed} missed`);
});
