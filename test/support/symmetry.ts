// Searches with symmetry against those without: of random protocols both have the same verdict, and observe the same up to names.

import test from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import { Renaming } from "../../src/model/symmetry/renaming.js";
import type { Json } from "../../src/protocol/index.js";
import { counted } from "./against-naive.js";
import { observationText } from "./naive.js";
import { everythingSeen, randomModels, slotAgreement, symmetricSettingOf } from "./random-protocol.js";

/** What a search finds, and all that the properties observe in it. */
export async function observed(setting: Setting, reduction: Reduction, symmetry: boolean, maxStates = 1e6) {
  const observations: string[] = [];
  const result = await search(setting, {
    reduction,
    symmetry,
    maxStates,
    onObservation: (states) => observations.push(observationText(states)),
  });
  return { ...result, observations };
}

/** All that these exchanges make of observations. */
function closedUnder(observations: readonly string[], swaps: readonly (readonly string[][])[]): string[] {
  const all = new Set(observations.map((text) => observationText(JSON.parse(text) as Json[])));
  for (const text of all)
    for (const [a, b] of swaps) {
      const words = new Map([
        [a![0]!, b![0]!],
        [b![0]!, a![0]!],
      ]);
      all.add(observationText(new Renaming(words).apply(JSON.parse(text) as Json[])));
    }
  return [...all].sort();
}

/** The tests, of so many random protocols: how many were compared and violated, and of how many symmetry was refused. */
export function symmetryOfRandomProtocols(
  numRuns: number,
  counts: { readonly compared: number; readonly violated: number; readonly refused: number },
): void {
  for (const reduction of ["none", "visible-steps"] as const)
    test(`random protocols, ${reduction}: the same verdict, and the same is observed up to names`, async (t) => {
      let [compared, violated, refused] = [0, 0, 0];
      await fc.assert(
        fc.asyncProperty(randomModels, async (model) => {
          const setting = symmetricSettingOf(model, [everythingSeen, slotAgreement]);
          const plain = await observed(setting, reduction, false);
          const symmetric = await observed(setting, reduction, true);
          if (symmetric.symmetry === 1) {
            refused++;
            return;
          }
          compared++;
          t.is(symmetric.verdict, plain.verdict);
          t.is(symmetric.depth, plain.depth);
          t.true(symmetric.states <= plain.states && symmetric.states * symmetric.symmetry >= plain.states);
          if (plain.verdict === "violated") violated++;
          else {
            const correct = Array.from({ length: model.nodes - (model.adversary ? 1 : 0) }, (_, i) => [
              `r${i}`,
            ]);
            const swaps = correct.flatMap((a, i) => correct.slice(i + 1).map((b) => [a, b]));
            t.deepEqual(closedUnder(symmetric.observations, swaps), closedUnder(plain.observations, swaps));
          }
        }),
        { seed: 1, numRuns, endOnFailure: true },
      );
      t.deepEqual({ compared, violated, refused }, counts);
    });
}

/** The test of random protocols whose replicas are parted: how many had which verdict on which network. */
export function symmetryOfPartedProtocols(numRuns: number, counts: { readonly [end: string]: number }): void {
  test("random protocols whose replicas are parted: the same verdict with symmetry, and the same is observed up to names", async (t) => {
    const found: string[] = [];
    for (const [index, model] of fc.sample(randomModels, { seed: 3, numRuns }).entries()) {
      const shape = ["partitions", "one-way-partitions", "bridge-partitions"][index % 3]!;
      const base = symmetricSettingOf(model, [everythingSeen, slotAgreement]);
      const setting = { ...base, network: index % 2 === 0 ? shape : `${shape}:1` };
      const plain = await observed(setting, "none", false, 2000);
      const symmetric = await observed(setting, "none", true, 2000);
      if (plain.verdict === "inconclusive" || symmetric.symmetry === 1) continue;
      found.push(`${shape} ${plain.verdict}`);
      t.is(symmetric.verdict, plain.verdict);
      t.is(symmetric.depth, plain.depth);
      t.true(symmetric.states <= plain.states && symmetric.states * symmetric.symmetry >= plain.states);
      if (plain.verdict === "violated") continue;
      const correct = Array.from({ length: model.nodes - (model.adversary ? 1 : 0) }, (_, i) => [`r${i}`]);
      const swaps = correct.flatMap((a, i) => correct.slice(i + 1).map((b) => [a, b]));
      t.deepEqual(closedUnder(symmetric.observations, swaps), closedUnder(plain.observations, swaps));
    }
    t.deepEqual(counted(found), counts);
  });
}
