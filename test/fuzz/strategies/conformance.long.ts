// What every strategy owes: its runs are runs of the model, depend on nothing but the seed and their number, come to something,
// and can be made again from their path.

import test from "ava";
import { clientsAreServed } from "../../../properties/clients-are-served.js";
import { BlockMaker, type CampaignPlan, makeAgain } from "../../../src/fuzz/block.js";
import { BlockCorpus } from "../../../src/fuzz/corpus.js";
import { Runner } from "../../../src/fuzz/run.js";
import { strategies } from "../../../src/fuzz/strategies/index.js";
import type { Strategy } from "../../../src/fuzz/strategy.js";
import type { Action } from "../../../src/model/action.js";
import type { Setting } from "../../../src/model/setting.js";
import { TransitionSystem } from "../../../src/model/system.js";
import { type Violation, Walk } from "../../../src/model/walk.js";
import { pbftMutant, pbftSetting, withClient } from "../../support/settings.js";

const withInboxes: { readonly [name: string]: Setting } = {
  once: pbftSetting("equivocating-primary", "r0", { network: "once" }),
  "once:keep": pbftSetting("arbitrary", "r0", { network: "once:keep", bounds: { views: 1 } }),
  fifo: pbftSetting("lying-voter", "r3", { network: "fifo" }),
  "lossy:2": pbftSetting("silent", "r3", { network: "lossy:2", bounds: { views: 1 } }),
  "duplicating:1": pbftSetting("silent", "r3", { network: "duplicating:1", bounds: { views: 1 } }),
};

/** The same where only what is chosen is evaluated, as with classes. */
const slow = Object.fromEntries(
  Object.entries(withInboxes).map(([name, setting]) => [
    `${name}, slow steps`,
    { ...setting, protocol: { ...setting.protocol, slowSteps: true } },
  ]),
);

const settings: { readonly [name: string]: Setting } = {
  "arbitrary primary": pbftSetting("arbitrary", "r0", { bounds: { views: 1 } }),
  "arbitrary backup, client": pbftSetting("arbitrary", "r2", { bounds: { views: 1 }, config: withClient }),
  "a flaw": pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("quorum-2f") }),
  crashes: pbftSetting("silent", "r3", { bounds: { views: 1, crashes: 1 } }),
  "a twin, a puppet of the model": pbftSetting("twin", "r0"),
  ...withInboxes,
  ...slow,
};

interface Made {
  readonly start: Walk["start"];
  readonly actions: readonly Action[];
  readonly violation: Violation | null;
  readonly initial: number;
  readonly trace: Int32Array;
}

/** Makes runs by themselves, those of guided strategies made of the ones before. */
function runs(setting: Setting, strategy: Strategy, numbers: readonly number[]): Made[] {
  const nobody = { began: () => {}, happened: () => {} };
  const { world, ...runner } = runnerOf(setting, nobody);
  const corpus = new BlockCorpus(1);
  return numbers.map((run) => {
    runner.run(strategy, run, corpus);
    const { start, violation, initial } = world;
    const made = { start, actions: world.actions(), violation, initial, trace: world.trace() };
    corpus.keep(run, made.trace, initial, [
      { events: Math.floor(world.events / 2), situation: 2 * run },
      { events: world.events, situation: 2 * run + 1 },
    ]);
    return made;
  });
}

/** What a run is, without numbers of this process. */
function contentOf({ start, actions, violation }: Made) {
  return { start, actions, violation };
}

function runnerOf(setting: Setting, witness: ConstructorParameters<typeof Runner>[1]) {
  const runner = new Runner(new TransitionSystem(setting), witness, 1, 200);
  return {
    world: runner.world,
    run: (strategy: Strategy, number: number, corpus: BlockCorpus) => runner.run(strategy, number, corpus),
  };
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

for (const strategy of strategies) {
  const { name } = strategy;
  const plan = (changes: Partial<CampaignPlan> = {}): CampaignPlan => ({
    ...{ seed: 1, strategy, maxActions: 200, maxRuns: 60, stopsAtFailure: true },
    ...changes,
  });

  for (const [title, setting] of Object.entries(settings)) {
    test(`${name}: runs are runs of the model, and end with the first violation: ${title}`, (t) => {
      const system = new TransitionSystem(setting);
      for (const { start, actions, violation } of runs(setting, strategy, range(12))) {
        const walk = Walk.begin(system, start)!;
        for (const action of actions) {
          t.is(walk.violation(), null);
          t.true(walk.perform(action), JSON.stringify(action));
        }
        t.deepEqual(walk.violation(), violation);
      }
    });
  }

  if (name !== "guided" && name !== "mixed")
    test(`${name}: a run does not depend on what was made before it in the same system`, (t) => {
      const setting = settings["arbitrary primary"]!;
      const all = runs(setting, strategy, range(20));
      for (const number of [3, 11, 19])
        t.deepEqual(contentOf(runs(setting, strategy, [number])[0]!), contentOf(all[number]!));
    });

  test(`${name}: a block is the same whoever makes it, and whatever else was made before`, async (t) => {
    const setting = settings["arbitrary backup, client"]!;
    const [used, fresh] = [new BlockMaker(setting, plan()), new BlockMaker(setting, plan())];
    await used.make(0);
    const [again, first] = [await used.make(0), await fresh.make(0)];
    t.is(first.counts.runs, 60);
    t.deepEqual(again.counts, first.counts);
  });

  test(`${name}: the run that has failed is made again from its path`, async (t) => {
    const setting = pbftSetting("silent", "r3", {
      protocol: pbftMutant("view-change-forgets"),
      bounds: { views: 1 },
    });
    const options = plan({ maxRuns: 5000 });
    const { failures } = await new BlockMaker(setting, options).make(0);
    t.is(failures.length, 1);
    const { path, counterexample } = failures[0]!;
    t.deepEqual(makeAgain(setting, options, path).failures[0]?.counterexample, counterexample);
  });

  test(`${name}: at least half of the runs decide, also behind a silent primary of a later view`, async (t) => {
    for (const silent of ["r1", "r3"]) {
      const setting = pbftSetting("silent", silent, { bounds: { views: 1 } });
      const { counts } = await new BlockMaker(setting, plan({ maxRuns: 200 })).make(0);
      t.is(counts.runs, 200);
      t.true(counts.decided >= 100, `${counts.decided} of 200`);
    }
  });

  test(`${name}: runs are fair in the end: correct PBFT serves its client`, async (t) => {
    const setting = pbftSetting("silent", "r0", {
      ...{ config: withClient, bounds: { views: 1 }, properties: [clientsAreServed] },
    });
    const { counts, failures } = await new BlockMaker(setting, plan()).make(0);
    t.deepEqual(failures, []);
    t.is(counts.decided, 60);
    t.is(counts.comparisons[0], 60); // one client in each run
  });
}
