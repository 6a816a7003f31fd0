// A search that was cut goes on from its file, and ends as if it had never been. A larger one: checkpoint.long.ts.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import test from "ava";
import * as Schema from "effect/Schema";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { agreement } from "../../properties/index.js";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { defineProtocol, reply } from "../../src/protocol/index.js";
import { compareWithCuts, counts, fileFor } from "../support/cut-searches.js";
import {
  fourReplicas,
  pbftMutant,
  pbftSetting,
  twoPhaseCommitSetting,
  withClient,
} from "../support/settings.js";
import { seen, to, toySetting } from "../support/toy.js";
import { eventually } from "../support/toy-properties.js";

const withOneRequest = { ...fourReplicas, requests: 1 };

const settings: { readonly [name: string]: readonly [Setting, "none" | "visible-steps"] } = {
  "two-phase commit": [twoPhaseCommitSetting(5), "none"],
  "PBFT under a lying voter": [pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }), "visible-steps"],
  "liveness of PBFT": [
    pbftSetting("silent", "r0", { config: withClient, properties: [clientsAreServed], bounds: { views: 1 } }),
    "none",
  ],
  "PBFT with a twin": [pbftSetting("twin", "r0"), "visible-steps"],
  "PBFT with an amnesiac": [pbftSetting("amnesiac", "r0", { config: withOneRequest }), "none"],
  "a mutant that falls": [
    pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("votes-ignore-digest") }),
    "none",
  ],
};

for (const [name, [setting, reduction]] of Object.entries(settings))
  test(`${name}: the counts of a search that was cut again and again are those of one that was not`, async (t) => {
    await compareWithCuts(t, name, setting, reduction);
  });

test("what is counted at a violation does not depend on where the search was cut", async (t) => {
  const [setting, reduction] = settings["a mutant that falls"]!;
  const whole = await search(setting, { reduction });
  t.deepEqual([whole.states, whole.transitions, whole.frontier], [1135, 3690, 475]);
  for (const maxStates of [700, 800, 900, 1000, 1050, 1100, 1120, 1130]) {
    const checkpoint = { file: fileFor(t), setting: "a mutant that falls" };
    await search(setting, { reduction, checkpoint, maxStates });
    t.deepEqual(counts(await search(setting, { reduction, checkpoint, resume: true })), counts(whole));
  }
});

test("an interrupted search goes on", async (t) => {
  const setting = twoPhaseCommitSetting(7);
  const checkpoint = { file: fileFor(t), setting: "2pc" };
  const controller = new AbortController();
  controller.abort();
  const cut = await search(setting, { reduction: "none", checkpoint, signal: controller.signal });
  t.true(cut.interrupted && cut.frontier > 0);
  const rest = await search(setting, { reduction: "none", checkpoint, resume: true });
  t.deepEqual([rest.interrupted, rest.frontier, rest.states], [false, 0, 296_448]);
});

test("a search is saved from time to time as well", async (t) => {
  const checkpoint = { file: fileFor(t), setting: "2pc", everySeconds: 0 };
  await search(twoPhaseCommitSetting(7), { reduction: "none", checkpoint });
  const rest = await search(twoPhaseCommitSetting(7), { reduction: "none", checkpoint, resume: true });
  t.is(rest.states, 296_448);
});

test("a search that cannot be saved goes on to its end, and says why", async (t) => {
  const file = fileFor(t);
  mkdirSync(dirname(dirname(file)), { recursive: true });
  writeFileSync(dirname(file), "in the way");
  const checkpoint = { file, setting: "2pc", everySeconds: 0 };
  const setting = twoPhaseCommitSetting(3);
  const whole = await search(setting, { reduction: "none", checkpoint });
  t.deepEqual([whole.verdict, whole.states], ["vacuous", 288]);
  const cut = await search(setting, { reduction: "none", checkpoint, maxStates: 100 });
  t.true(cut.states >= 100 && cut.frontier > 0);
  t.regex(cut.unsaved!, /could not be written/);
  const slept = await search(setting, { reduction: "sleep-sets", checkpoint, maxStates: 100 });
  t.is(slept.unsaved, "a search with sleep sets leaves no checkpoint that could be resumed");
  const saved = await search(setting, {
    reduction: "none",
    checkpoint: { ...checkpoint, file: `${dirname(file)}.ok` },
    maxStates: 100,
  });
  t.is(saved.unsaved, null);
});

test("a damaged, truncated or foreign file is refused", async (t) => {
  const setting = twoPhaseCommitSetting(3);
  const file = fileFor(t);
  const checkpoint = { file, setting: "2pc" };
  const resume = (changes = {}) =>
    search(setting, { reduction: "none", checkpoint, resume: true, ...changes });
  await t.throwsAsync(resume(), { message: /could not be read/ });
  await search(setting, { reduction: "none", checkpoint, maxStates: 100 });
  const good = readFileSync(file);
  await t.throwsAsync(resume({ checkpoint: { file, setting: "other" } }), {
    message: /checkpoint of another run/,
  });
  await t.throwsAsync(resume({ reduction: "visible-steps" }), { message: /checkpoint of another run/ });
  for (const damage of [
    good.subarray(0, good.length - 5),
    good.subarray(0, 20),
    Buffer.from("{}"),
    Buffer.alloc(0),
  ]) {
    writeFileSync(file, damage);
    await t.throwsAsync(resume(), { message: /not a checkpoint of Turncoat, or it is damaged/ });
  }
  const flipped = Buffer.from(good);
  flipped[flipped.length - 40]! ^= 1;
  writeFileSync(file, flipped);
  await t.throwsAsync(resume(), { message: /damaged/ });
  writeFileSync(file, good);
  t.is((await resume()).states, 288);
});

