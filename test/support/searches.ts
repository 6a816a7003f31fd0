// Campaigns of searches for tests: a plan, and what comes of it in one process.

import { type CheckPlan, type MadeSearch, planCheck } from "../../src/campaign/index.js";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { identityOf } from "../../src/identity/identity.js";
import type { PlannedRun } from "../../src/suite/plan.js";
import type { RunOptions } from "../../src/suite/side-by-side.js";
import { firstSetting } from "./campaigns.js";

/** A suite of one search of each protocol. */
export async function searchesOf(
  protocols: readonly string[],
  options: RunOptions = {},
  expect: PlannedRun["expect"] = null,
): Promise<CheckPlan> {
  const runs = await Promise.all(
    protocols.map(async (protocol) => {
      const description = await firstSetting(protocol);
      return { description, expect, reduction: null, identity: await identityOf(description), options };
    }),
  );
  return planCheck({ protocol: null, mutants: false }, [{ name: "mine", runs }]);
}

/** The same searches made here, without times and memory. */
export async function madeHere({ suites }: CheckPlan): Promise<unknown[]> {
  const made: unknown[] = [];
  for (const { description, options } of suites.flatMap(({ runs }) => runs))
    made.push(untimed({ result: await search(await settingFrom(description), options) }));
  return made;
}

/** A search without times and memory. */
export function untimed(made: MadeSearch): unknown {
  if ("error" in made) return made;
  const { seconds: _, statesPerSecond: __, peakMemoryBytes: ___, ...rest } = made.result;
  return JSON.parse(JSON.stringify(rest));
}
