// Searches by tallies against those that look at every subset of the votes, and against the plain search, on random protocols that
// count: nothing is missing, and nothing is extra; also where votes for one topic matter to another one.

import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import type { Setting } from "../../../src/model/setting.js";
import { hearing } from "../../../src/protocol/index.js";
import {
  type CountingModel,
  countingModels,
  countingSetting,
  favouringModels,
  type Tie,
  ties,
} from "../../support/counting-protocol.js";
import { everythingSeen } from "../../support/random-protocol.js";
import { observed, uncounted } from "../../support/tallies.js";

/** Searches by tallies, whole ones and the plain one, of random models; returns how many searches relied on tallies. */
async function compareTallies(
  models: fc.Arbitrary<CountingModel>,
  t: ExecutionContext,
  changes: Partial<Setting> = {},
): Promise<number> {
  let relied = 0;
  await fc.assert(
    fc.asyncProperty(models, async (model) => {
      const setting = { ...countingSetting(model), ...changes };
      const plain = await observed(setting, { reduction: "none" });
      for (const reduction of ["visible-steps", "dominance"] as const) {
        const whole = await observed(setting, { reduction, tallies: "never" });
        const tallied = await observed(setting, { reduction, tallies: "always" });
        t.deepEqual(uncounted(whole), uncounted(plain));
        t.deepEqual(uncounted(tallied), uncounted(plain));
        t.is(tallied.states, whole.states);
        t.is(whole.tallies, undefined);
        relied += tallied.tallies!.searches;
      }
    }),
    { seed: 20251129, numRuns: 10 },
  );
  return relied;
}

for (const kind of Object.keys(ties) as Tie["kind"][])
  test(`searches by tallies find what whole searches find: ${kind}`, async (t) => {
    t.true((await compareTallies(countingModels(kind), t)) > 0);
  });

test("searches by tallies find what whole searches find where it matters who has voted", async (t) => {
  t.true((await compareTallies(favouringModels, t)) > 0);
});

test("searches by tallies find what whole searches find where most events are heard by nobody", async (t) => {
  const kinds = fc.constantFrom(...(Object.keys(ties) as Tie["kind"][]));
  const properties = [{ ...everythingSeen, hears: hearing("special", "shows 0") }];
  t.true((await compareTallies(kinds.chain(countingModels), t, { properties })) > 0);
});
