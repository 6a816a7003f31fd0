// One meaning of "a node reacts": whatever a world of the fuzzer makes happen, its state is then the one to which
// the model's own action leads. So a trace of a run is one of the model.

import test from "ava";
import fc from "fast-check";
import { BlockCorpus } from "../../../src/fuzz/corpus.js";
import { Runner } from "../../../src/fuzz/run.js";
import { uniform } from "../../../src/fuzz/strategies/uniform.js";
import type { ObservedRun, Witness } from "../../../src/fuzz/world/world.js";
import type { Setting } from "../../../src/model/setting.js";
import { TransitionSystem } from "../../../src/model/system.js";
import { randomModels, safetySettingOf } from "../../support/random-protocol.js";
import { pbftSetting, timedSetting } from "../../support/settings.js";

/** Makes runs, performs each of their actions by itself too, and compares. Returns how many there were. */
function differences(
  setting: Setting,
  runs: number,
  seed: number,
): { compared: number; different: string[] } {
  const system = new TransitionSystem(setting);
  const different: string[] = [];
  let [compared, before] = [0, new Int32Array(0)];
  const witness: Witness = {
    began: ({ vector }) => {
      before = vector.slice();
    },
    happened: (world) => {
      const action = world.actions().at(-1)!;
      if (system.perform(before, action)?.join() !== world.vector.join())
        different.push(JSON.stringify(action));
      before = world.vector.slice();
      compared++;
    },
  };
  const runner = new Runner(system, witness, seed, 40);
  for (let run = 0; run < runs; run++) runner.run(uniform, run, new BlockCorpus(1));
  return { compared, different };
}

const bounds = { views: 1, crashes: 1, recovery: "always", losing: "volatile" } as const;

/** Of a protocol with slow steps, as a class has them, a world evaluates only what a strategy has chosen. */
const slow = (setting: Setting): Setting => ({
  ...setting,
  protocol: { ...setting.protocol, slowSteps: true },
});

for (const [network, set] of [
  ...["async", "once", "fifo", "lossy:1"].map((network) => [network, (setting: Setting) => setting] as const),
  ...["once", "fifo", "once:keep", "reordering:2", "lossy:1", "duplicating", "partitions:1"].map(
    (network) => [network, slow] as const,
  ),
])
  test(`${network}: random protocols with crashes${set === slow ? ", with slow steps" : ""}`, (t) => {
    let total = 0;
    fc.assert(
      fc.property(randomModels, (model) => {
        const setting = set({ ...safetySettingOf(model), network, bounds });
        const { compared, different } = differences(setting, 4, 3);
        t.deepEqual(different, []);
        total += compared;
      }),
      { seed: 16, numRuns: 6 },
    );
    t.true(total > 60, `${total}`);
  });

/** The names of all states that runs get to. */
function reached(setting: Setting, runs: number): Set<string> {
  const states = new Set<string>();
  const note = ({ high, low }: ObservedRun) => void states.add(`${high} ${low}`);
  const runner = new Runner(new TransitionSystem(setting), { began: note, happened: note }, 5, 40);
  for (let run = 0; run < runs; run++) runner.run(uniform, run, new BlockCorpus(1));
  return states;
}

for (const network of ["once", "fifo", "lossy:1", "partitions:1"])
  test(`${network}: with slow steps runs get to all states of small models to which they get otherwise`, (t) => {
    let total = 0;
    fc.assert(
      fc.property(randomModels, (model) => {
        const setting = { ...safetySettingOf(model), network, bounds };
        const states = reached(setting, 50);
        if (states.size < 8 || states.size > 25) return;
        const all = reached(slow(setting), 1000);
        t.deepEqual(
          [...states].filter((state) => !all.has(state)),
          [],
        );
        total += states.size;
      }),
      { seed: 16, numRuns: 25 },
    );
    t.true(total > 40, `${total}`);
  });

for (const [name, setting] of [
  ["async", pbftSetting("arbitrary", "r0", { bounds: { views: 1 } })],
  ["fifo, with slow steps", slow(pbftSetting("lying-voter", "r3", { network: "fifo" }))],
  ["virtual time", timedSetting("silent", ["r0"])],
] as const)
  test(`${name}: PBFT`, (t) => {
    const { compared, different } = differences(setting, 3, 7);
    t.deepEqual(different, []);
    t.true(compared > 50, `${compared}`);
  });
