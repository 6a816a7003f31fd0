import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { minimize, minimizeTrace } from "../../src/minimize/index.js";
import { type Action, actor, type Counterexample, type Execution } from "../../src/model/action.js";
import { UserError } from "../../src/model/errors.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";
import { type Reproduced, replay, replayIn } from "../../src/trace/index.js";
import { downfallOf, equivocation, fallOf } from "../trace/fixtures.js";
import { hears, switchboard } from "./switchboard.js";

/** The switchboard, watched by `never-bang` alone. */
const bang: Setting = { ...switchboard, properties: switchboard.properties.slice(1) };

/** A walk that takes any enabled action, equally likely, until something is violated; null if it ends before that. */
function randomViolation(system: TransitionSystem, seed: number): Execution | null {
  const walk = new Walk(system, system.initial()[0]!);
  let random = seed;
  while (!walk.violation()) {
    const { length } = walk.successors();
    if (length === 0) return null;
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    walk.take(Math.floor((random / 2 ** 32) * length));
  }
  return walk.execution;
}

/** Whether the actions that are still possible, in this order, lead to a violation: written anew, to check the checker. */
function violates(system: TransitionSystem, { start }: Execution, actions: readonly Action[]): boolean {
  const walk = Walk.begin(system, start)!;
  return actions.some((action) => walk.perform(action) && walk.violation() !== null);
}

function subsetsWithout(actions: readonly Action[], missing: 1 | 2): Action[][] {
  const without = (list: readonly Action[]) => list.map((_, index) => list.toSpliced(index, 1));
  return missing === 1 ? without(actions) : without(actions).flatMap(without);
}

/** Asserts by brute force that no one or two actions can be spared, and that the counterexample is exact. */
function isMinimal(
  t: { true(v: boolean): void; false(v: boolean): void; is<T>(a: T, b: T): void },
  setting: Setting,
  counterexample: Counterexample,
) {
  const result = replayIn(setting, counterexample.property, counterexample) as Reproduced;
  t.is(result.outcome, "reproduced");
  t.is(result.after, counterexample.actions.length);
  t.is(result.explanation, counterexample.explanation);
  const system = new TransitionSystem(setting);
  for (const missing of [1, 2] as const)
    for (const actions of subsetsWithout(counterexample.actions, missing))
      t.false(violates(system, counterexample, actions));
}

test("random violating walks of quorum-2f with two slots shrink to at most 6 actions", async (t) => {
  const description = downfallOf("pbft/quorum-2f");
  const setting = await settingFrom({ ...description, config: { ...description.config, slots: 2 } });
  const system = new TransitionSystem(setting);
  const walks = Array.from({ length: 30 }, (_, seed) => randomViolation(system, seed + 1)).filter(
    (walk) => walk !== null && walk.actions.length >= 9,
  );
  t.true(walks.length >= 3, `only ${walks.length} long walks`);
  for (const walk of walks.slice(0, 3)) {
    const minimized = await minimize(setting, { property: "agreement", ...walk! });
    t.true(
      minimized.counterexample.actions.length <= 6,
      `${minimized.counterexample.actions.length} actions`,
    );
    t.true(minimized.verifiedMinimal);
    isMinimal(t, setting, minimized.counterexample);
  }
});

test("a shortest counterexample stays as short", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/quorum-2f");
  const minimized = await minimize(setting, counterexample);
  t.is(minimized.counterexample.actions.length, 4);
  t.is(minimized.setting.adversary!.name, "equivocating-primary");
  isMinimal(t, setting, minimized.counterexample);
});

test("it does not matter in which order independent actions came", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom(trace.setting);
  const [a, b, c, d] = trace.actions as [Action, Action, Action, Action];
  const orders = [
    [a, b, c, d],
    [c, d, a, b],
    [c, a, d, b],
  ];
  for (const actions of orders) {
    const { counterexample } = await minimize(setting, { property: "agreement", start: {}, actions });
    t.deepEqual(counterexample.actions, [a, c, b, d]);
  }
});

test("what is not possible is left out, and what comes after the violation is cut off", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom(trace.setting);
  const never = { ...trace.actions[0]!, from: "r3" } as Action;
  const actions = [never, ...trace.actions, never, trace.actions[0]!];
  const { counterexample } = await minimize(setting, { property: "agreement", start: {}, actions });
  t.is(counterexample.actions.length, 4);
  t.is(counterexample.explanation, trace.violates.explanation);
});

