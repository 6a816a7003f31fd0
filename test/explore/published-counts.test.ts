// The state counts of published models, as an independent explicit-state checker reports them.

import test from "ava";
import { search } from "../../src/explore/search.js";
import { naiveSearch } from "../support/naive.js";
import { alone, commitWithBackup, readersWriters } from "../support/published-specs.js";
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

for (const [name, protocol, states, depth] of [
  ["two readers and writers have 390 states", readersWriters(2), 390, 8],
  ["two-phase commit with a backup manager has 1,245 states", commitWithBackup(3), 1245, 14],
] as const)
  test(`defined as one node, ${name}`, async (t) => {
    const found = await search(alone(protocol), { reduction: "none" });
    t.deepEqual([found.states, found.frontier, found.depth], [states, 0, depth]);
  });
