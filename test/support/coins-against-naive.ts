// Searches of random tables and random protocols with coins against the naive search, which finds what chance decides as nested fixpoints.

import type { ExecutionContext } from "ava";
import fc from "fast-check";
import { search } from "../../src/explore/search.js";
import type { Setting } from "../../src/model/setting.js";
import { replayIn } from "../../src/trace/replay.js";
import { compareWith, counted, endOf, naively } from "./against-naive.js";
import { machine, tables, withoutChance } from "./coin-machine.js";
import { naiveSearch } from "./naive.js";
import { coinModels, restless, settingOf, withoutCoins } from "./random-protocol.js";
import { eventually } from "./toy-properties.js";

/** Larger random models say little more. */
const maxStates = 150;

/** Verdict, length of stem and loop, and whether it replays; all searches have to agree. */
export async function outcome(setting: Setting) {
  const { violation, lasso } = naiveSearch(setting);
  const { verdict, counterexample } = await search(setting, { reduction: "none" });
  const reduced = await search(setting, { reduction: "visible-steps" });
  const found = [verdict, reduced.verdict, counterexample?.loop !== undefined];
  const isViolated = violation !== null || lasso !== null;
  const expected = isViolated ? "violated" : "holds";
  if (JSON.stringify(found) !== JSON.stringify([expected, expected, lasso !== null]))
    throw new Error(`${found}, not ${expected}`);
  if (counterexample === null) return [verdict];
  const { actions, loop = [], property } = counterexample;
  return [verdict, actions.length, loop.length, replayIn(setting, property, counterexample).outcome];
}

/** How the first so many tables of one sample end; all searches have to agree. */
export async function randomTables(t: ExecutionContext, numRuns: number) {
  const verdicts = { holds: 0, stuck: 0, lasso: 0, becauseOfChance: 0 };
  for (const table of fc.sample(tables, { seed: 5, numRuns })) {
    const [verdict, , loop, replayed = "reproduced"] = await outcome(machine(table));
    t.is(replayed, "reproduced", JSON.stringify(table));
    verdicts[verdict === "holds" ? "holds" : loop === 0 ? "stuck" : "lasso"]++;
    if (verdict !== "holds") continue;
    const { violation, lasso } = naiveSearch(machine(withoutChance(table)));
    if (violation || lasso) verdicts.becauseOfChance++;
  }
  return verdicts;
}

/** The same of random protocols, in which nobody rests. */
export async function randomProtocols(t: ExecutionContext, numRuns: number) {
  const ends: string[] = [];
  for (const model of fc.sample(coinModels, { seed: 11, numRuns }).map(restless)) {
    for (const network of ["async", "once"]) {
      const setting = { ...settingOf(model, [eventually("x")]), network };
      const small = await search(setting, { reduction: "none", maxStates });
      const isCut = small.frontier > 0 && small.verdict !== "violated";
      const naive = isCut ? null : naively(setting, maxStates);
      if (naive === null) continue;
      for (const reduction of network === "async"
        ? (["none", "visible-steps"] as const)
        : (["none"] as const)) {
        const { found, expected } = await compareWith(naive, setting, reduction);
        t.deepEqual(found, expected, `${network} ${reduction} ${JSON.stringify(model)}`);
      }
      ends.push(`${network} ${endOf(naive)}`);
      if (endOf(naive) !== "holds") continue;
      const chosen = { ...settingOf(withoutCoins(model), [eventually("x")]), network };
      if (naively(chosen)?.lasso) ends.push("because of chance");
    }
  }
  return counted(ends);
}
