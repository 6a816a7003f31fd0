// The expansion of a state may be abandoned wherever the clock is looked at, and is then made again: nothing that is counted may depend on
// that. Here time flies: nearly every evaluation of a step is a reason to abandon.

import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import type { SearchOptions } from "../../src/explore/search.js";
import { search } from "../../src/explore/search.js";
import type { SearchResult } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import { everythingSeen, randomModels, safetySettingOf, settingOf } from "../support/random-protocol.js";
import { pbftMutant, pbftSetting, withClient } from "../support/settings.js";

const now = performance.now.bind(performance);

/** Calls `work` while every question for the time is answered with one this many milliseconds later. */
async function whileTimeFlies<T>(ms: number, work: () => Promise<T>): Promise<T> {
  let time = now();
  performance.now = () => {
    time += ms;
    return time;
  };
  try {
    return await work();
  } finally {
    performance.now = now;
  }
}

function counts(result: SearchResult) {
  const { verdict, reason, properties, states, transitions, depth, witnesses, counterexamples } = result;
  return { verdict, reason, properties, states, transitions, depth, witnesses, counterexamples };
}

async function agrees(t: ExecutionContext, setting: Setting, options: SearchOptions) {
  const calm = await search(setting, options);
  let looks = 0;
  const onProgress = () => {
    looks++;
  };
  const hurried = await whileTimeFlies(40, () => search(setting, { ...options, onProgress }));
  t.deepEqual(counts(hurried), counts(calm));
  return looks;
}

const settings: { readonly [name: string]: readonly [Setting, SearchOptions] } = {
  "the plain search": [pbftSetting("equivocating-primary", "r0"), { reduction: "none" }],
  "visible steps": [pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }), {}],
  dominance: [pbftSetting("arbitrary", "r0"), { reduction: "dominance" }],
  "sleep sets": [pbftSetting("equivocating-primary", "r0"), { reduction: "sleep-sets" }],
  symmetry: [pbftSetting("equivocating-primary", "r0"), { symmetry: true }],
  "dead messages": [pbftSetting("equivocating-primary", "r0"), { deadMessages: true }],
  "a mutant that falls": [
    pbftSetting("equivocating-primary", "r0", { protocol: pbftMutant("votes-ignore-digest") }),
    { maxViolations: 3 },
  ],
  "a limit of states": [pbftSetting("lying-voter", "r1", { bounds: { views: 1 } }), { maxStates: 300 }],
  liveness: [
    pbftSetting("silent", "r0", { config: withClient, properties: [clientsAreServed], bounds: { views: 1 } }),
    {},
  ],
};

for (const [name, [setting, options]] of Object.entries(settings))
  test.serial(`${name}: what is counted does not depend on what was abandoned`, async (t) => {
    t.true((await agrees(t, setting, options)) > 100); // how often the limits were looked at
  });

test.serial("what is counted of random protocols does not depend on what was abandoned", async (t) => {
  await fc.assert(
    fc.asyncProperty(randomModels, async (model) => {
      for (const reduction of ["visible-steps", "dominance"] as const)
        await agrees(t, safetySettingOf(model), { reduction, maxStates: 300 });
      await agrees(t, settingOf(model, [everythingSeen]), { maxStates: 300 });
    }),
    { numRuns: 40, seed: 7 },
  );
  t.pass();
});
