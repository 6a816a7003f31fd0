// Puppets hear what is said and have their say on every network, and what they lie about is a small change: the Byzantine replica of `byzzfuzz`
// and `twins`, where the adversary itself observes nothing.

import test from "ava";
import { BlockMaker } from "../../../src/fuzz/block.js";
import { strategyNamed } from "../../../src/fuzz/strategies/index.js";
import { pbftSetting } from "../../support/settings.js";

/** How many things the adversary has said, of how many runs of 60. */
async function injections(strategy: string, network: string): Promise<number> {
  const setting = pbftSetting("lying-voter", "r2", { network, bounds: { views: 1 } });
  const maker = new BlockMaker(setting, {
    ...{ seed: 1, strategy: strategyNamed(strategy), maxActions: 200, maxRuns: 60, stopsAtFailure: true },
  });
  const { counts, failures } = await maker.make(0);
  if (failures.length > 0) throw new Error("correct PBFT violates something");
  return counts.kinds.inject ?? 0;
}

const expected: { readonly [strategy: string]: { readonly [network: string]: number } } = {
  byzzfuzz: { async: 265, once: 269, "once:keep": 247, fifo: 232, "lossy:1": 253, "duplicating:1": 278 },
  twins: { async: 331, once: 323, "once:keep": 312, fifo: 304, "lossy:1": 323, "duplicating:1": 323 },
};

for (const [strategy, byNetwork] of Object.entries(expected))
  for (const [network, count] of Object.entries(byNetwork))
    test(`${strategy} on ${network}: the puppet speaks`, async (t) => {
      t.is(await injections(strategy, network), count);
    });
