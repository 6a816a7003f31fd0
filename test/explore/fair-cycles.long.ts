// Executions that go round in circles. Two traps are published flaws of other checkers: a goal that is missed on a cycle,
// and one that is missed where two branches join.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import type { Effect, Json, Outcomes } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { naiveSearch } from "../support/naive.js";
import { randomModels, settingOf } from "../support/random-protocol.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually } from "../support/toy-properties.js";

const one = { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false };
const set = (...timers: string[]): Effect<Json>[] => timers.map((timer) => ({ kind: "set-timer", timer }));

/** One node with timers that are always set; what each does in each state. */
function machine(table: {
  readonly [state: string]: { readonly [timer: string]: readonly [string, string?] };
}) {
  const timers = [...new Set(Object.values(table).flatMap((row) => Object.keys(row)))];
  return toySetting(
    {
      init: () => to("start", set(...timers)),
      step: (_context, state, input): Outcomes<Json, Json> => {
        if (input.kind !== "timer") return to(state);
        const [next, event] = table[String(state)]?.[input.timer] ?? [String(state)];
        return to(next, set(input.timer), event === undefined ? [] : [seen(event)]);
      },
    },
    { config: one, properties: [eventually("x")] },
  );
}

async function outcome(setting: Setting) {
  const { verdict, counterexample } = await search(setting);
  if (counterexample === null) return [verdict];
  const { actions, loop = [], property } = counterexample;
  return [verdict, actions.length, loop.length, replayIn(setting, property, counterexample).outcome];
}

