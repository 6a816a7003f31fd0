// Ways that leaving out does not find; and against brute force on random protocols.

import test from "ava";
import fc from "fast-check";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { minimize } from "../../src/minimize/index.js";
import { restrictedTo } from "../../src/minimize/restricted.js";
import type { Action, Execution } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import type { Json } from "../../src/protocol/index.js";
import { randomModels, settingOf } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";
import { neverBoth } from "../support/toy-properties.js";
import { equivocation } from "../trace/fixtures.js";

/** r0 hears three small words of r1, or one big one: both come to the same. */
const steps = toySetting(
  {
    init: ({ self }) =>
      self === "r1"
        ? to(
            0,
            ["one", "two", "three", "all"].map((message) => ({ kind: "send", to: "r0", message }) as const),
          )
        : to(0),
    step: (_context, state, input) => {
      if (input.kind !== "message") return to(state);
      const next =
        ["one", "two", "three"].indexOf(String(input.message)) === state ? Number(state) + 1 : Number(state);
      const isThere = next === 3 || input.message === "all";
      return to(isThere ? 3 : next, [], isThere ? [seen("a"), seen("b")] : []);
    },
  },
  { properties: [neverBoth("a", "b")] },
);

const hears = (message: Json): Action => ({ kind: "deliver", from: "r1", to: "r0", message });

test("another way that is shorter is found by the search, and by it alone", async (t) => {
  const execution = { property: "never-both", start: {}, actions: ["one", "two", "three"].map(hears) };
  const leftOut = await minimize(steps, execution, { maxStates: 0 });
  t.deepEqual(leftOut.counterexample.actions, execution.actions);
  t.false(leftOut.account.isShortest);
  const { counterexample, account } = await minimize(steps, execution);
  t.deepEqual(counterexample.actions, [hears("all")]);
  t.true(account.isShortest);
});

test("a search that is cut short claims nothing", async (t) => {
  const execution = { property: "never-both", start: {}, actions: ["one", "two", "three"].map(hears) };
  const { counterexample, account } = await minimize(steps, execution, { maxStates: 1 });
  t.is(counterexample.actions.length, 3);
  t.false(account.isShortest);
});

test("the adversary that is left with its messages says these, to anybody, and no others", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom({ ...trace.setting, adversary: "arbitrary" });
  const said = (restricted: Setting) => {
    const walk = Walk.begin(new TransitionSystem(restricted), {})!;
    const successors = walk.successors();
    return Array.from({ length: successors.length }, (_, index) =>
      walk.system.reactions.action(successors.node(index), successors.cause(index)),
    );
  };
  const [first] = trace.actions;
  t.deepEqual(
    said(restrictedTo(setting, [first!], "same")),
    ["r1", "r2", "r3"].map((receiver) => ({ ...first!, to: receiver })),
  );
  t.is(said(restrictedTo(setting, [first!], "type")).length, 6);
  t.is(said(restrictedTo(setting, [], "same")).length, 0);
  t.is(restrictedTo(setting, [first!], "any"), setting);
});

/** A random walk to a violation; null if it ends, or has 40 actions, before that. */
function randomViolation(setting: Setting, seed: number): Execution | null {
  const system = new TransitionSystem(setting);
  const walk = new Walk(system, system.initial()[0]!);
  let random = seed;
  while (!walk.violation()) {
    const { length } = walk.successors();
    if (length === 0 || walk.actions.length === 40) return null;
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    walk.take(Math.floor((random / 2 ** 32) * length));
  }
  return walk.execution;
}

/** Brute force: whether some of these actions, but not all, violate the property in some order. */
function someViolate(setting: Setting, start: Execution["start"], actions: readonly Action[]): boolean {
  const system = new TransitionSystem(setting);
  const goOn = (done: readonly number[]): boolean => {
    if (done.length === actions.length) return false;
    const walk = Walk.begin(system, start)!;
    if (!done.every((index) => walk.perform(actions[index]!))) return false;
    if (walk.violation()) return true;
    return actions.some((_, index) => !done.includes(index) && goOn([...done, index]));
  };
  return goOn([]);
}

test("random protocols: what is called shortest is as short as the search's, and no order of fewer of its actions does it", async (t) => {
  const counts = { compared: 0, shorter: 0, brute: 0 };
  await fc.assert(
    fc.asyncProperty(randomModels, fc.nat(), async (model, seed) => {
      const setting = settingOf(model, [neverBoth("x", "y")]);
      const walk = randomViolation(setting, seed);
      if (walk === null) return;
      const execution = { property: "never-both", ...walk };
      const leftOut = await minimize(setting, execution, { maxStates: 0, parts: [], adversaries: [] });
      const best = await minimize(setting, execution, { maxStates: 4000, parts: [], adversaries: [] });
      const { actions, start } = best.counterexample;
      t.true(actions.length <= leftOut.counterexample.actions.length);
      if (actions.length < leftOut.counterexample.actions.length) counts.shorter++;
      if (best.account.isShortest) {
        const { counterexample } = await search(setting, { reduction: "none" });
        t.is(actions.length, counterexample!.actions.length);
        counts.compared++;
      }
      if (actions.length > 5 || !best.account.isShortest) return;
      t.false(someViolate(setting, start, actions));
      counts.brute++;
    }),
    { seed: 5, numRuns: 400 },
  );
  t.deepEqual(counts, { compared: 74, shorter: 9, brute: 74 });
});
