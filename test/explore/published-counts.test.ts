// The state counts of published models, as an independent explicit-state checker reports them.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { naiveSearch } from "../support/naive.js";
import { twoPhaseCommitSetting } from "../support/settings.js";

const statesOfTwoPhaseCommit = [12, 56, 288, 1568, 8832] as const;

for (const [index, states] of statesOfTwoPhaseCommit.entries())
  test(`two-phase commit with ${index + 1} resource managers has ${states} states`, async (t) => {
    const result = await search(twoPhaseCommitSetting(index + 1), { reduction: "none" });
    t.is(result.states, states);
    t.is(result.frontier, 0);
  });

test("the naive search finds the 288 states of two-phase commit with 3 resource managers too", (t) => {
  t.is(naiveSearch(twoPhaseCommitSetting(3)).states, 288);
});
