// Tests that sleep sets leave out so many transitions and no state, by numbers of states and of transitions with all and with those that are left.

import test from "ava";
import { agreement } from "../../properties/agreement.js";
import { search } from "../../src/explore/search.js";
import { fourReplicas, pbftSetting, twoPhaseCommitSetting } from "./settings.js";

type Counts = readonly [states: number, all: number, left: number];

/** Of two-phase commit, with a property and without. */
export function leavesOutOfTwoPhaseCommit(managers: number, [states, all, left]: Counts): void {
  for (const properties of [[], [agreement]])
    test(`two-phase commit ${managers}, ${properties.length} properties: ${states} states by ${left} transitions, not ${all}`, async (t) => {
      const setting = twoPhaseCommitSetting(managers, { properties });
      const plain = await search(setting, { reduction: "none" });
      const asleep = await search(setting, { reduction: "sleep-sets" });
      t.deepEqual([plain.states, plain.transitions], [states, all]);
      t.deepEqual([asleep.states, asleep.transitions, asleep.depth], [states, left, plain.depth]);
      t.deepEqual([asleep.verdict, asleep.reduction], [plain.verdict, "sleep-sets"]);
    });
}

/** Of PBFT under `arbitrary`, in views 0-1. */
export function leavesOutOfPbft(byzantine: string, requests: number, [states, all, left]: Counts): void {
  test(`PBFT, arbitrary ${byzantine}, ${requests} requests: ${states} states by ${left} transitions, not ${all}`, async (t) => {
    const config = { ...fourReplicas, requests };
    const setting = pbftSetting("arbitrary", byzantine, { config, bounds: { views: 1 } });
    const plain = await search(setting, { reduction: "none" });
    const asleep = await search(setting, { reduction: "sleep-sets" });
    t.deepEqual([plain.states, plain.transitions], [states, all]);
    t.deepEqual([asleep.states, asleep.transitions, asleep.depth], [states, left, plain.depth]);
  });
}
