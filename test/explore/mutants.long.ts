// The plain search is the oracle of the reduced ones: for PBFT and every mutant all see the same, and give the same
// verdicts on liveness.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { clientsAreServed } from "../../properties/clients-are-served.js";
import { integrity } from "../../properties/integrity.js";
import { validity } from "../../properties/validity.js";
import { search } from "../../src/explore/search.js";
import type { Reduction } from "../../src/explore/search-result.js";
import type { Setting } from "../../src/model/setting.js";
import type { Property } from "../../src/protocol/index.js";
import { pbft, pbftMutants } from "../../src/protocols/pbft/index.js";
import { pbftSetting, withClient } from "../support/settings.js";

/** Sees all that the property sees, and never ends a search. */
function watching(property: Property): Property {
  return {
    ...property,
    monitor: (facts) => ({ ...property.monitor(facts), verdict: () => "holds" as const }),
  };
}

async function observed(setting: Setting, reduction: Reduction) {
  const observations: string[] = [];
  const { frontier } = await search(setting, {
    reduction,
    onObservation: (states) => observations.push(JSON.stringify(states)),
  });
  return { frontier, observations: observations.sort() };
}

/**
 * Where no checkpoints are taken, mutants that are about checkpoints are PBFT, as is that of n = 5. Where proposals may replace each
 * other, the plain search is too long for a test.
 */
const comparable = pbftMutants.filter(
  ({ name, exposedBy }) =>
    !exposedBy.checkpointInterval && !exposedBy.replicas && name !== "pbft/second-pre-prepare-accepted",
);
const protocols = [pbft(), ...comparable.map(({ protocol }) => protocol)] as Setting["protocol"][];
const properties = [agreement, validity, integrity].map(watching);
const places = [
  ["equivocating-primary", "r0", 0],
  ["lying-voter", "r1", 0],
  ["silent", "r0", 1],
  ["silent", "r3", 1],
] as const;

for (const protocol of protocols)
  test(`${protocol.name}: reduced searches observe what the plain one does`, async (t) => {
    let several = 0;
    for (const [adversary, byzantine, views] of places) {
      const setting = pbftSetting(adversary, byzantine, { protocol, properties, bounds: { views } });
      const plain = await observed(setting, "none");
      t.is(plain.frontier, 0);
      for (const reduction of ["sleep-sets", "visible-steps", "dominance"] as const)
        t.deepEqual(await observed(setting, reduction), plain, `${reduction}, ${adversary} at ${byzantine}`);
      if (plain.observations.length > 1) several++;
    }
    t.true(several > 0);
  });

for (const protocol of protocols)
  test(`${protocol.name}: the reduced search gives the plain one's verdict on liveness`, async (t) => {
    for (const byzantine of ["r0", "r2"]) {
      const setting = pbftSetting("silent", byzantine, {
        protocol,
        config: withClient,
        properties: [clientsAreServed],
        bounds: { views: 1 },
      });
      const plain = await search(setting, { reduction: "none" });
      const reduced = await search(setting, { reduction: "visible-steps" });
      t.is(reduced.verdict, plain.verdict, byzantine);
      t.true(reduced.states <= plain.states);
    }
  });
