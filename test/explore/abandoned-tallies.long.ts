// Searches inside a node that go by tallies, abandoned at random points: nothing that is found, counted or learned about tallies may depend on that.
// See abandoned.long.ts.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import { agrees } from "../support/abandoned-search.js";
import { countingModels, countingSetting, favouringModels, ties } from "../support/counting-protocol.js";
import { streamlet } from "../support/streamlet-setting.js";

for (const [views, maxStates] of [
  [1, 60],
  [2, 40],
] as const)
  for (const reduction of ["visible-steps", "dominance"] as const)
    test.serial(
      `Streamlet, views 0-${views}, ${reduction}, by tallies: nothing that is found depends on what was abandoned`,
      async (t) => {
        const setting = { ...streamlet, bounds: { views } };
        t.true((await agrees(t, setting, { reduction, maxStates, tallies: "always" }, 2)) > 100);
        t.true((await search(setting, { reduction, maxStates, tallies: "always" })).tallies!.searches > 0);
      },
    );

test.serial(
  "random protocols that count: nothing that searches by tallies find depends on what was abandoned",
  async (t) => {
    const kinds = fc.constantFrom(...(Object.keys(ties) as (keyof typeof ties)[]));
    const models = fc.oneof(kinds.chain(countingModels), favouringModels);
    await fc.assert(
      fc.asyncProperty(models, fc.nat(), async (model, seed) => {
        for (const reduction of ["visible-steps", "dominance"] as const)
          await agrees(t, countingSetting(model), { reduction, tallies: "always" }, seed);
      }),
      { numRuns: 8, seed: 7 },
    );
  },
);