test("the weakest adversary that can do it takes the place of a stronger one", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom({ ...trace.setting, adversary: "arbitrary" });
  const minimized = await minimize(setting, { property: "agreement", start: {}, actions: trace.actions });
  t.is(minimized.setting.adversary!.name, "equivocating-primary");
  const kept = await minimize(
    setting,
    { property: "agreement", start: {}, actions: trace.actions },
    { adversaries: [] },
  );
  t.is(kept.setting.adversary!.name, "arbitrary");
});

test("of several adversaries that can do it the weakest is taken", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom({ ...trace.setting, adversary: "arbitrary" });
  const able = (await settingFrom(trace.setting)).adversary!;
  const adversaries = [2, 0, 1].map((strength) => ({ ...able, name: `strength ${strength}`, strength }));
  const execution = { property: "agreement", start: {}, actions: trace.actions };
  t.is((await minimize(setting, execution, { adversaries })).setting.adversary!.name, "strength 0");
});

test("a detour of two steps, each of which is missed alone, is found", async (t) => {
  const [arm, flip, fire] = [hears("arm"), hears("flip"), hears("fire")];
  const actions = [arm, flip, flip, fire];
  for (const index of actions.keys())
    t.false(violates(new TransitionSystem(bang), { start: {}, actions }, actions.toSpliced(index, 1)));
  const { counterexample } = await minimize(bang, { property: "never-bang", start: {}, actions });
  t.deepEqual(counterexample.actions, [arm, fire]);
});

test("it is the violation of the property in question that is kept, not that of another which comes first", async (t) => {
  const execution = { start: {}, actions: [hears("flip"), hears("arm"), hears("flip"), hears("fire")] };
  const lengthFor = async (property: string) =>
    (await minimize(switchboard, { property, ...execution })).counterexample.actions.length;
  t.is(await lengthFor("never-armed"), 1);
  t.is(await lengthFor("never-bang"), 2);
});

test("liveness: primary-forever is stuck after 4 actions, and none of them can be spared", async (t) => {
  const { setting, counterexample } = await fallOf("pbft/primary-forever");
  const minimized = await minimize(setting, counterexample);
  t.is(minimized.counterexample.actions.length, 4);
  t.regex(minimized.counterexample.explanation, /the client of c0:1:A still waits$/);
  isMinimal(t, setting, minimized.counterexample);
});

test("liveness: a random walk to a stuck state shrinks to the same 4 actions", async (t) => {
  const setting = await settingFrom(downfallOf("pbft/primary-forever"));
  const walk = randomViolation(new TransitionSystem({ ...setting, byzantine: ["r0"] }), 5)!;
  const minimized = await minimize(setting, { property: "clients-are-served", ...walk });
  t.deepEqual(minimized.counterexample.actions.map(actor), ["c0", "r1", "r2", "r3"]);
});

test("an execution that violates nothing cannot be minimized", async (t) => {
  const trace = await equivocation();
  const setting = await settingFrom({ ...trace.setting, protocol: "pbft" });
  const error = await t.throwsAsync(
    minimize(setting, { property: "agreement", start: {}, actions: trace.actions }),
    {
      instanceOf: UserError,
      code: "bad-file",
    },
  );
  t.is(error.message, "There is nothing to minimize: pbft does not violate agreement any more.");
});

test("a trace is minimized to a trace that says it is minimal, keeps its origin, and is reproduced", async (t) => {
  const trace = await equivocation();
  const padded = { ...trace, origin: "seed 7", actions: [...trace.actions, trace.actions[0]!] };
  const { trace: minimal, tried } = await minimizeTrace(padded);
  t.is(minimal.actions.length, 4);
  t.is(minimal.minimal, true);
  t.is(minimal.origin, "seed 7");
  t.deepEqual(minimal.setting, trace.setting);
  t.true(tried > 4);
  t.is((await replay(minimal)).outcome, "reproduced");
});

test("where messages are used up, adversaries that run the protocol's own steps are not tried", async (t) => {
  const setting = await settingFrom({ ...downfallOf("pbft/quorum-2f"), network: "once" });
  const { counterexample } = await search(setting);
  const minimized = await minimize(setting, counterexample!);
  t.is(minimized.setting.adversary?.name, "equivocating-primary");
  t.is(minimized.counterexample.actions.length, counterexample!.actions.length);
});