test("a search for liveness that was cut needs no more than one that was not: no graph of the plain search where nothing goes round", async (t) => {
  const [setting] = settings["liveness of PBFT"]!;
  const checkpoint = { file: fileFor(t), setting: "liveness" };
  const whole = await search(setting);
  t.deepEqual([whole.reduction, whole.verdict, whole.states], ["visible-steps", "holds", 84]);
  const cut = await search(setting, { checkpoint, maxStates: whole.states / 2 });
  t.is(cut.verdict, "inconclusive");
  const resumed = await search(setting, { checkpoint, resume: true });
  t.is(resumed.reduction, "visible-steps");
  t.deepEqual(counts(resumed), counts(whole));
});

/** A step leads beyond the last view at once, and ten others do not. */
const leaving = defineProtocol({
  name: "leaving",
  summary: "counts, or leaves",
  messages: { hello: { view: Schema.Number } },
  state: { view: Schema.Number, count: Schema.Number },
  initial: { view: 0, count: 0 },
  view: ({ view }) => view,
  on: { hello: (_, state) => state },
  onStart: (_, state) => reply(state).setTimer("leave").setTimer("count"),
  onTimer: {
    leave: (_, state) => ({ ...state, view: 1 }),
    count: (_, { view, count }) => {
      const next = reply({ view, count: count + 1 }).cancelTimer("leave");
      return count < 9 ? next.setTimer("count") : next;
    },
  },
});

test("that steps beyond the last view were left out before a search was cut is still told after it", async (t) => {
  const setting = toySetting(
    {},
    {
      protocol: leaving as unknown as Setting["protocol"],
      config: { ...fourReplicas, replicas: 1, faults: 0 },
      properties: [agreement],
    },
  );
  const whole = await search(setting, { reduction: "none" });
  t.deepEqual([whole.verdict, whole.states], ["vacuous", 11]);
  t.regex(whole.properties[0]!.reason ?? "", /; steps beyond view 0 were left out: try --views 1$/);
  const checkpoint = { file: fileFor(t), setting: "leaving" };
  await search(setting, { reduction: "none", checkpoint, maxStates: 8 });
  t.deepEqual(counts(await search(setting, { reduction: "none", checkpoint, resume: true })), counts(whole));
});

/** r0 may go to and fro for ever, or leave, and then comes to its goal in ten steps. */
const toAndFro = toySetting(
  {
    init: () => to({ side: 0, left: 0 }, [{ kind: "set-timer", timer: "go" }]),
    step: (_context, state, input) => {
      if (input.kind !== "timer") return to(state);
      const { side, left } = state as { readonly side: number; readonly left: number };
      const again = { kind: "set-timer", timer: "go" } as const;
      if (left > 0)
        return to({ side, left: left + 1 }, left < 10 ? [again] : [], left < 10 ? [] : [seen("goal")]);
      return [
        { label: "turns", state: { side: 1 - side, left }, effects: [again], events: [] },
        { label: "leaves", state: { side, left: 1 }, effects: [again], events: [] },
      ];
    },
  },
  {
    config: { replicas: 1, faults: 0, requests: 0, slots: 1, clients: false },
    properties: [eventually("goal")],
    bounds: { views: 0 },
  },
);

/** Three nodes go to and fro for ever, or leave; each hears of the others, in silence. */
const greeting = toySetting(
  {
    init: () =>
      to({ side: 0, left: false, heard: {} }, [
        { kind: "set-timer", timer: "go" },
        { kind: "broadcast", message: "hello" },
      ]),
    step: (_context, state, input) => {
      const { side, left, heard } = state as { side: number; left: boolean; heard: { [id: string]: true } };
      if (input.kind === "message") return to({ side, left, heard: { ...heard, [input.from]: true } });
      const again = { kind: "set-timer", timer: "go" } as const;
      return [
        { label: "turns", state: { side: 1 - side, left, heard }, effects: [again], events: [] },
        { label: "leaves", state: { side, left: true, heard }, effects: [], events: [seen("goal")] },
      ];
    },
  },
  {
    config: { replicas: 3, faults: 0, requests: 0, slots: 1, clients: false },
    properties: [eventually("goal")],
    bounds: { views: 0 },
  },
);

test("a search for liveness that was cut in the graph of the plain search goes on there", async (t) => {
  const whole = await search(greeting, { reduction: "visible-steps" });
  t.deepEqual([whole.verdict, whole.reduction, whole.states], ["violated", "none", 4096]);
  for (const [maxStates, where] of [
    [10, "visible-steps"],
    [500, "none"],
    [3000, "none"],
  ] as const) {
    const checkpoint = { file: fileFor(t), setting: "greeting" };
    const cut = await search(greeting, { reduction: "visible-steps", checkpoint, maxStates });
    t.deepEqual([cut.verdict, cut.reduction, cut.unsaved], ["inconclusive", where, null]);
    const rest = await search(greeting, { reduction: "visible-steps", checkpoint, resume: true });
    t.deepEqual(counts(rest), counts(whole));
  }
});

test("a cycle that was met before the search was cut is not forgotten", async (t) => {
  const whole = await search(toAndFro, { reduction: "none" });
  t.deepEqual([whole.verdict, whole.counterexample?.loop?.length], ["violated", 2]);
  for (const maxStates of [6, 8, 12]) {
    const checkpoint = { file: fileFor(t), setting: "to and fro" };
    const cut = await search(toAndFro, { reduction: "none", checkpoint, maxStates });
    t.is(cut.verdict, "inconclusive");
    const resumed = await search(toAndFro, { reduction: "none", checkpoint, resume: true });
    t.is(resumed.verdict, "violated");
    t.is(resumed.counterexample?.loop?.length, 2);
  }
});
