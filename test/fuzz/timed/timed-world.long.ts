// Timed runs keep to the rules of time, are runs of the untimed model, and end as they should.

import test from "ava";
import { BlockCorpus } from "../../../src/fuzz/corpus.js";
import { Runner } from "../../../src/fuzz/run.js";
import { strategies } from "../../../src/fuzz/strategies/index.js";
import type { Strategy } from "../../../src/fuzz/strategy.js";
import type { Setting } from "../../../src/model/setting.js";
import { TransitionSystem } from "../../../src/model/system.js";
import { TimedRuns } from "../../../src/model/timed/timed-run.js";
import { Walk } from "../../../src/model/walk.js";
import { judge } from "../../support/naive-timed.js";
import { pbftMutant, timedSetting, timing } from "../../support/settings.js";

/** Makes some runs, each of the earlier ones being there to be built on. */
function runsOf(setting: Setting, strategy: Strategy, count: number, maxActions = 2000) {
  const system = new TransitionSystem(setting);
  const runner = new Runner(system, { began: () => {}, happened: () => {} }, 1, maxActions);
  const corpus = new BlockCorpus(1);
  const { world } = runner;
  return Array.from({ length: count }, (_, run) => {
    runner.run(strategy, run, corpus);
    const { start, end, violation, schedule, loopFrom, longestWait } = world;
    const actions = world.actions();
    const moments = [Math.floor(world.events / 2), world.events];
    corpus.keep(
      run,
      world.trace(),
      world.initial,
      moments.map((events) => ({ events, situation: run })),
    );
    return { start, end: end?.kind, violation, schedule: schedule!, loopFrom, longestWait, actions };
  });
}

const settings: { readonly [title: string]: Setting } = {
  "a silent primary": timedSetting("silent", ["r0"]),
  "arbitrary at the primary of view 1": timedSetting("arbitrary", ["r1"]),
  "lying-voter at a backup": timedSetting("lying-voter", ["r3"]),
  "a flaw": timedSetting("silent", ["r3"], {
    protocol: pbftMutant("timeout-constant"),
    bounds: { views: 200 },
  }),
};

for (const strategy of strategies)
  for (const [title, setting] of Object.entries(settings))
    test(`${strategy.name}: runs keep to the rules of time, as a naive reading of them has it: ${title}`, (t) => {
      for (const { actions, schedule, end, longestWait } of runsOf(
        setting,
        strategy,
        title === "a flaw" ? 2 : 8,
      )) {
        const { complaints, servedMs } = judge(setting, actions, schedule);
        t.deepEqual(complaints, []);
        t.is(schedule.timesMs.length, actions.length);
        t.is(servedMs !== null, end === "served");
        if (servedMs !== null) t.is(longestWait, Math.max(0, Math.round((servedMs - timing.gstMs) * 1000)));
      }
    });

for (const network of ["once", "fifo"])
  for (const strategy of strategies)
    test(`${strategy.name}: where messages are delivered once runs keep to the rules, too, and replay: ${network}`, (t) => {
      for (const [adversary, byzantine, withinDeltas] of [
        ["silent", "r0", 5],
        ["arbitrary", "r0", 49],
        ["lying-voter", "r3", 49],
      ] as const) {
        const times = { ...timing, withinDeltas };
        const setting = timedSetting(adversary, [byzantine], { network, timing: times });
        const system = new TransitionSystem(setting);
        for (const { start, actions, schedule, end } of runsOf(setting, strategy, 8)) {
          const { complaints, servedMs } = judge(setting, actions, schedule);
          t.deepEqual(complaints, []);
          t.is(servedMs !== null, end === "served");
          const walk = Walk.begin(system, start)!;
          for (const action of actions) t.true(walk.perform(action), JSON.stringify(action));
          const timed = new TimedRuns(system, times);
          t.true(timed.begin(start));
          t.is(timed.check({ actions, schedule })!.kind, end === "late" ? "violated" : "holds");
        }
      }
    });

for (const strategy of strategies)
  test(`${strategy.name}: timed runs are runs of the untimed model, with puppets too`, (t) => {
    for (const adversary of ["selective-sender", "twin", "amnesiac", "mutator"]) {
      const setting = timedSetting(adversary, ["r1"]);
      const system = new TransitionSystem(setting);
      for (const { start, actions, schedule } of runsOf(setting, strategy, 5)) {
        const walk = Walk.begin(system, start)!;
        for (const action of actions) t.true(walk.perform(action), JSON.stringify(action));
        const timed = new TimedRuns(system, timing);
        t.true(timed.begin(start));
        t.deepEqual(timed.check({ actions, schedule }), { kind: "holds" });
      }
    }
  });

const uniform = strategies.find(({ name }) => name === "uniform")!;

test("a run ends when every client is served", (t) => {
  const runs = runsOf(timedSetting("silent", ["r0"]), uniform, 200);
  t.true(runs.every(({ end, violation }) => end === "served" && violation === null));
  t.is(Math.max(...runs.map(({ longestWait }) => longestWait!)), 140_000);
});

test("a run that is cut off by the number of actions has not ended", (t) => {
  for (const { end, violation, actions } of runsOf(timedSetting("silent", ["r0"]), uniform, 20, 6)) {
    t.is(end, undefined);
    t.is(violation, null);
    t.is(actions.length, 6);
  }
});

test("a run that leaves the views within the bounds proves nothing", (t) => {
  const runs = runsOf(timedSetting("silent", ["r0"], { bounds: { views: 1 } }), uniform, 100);
  t.deepEqual(
    ["served", "views"].map((kind) => runs.filter(({ end }) => end === kind).length),
    [52, 48],
  );
  t.true(runs.every(({ violation }) => violation === null));
});

test("the temperature: a client that waits longer than k Delta after GST is not served in time", (t) => {
  const setting = timedSetting("silent", ["r0"], { timing: { ...timing, withinDeltas: 5 } });
  const late = runsOf(setting, uniform, 100).filter(({ end }) => end === "late");
  t.is(late.length, 40);
  t.deepEqual([...new Set(late.map(({ schedule }) => schedule.untilMs))], [110]);
});

test("a lasso: where time alone goes on, nobody has to wait for k Delta to know it", (t) => {
  const setting = timedSetting("silent", ["r0"], { protocol: pbftMutant("primary-forever") });
  for (const { end, violation, schedule, actions, loopFrom } of runsOf(setting, uniform, 20)) {
    t.is(end, "round");
    t.is(violation!.property, "clients-are-served");
    t.is(loopFrom, actions.length);
    t.true(schedule.untilMs < timing.gstMs + 49 * timing.deltaMs);
    t.is(schedule.untilMs - schedule.againMs!, timing.timeoutMs);
  }
});

test("with more than f faulty replicas nobody is served, and it is no violation", (t) => {
  for (const { end, violation } of runsOf(timedSetting("silent", ["r0", "r1"]), uniform, 20)) {
    t.is(end, "round");
    t.is(violation, null);
  }
});
