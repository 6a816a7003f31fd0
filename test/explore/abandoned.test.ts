// The expansion of a state may be abandoned before any step that is evaluated, and is then made again: on networks with inboxes, too, no
// delivery may be lost by that. All kinds of searches: abandoned.long.ts.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import { agrees } from "../support/abandoned-search.js";
import { whileTimeFlies } from "../support/abandoning.js";
import { countingModels, countingSetting, ties } from "../support/counting-protocol.js";
import { pbftSetting } from "../support/settings.js";

for (const network of ["fifo", "lossy:1"])
  test.serial(`${network}: no delivery is lost when an expansion is abandoned`, async (t) => {
    const setting = pbftSetting("equivocating-primary", "r0", { network });
    const found = async () => {
      const { verdict, states, transitions, depth } = await search(setting, { maxDepth: 6 });
      return { verdict, states, transitions, depth };
    };
    const calm = await found();
    t.true(calm.states > 100);
    t.deepEqual(await whileTimeFlies(1, found), calm);
  });

// Of more: abandoned.long.ts and abandoned-tallies.long.ts.
test.serial(
  "macro-steps are kept only from searches inside a node that were made to their end",
  async (t) => {
    const looks = await agrees(t, pbftSetting("lying-voter", "r0"), { reduction: "visible-steps" }, 1);
    t.true(looks > 30);
  },
);

test.serial("the same by tallies, of random protocols that count", async (t) => {
  const kinds = fc.constantFrom(...(Object.keys(ties) as (keyof typeof ties)[]));
  await fc.assert(
    fc.asyncProperty(kinds.chain(countingModels), fc.nat(), async (model, seed) => {
      await agrees(t, countingSetting(model), { reduction: "visible-steps", tallies: "always" }, seed);
    }),
    { numRuns: 5, seed: 7 },
  );
});
