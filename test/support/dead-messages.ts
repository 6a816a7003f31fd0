// Searches without dead messages against those with all: of random protocols both have the same verdict and observe the same.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import { observationText } from "./naive.js";
import { everythingSeen, mortalSettingOf, randomModels, slotAgreement } from "./random-protocol.js";

/** What a search finds, and all that the properties observe in it. */
export async function observed(
  setting: Setting,
  reduction: Reduction,
  deadMessages: boolean,
  symmetry = false,
) {
  const observations: string[] = [];
  const result = await search(setting, {
    reduction,
    deadMessages,
    symmetry,
    onObservation: (states) => observations.push(observationText(states)),
  });
  return { ...result, observations: observations.sort() };
}

/** The tests, of so many random protocols. `counts`: how many of their searches have fewer states, and how many find a violation. */
export function deadMessagesOfRandomProtocols(
  numRuns: number,
  counts: { readonly [reduction in "none" | "visible-steps"]: readonly [smaller: number, violated: number] },
): void {
  for (const reduction of ["none", "visible-steps"] as const)
    test(`random protocols, ${reduction}: the same verdict and the same observations`, async (t) => {
      let [smaller, violated] = [0, 0];
      await fc.assert(
        fc.asyncProperty(randomModels, async (model) => {
          for (const properties of [[everythingSeen], [everythingSeen, slotAgreement]]) {
            const setting = mortalSettingOf(model, properties);
            const all = await observed(setting, reduction, false);
            const fewer = await observed(setting, reduction, true);
            t.deepEqual(fewer.refused, []);
            t.is(fewer.verdict, all.verdict);
            // Where a dead message is sent again, a macro-step may end that ends nowhere with it.
            if (reduction === "none") t.true(fewer.states <= all.states);
            if (fewer.states < all.states) smaller++;
            if (all.verdict === "violated") {
              violated++;
              t.is(fewer.depth, all.depth);
            } else t.deepEqual(fewer.observations, all.observations);
          }
        }),
        { numRuns, seed: 11 },
      );
      t.deepEqual([smaller, violated], counts[reduction]);
    });
}