test("a goal that is missed on a cycle", async (t) => {
  const setting = machine({
    start: { go: ["here"], end: ["end", "x"] },
    here: { on: ["there"] },
    there: { on: ["here"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 1, 2, "reproduced"]);
});

test("a cycle that neglects an action which is possible all along is not fair", async (t) => {
  const setting = machine({
    start: { on: ["there"], end: ["end", "x"] },
    there: { on: ["start"], end: ["end", "x"] },
  });
  t.deepEqual(await outcome(setting), ["holds"]);
});

test("a cycle on which the action is impossible now and then is fair", async (t) => {
  const setting = machine({ start: { on: ["there"], end: ["end", "x"] }, there: { on: ["start"] } });
  t.deepEqual(await outcome(setting), ["violated", 0, 2, "reproduced"]);
});

test("a loop goes where an action is taken, if that is what fairness asks", async (t) => {
  // `aside` is possible in both states of the short circle, and stays inside the component.
  const setting = machine({
    start: { on: ["there"], aside: ["far"] },
    there: { on: ["start"], aside: ["far"] },
    far: { on: ["start"], aside: ["there"], end: ["end", "x"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 0, 3, "reproduced"]);
});

test("a goal that is missed by one of two branches that join", async (t) => {
  const setting = machine({
    start: { a: ["left", "x"], b: ["right"] },
    left: { on: ["joined"] },
    right: { on: ["joined"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 2, 0, "reproduced"]);
});

test("branches that join on a cycle: the one that met its goal does not hide the other", async (t) => {
  const setting = machine({
    start: { a: ["left", "x"], b: ["right"] },
    left: { on: ["round"] },
    right: { on: ["round"] },
    round: { on: ["left"] },
  });
  t.deepEqual(await outcome(setting), ["violated", 2, 2, "reproduced"]);
});

test("messages that stay deliverable can be played back and forth for ever", async (t) => {
  const setting = toySetting(
    {
      init: ({ self }) =>
        to("ping", [
          { kind: "send", to: self === "r0" ? "r1" : "r0", message: "ping" },
          { kind: "send", to: self === "r0" ? "r1" : "r0", message: "pong" },
        ]),
      step: (_context, state, input) =>
        input.kind === "message" && input.message !== state ? to(input.message) : to(state),
    },
    { properties: [eventually("x")] },
  );
  const [verdict, stem, , replayed] = await outcome(setting);
  t.deepEqual([verdict, stem, replayed], ["violated", 0, "reproduced"]);
});

test("a loop that was tampered with is not believed", async (t) => {
  const setting = machine({
    start: { on: ["there"], aside: ["far"] },
    there: { on: ["start"], aside: ["far"] },
    far: { on: ["start"], end: ["end", "x"] },
  });
  const { counterexample } = await search(setting);
  const timer = (name: string) => ({ kind: "timer" as const, node: "r0", timer: name });
  const replayed = (loop: readonly ReturnType<typeof timer>[]) =>
    replayIn(setting, "eventually-x", { ...counterexample!, actions: [], loop }).outcome;
  t.is(replayed([timer("on"), timer("on")]), "holds now", "aside is neglected");
  t.is(replayed([timer("aside")]), "holds now", "it does not come back");
  t.is(replayed([timer("aside"), timer("on")]), "reproduced");
});

// --- against brute force: every set of states is tried as what is visited again and again ---

const states = ["start", "s1", "s2", "s3"];
const inputs = ["a", "b", "c"];
const cell = fc.option(fc.tuple(fc.constantFrom(...states), fc.constantFrom(undefined, undefined, "x")), {
  nil: undefined,
  freq: 2,
});
const tables = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 4, maxLength: 4 });
type Table = readonly (readonly (readonly [string, "x" | undefined] | undefined)[])[];

function missesGoal(table: Table): boolean {
  const moves = (state: number) =>
    inputs.flatMap((_, input) => {
      const entry = table[state]![input];
      const changes = entry && (states.indexOf(entry[0]) !== state || entry[1] === "x");
      return changes ? [{ input, next: states.indexOf(entry[0]), meets: entry[1] === "x" }] : [];
    });
  const pending = (state: number) => moves(state).filter(({ meets }) => !meets);
  const reached = new Set([0]);
  for (const state of reached) for (const { next } of pending(state)) reached.add(next);
  if ([...reached].some((state) => moves(state).length === 0)) return true;
  for (let set = 1; set < 2 ** states.length; set++) {
    const members = [...reached].filter((state) => set & (1 << state));
    if (members.length < 2 || members.length !== [...states.keys()].filter((s) => set & (1 << s)).length)
      continue;
    const inside = (state: number) => pending(state).filter(({ next }) => members.includes(next));
    const connected = members.every((from) => {
      const seenFrom = new Set(inside(from).map(({ next }) => next));
      for (const state of seenFrom) for (const { next } of inside(state)) seenFrom.add(next);
      return members.every((to) => seenFrom.has(to));
    });
    const fair = inputs.every(
      (_, input) =>
        members.some((state) => !moves(state).some((move) => move.input === input)) ||
        members.some((state) => inside(state).some((move) => move.input === input)),
    );
    if (connected && fair) return true;
  }
  return false;
}

test("the verdict is that of brute force, and every counterexample replays", async (t) => {
  const verdicts = { holds: 0, stuck: 0, lasso: 0 };
  await fc.assert(
    fc.asyncProperty(tables, async (table) => {
      const rows = states.map((state, row) => [
        state,
        Object.fromEntries(
          inputs.flatMap((input, at) => (table[row]![at] ? [[input, table[row]![at]]] : [])),
        ),
      ]);
      const setting = machine(Object.fromEntries(rows));
      const { verdict, counterexample } = await search(setting);
      t.is(verdict === "violated", missesGoal(table as Table), JSON.stringify(table));
      if (counterexample) {
        verdicts[counterexample.loop ? "lasso" : "stuck"]++;
        t.is(replayIn(setting, counterexample.property, counterexample).outcome, "reproduced");
      } else verdicts.holds++;
    }),
    { seed: 7, numRuns: 1500 },
  );
  t.true(Math.min(verdicts.holds, verdicts.stuck, verdicts.lasso) > 100, JSON.stringify(verdicts));
});

test("nodes that send each other messages go round exactly where the naive search says so", async (t) => {
  const verdicts = { met: 0, stuck: 0, lasso: 0 };
  const maxStates = 400; // the reachability sets of the naive search are quadratic
  for (const model of fc.sample(randomModels, { seed: 99, numRuns: 500 })) {
    const setting = settingOf(model, [eventually("x")]);
    const small = await search(setting, { reduction: "none", maxStates });
    if (small.frontier > 0 && small.verdict !== "violated") continue;
    const { violation, lasso } = naiveSearch(setting, maxStates);
    const expected = violation ? "stuck" : lasso ? "lasso" : "met";
    verdicts[expected]++;
    for (const reduction of ["none", "visible-steps"] as const) {
      const { counterexample } = await search(setting, { reduction });
      const found = counterexample ? (counterexample.loop ? "lasso" : "stuck") : "met";
      t.is(found, expected, `${reduction} ${JSON.stringify(model)}`);
      if (counterexample)
        t.is(replayIn(setting, counterexample.property, counterexample).outcome, "reproduced");
    }
  }
  t.true(Math.min(verdicts.met, verdicts.stuck, verdicts.lasso) > 20, JSON.stringify(verdicts));
});
