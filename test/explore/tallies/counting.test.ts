// Searches by tallies against those that look at every subset of the votes, and against the plain search, on random protocols that
// count: nothing is missing, and nothing is extra; also where votes for one topic matter to another one.

import test from "ava";
import fc from "fast-check";
import { search } from "../../../src/explore/search.js";
import type { SearchOptions } from "../../../src/explore/search-options.js";
import type { Setting } from "../../../src/model/setting.js";
import { countingModels, countingSetting, type Tie, ties } from "../../support/counting-protocol.js";

async function observed(setting: Setting, options: SearchOptions) {
  const observations: string[] = [];
  const { states, verdict, witnesses, tallies } = await search(setting, {
    ...options,
    onObservation: (monitors) => observations.push(JSON.stringify(monitors)),
  });
  return { states, verdict, messages: witnesses.messages, observations: observations.sort(), tallies };
}

/** What two searches must have in common, whatever states they store. */
function uncounted({ verdict, messages, observations }: Awaited<ReturnType<typeof observed>>) {
  return { verdict, messages, observations };
}

for (const kind of Object.keys(ties) as Tie["kind"][])
  test(`searches by tallies find what whole searches find: ${kind}`, async (t) => {
    let relied = 0;
    await fc.assert(
      fc.asyncProperty(countingModels(kind), async (model) => {
        const setting = countingSetting(model);
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
    t.true(relied > 0);
  });
