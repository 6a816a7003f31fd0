// Puppets hear what is said and have their say on every network, and what they lie about is a small change: the Byzantine replica of `byzzfuzz`
// and `twins`, where the adversary itself observes nothing.

import test from "ava";
import * as Schema from "effect/Schema";
import { moduleEntry, settingFrom, settingIn } from "../../../src/catalogue/index.js";
import { BlockMaker } from "../../../src/fuzz/block.js";
import { strategyNamed } from "../../../src/fuzz/strategies/index.js";
import type { Setting } from "../../../src/model/setting.js";
import { defineProtocol, reply } from "../../../src/protocol/index.js";
import { pbftSetting } from "../../support/settings.js";

/** How many things the adversary has said in 20 runs. */
async function injections(strategy: string, network: string): Promise<number> {
  const setting = pbftSetting("lying-voter", "r2", { network, bounds: { views: 1 } });
  const maker = new BlockMaker(setting, {
    ...{ seed: 1, strategy: strategyNamed(strategy), maxActions: 200, maxRuns: 20, stopsAtFailure: true },
  });
  const { counts, failures } = await maker.make(0);
  if (failures.length > 0) throw new Error("correct PBFT violates something");
  return counts.kinds.inject ?? 0;
}

const expected: { readonly [strategy: string]: { readonly [network: string]: number } } = {
  byzzfuzz: { async: 90, once: 82, "once:keep": 83, fifo: 74, "lossy:1": 89, "duplicating:1": 99 },
  twins: { async: 115, once: 113, "once:keep": 105, fifo: 96, "lossy:1": 113, "duplicating:1": 113 },
};

for (const [strategy, byNetwork] of Object.entries(expected))
  for (const [network, count] of Object.entries(byNetwork))
    test(`${strategy} on ${network}: the puppet speaks`, async (t) => {
      t.is(await injections(strategy, network), count);
    });

/** How many runs of 60 come to their end. */
async function ended(setting: Setting): Promise<number> {
  const maker = new BlockMaker(setting, {
    ...{ seed: 1, strategy: strategyNamed("byzzfuzz"), maxActions: 200, maxRuns: 60, stopsAtFailure: true },
  });
  return (await maker.make(0)).counts.runs;
}

const around = {
  config: { replicas: 3, faults: 1, requests: 1, slots: 1, clients: false },
  ...{ byzantine: ["r0"], adversary: "delayer", network: "async", bounds: { views: 1 } },
};

test("a puppet of which every time-out begins a new term stays within the bounds", async (t) => {
  const setting = await settingFrom({ ...around, protocol: "raft", properties: ["election-safety"] });
  t.is(await ended(setting), 60);
});

test("a run ends where a puppet would send ever new messages that nobody can receive", async (t) => {
  const endless = defineProtocol({
    ...{ name: "endless", summary: "counts aloud", initial: { count: 0 } },
    messages: { count: { count: Schema.Number } },
    state: { count: Schema.Number },
    onStart: ({ self }, state) => (self === "r0" ? reply(state).setTimer("tick") : reply(state)),
    onTimer: {
      tick: (_, { count }) => {
        const next = count + 1;
        return reply({ count: next })
          .broadcast({ tag: "count" as const, count: next })
          .setTimer("tick");
      },
    },
    on: { count: (_, state) => reply(state) },
  });
  const entry = moduleEntry({ default: endless }, "endless");
  const setting = settingIn(entry, { ...around, protocol: "endless", properties: ["agreement"] });
  const mute = { ...setting.adversary!, name: "mute", speaks: true, observes: () => false, moves: () => [] };
  const { stepFaults: _, ...adversary } = mute;
  t.is(await ended({ ...setting, adversary }), 60);
});
