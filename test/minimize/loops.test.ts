// Liveness traces that end in a loop keep one that can go on for ever.

import test from "ava";
import { minimize } from "../../src/minimize/index.js";
import type { Action } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import type { Effect, Json, Outcomes } from "../../src/protocol/index.js";
import { replayIn } from "../../src/trace/replay.js";
import { to, toySetting } from "../support/toy.js";
import { eventually } from "../support/toy-properties.js";

const set = (...timers: string[]): Effect<Json>[] => timers.map((timer) => ({ kind: "set-timer", timer }));

/** One node with timers that are always set: where each leads from each state. */
function machine(table: { readonly [state: string]: { readonly [timer: string]: string } }): Setting {
  const timers = [...new Set(Object.values(table).flatMap((row) => Object.keys(row)))];
  return toySetting(
    {
      init: () => to("start", set(...timers)),
      step: (_context, state, input): Outcomes<Json, Json> =>
        input.kind === "timer"
          ? to(table[String(state)]?.[input.timer] ?? state, set(input.timer))
          : to(state),
    },
    {
      config: { replicas: 1, faults: 0, requests: 0, slots: 0, clients: false },
      properties: [eventually("x")],
    },
  );
}

const fires = (...timers: string[]): Action[] =>
  timers.map((timer) => ({ kind: "timer", node: "r0", timer }));

async function minimized(
  setting: Setting,
  actions: readonly Action[],
  loop: readonly Action[],
  maxStates: number,
) {
  const found = await minimize(
    setting,
    { property: "eventually-x", start: {}, actions, loop },
    { maxStates },
  );
  const { counterexample } = found;
  const names = (list: readonly Action[] = []) =>
    list.map((action) => "timer" in action && action.timer).join(" ");
  const replayed = replayIn(setting, "eventually-x", counterexample);
  return [names(counterexample.actions), names(counterexample.loop), replayed.outcome];
}

const round = machine({
  start: { go: "here", aside: "far" },
  far: { back: "start" },
  here: { on: "there", wait: "later" },
  later: { wait: "here" },
  there: { off: "here" },
});

test("detours are left out of the way to the loop, and of the loop", async (t) => {
  const actions = fires("aside", "back", "go", "wait", "wait");
  const loop = fires("on", "off", "wait", "wait");
  t.deepEqual(await minimized(round, actions, loop, 0), ["go", "wait wait", "reproduced"]);
});

test("a loop that is entered late is entered early", async (t) => {
  t.deepEqual(await minimized(round, fires("go", "on"), fires("off", "on"), 0), [
    "go",
    "on off",
    "reproduced",
  ]);
});

test("none of the actions of what is left can be spared, and the account says what is impossible without each", async (t) => {
  const execution = { property: "eventually-x", start: {}, actions: fires("go"), loop: fires("on", "off") };
  const { account } = await minimize(round, execution, { maxStates: 0 });
  t.deepEqual(
    account.needed.map(({ impossibleWithout }) => impossibleWithout),
    [[2, 3], [3], []],
  );
});

test("a loop that neglects what must happen is no violation, however short", async (t) => {
  // Round and round from `start` alone would neglect `on`, which is possible all along.
  const setting = machine({
    start: { spin: "turn", on: "next" },
    turn: { spin: "start", on: "next" },
    next: { off: "start" },
  });
  const loop = fires("spin", "spin", "on", "off");
  t.deepEqual(await minimized(setting, [], loop, 0), ["", "on off", "reproduced"]);
  await t.throwsAsync(
    minimize(setting, { property: "eventually-x", start: {}, actions: [], loop: fires("spin", "spin") }),
    { message: "There is nothing to minimize: toy does not violate eventually-x any more." },
  );
});

test("where something is stuck on the way the loop is not needed", async (t) => {
  const setting = machine({
    start: { go: "here", end: "end" },
    here: { on: "there", end: "end" },
    there: { on: "here" },
    end: {},
  });
  t.deepEqual(await minimized(setting, fires("go"), fires("on", "on"), 1000), ["end", "", "reproduced"]);
});
