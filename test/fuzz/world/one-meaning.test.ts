// One meaning of "a node reacts": whatever a world of the fuzzer makes happen, its state is then the one to which
// the model's own action leads. So a trace of a run is one of the model.

import test from "ava";
import fc from "fast-check";
import { BlockCorpus } from "../../../src/fuzz/corpus.js";
import { Runner } from "../../../src/fuzz/run.js";
import { uniform } from "../../../src/fuzz/strategies/uniform.js";
import type { Witness } from "../../../src/fuzz/world/world.js";
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

for (const network of ["async", "once", "fifo", "lossy:1"])
  test(`${network}: random protocols with crashes`, (t) => {
    let total = 0;
    fc.assert(
      fc.property(randomModels, (model) => {
        const { compared, different } = differences({ ...safetySettingOf(model), network, bounds }, 4, 3);
        t.deepEqual(different, []);
        total += compared;
      }),
      { seed: 16, numRuns: 6 },
    );
    t.true(total > 60, `${total}`);
  });

for (const [name, setting] of [
  ["async", pbftSetting("arbitrary", "r0", { bounds: { views: 1 } })],
  ["virtual time", timedSetting("silent", ["r0"])],
] as const)
  test(`${name}: PBFT`, (t) => {
    const { compared, different } = differences(setting, 3, 7);
    t.deepEqual(different, []);
    t.true(compared > 60, `${compared}`);
  });
