// The state counts of published models, as an independent explicit-state checker reports them.

import test from "ava";
import * as Schema from "effect/Schema";
import { assertViolated } from "turncoat/assert";
import barter, { properties as barterProperties } from "../../examples/barter.js";
import { search } from "../../src/explore/search.js";
import { invariant, world } from "../../src/protocol/index.js";
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

test("a guard over several messages at once takes any two that go together", async (t) => {
  const bounds = { replicas: 4, faults: 0, requests: 1, network: "once", traces: null };
  const { actions } = await assertViolated(barter, { ...bounds, properties: barterProperties });
  t.deepEqual(
    actions.map((action) => "choice" in action && action.choice),
    ["wait", "deal of r1 and r3"],
  );
});

test("a specification as a world of one node has as many states as its relation leads to", async (t) => {
  const clock = world({
    ...{ name: "clock", summary: "an hour clock that may stop", state: Schema.Number, initial: [1, 7] },
    next: (hour): { readonly [action: string]: readonly number[] } =>
      hour === 0 ? {} : { tick: [(hour % 12) + 1], stop: [0] },
  });
  const early = invariant<number>("before four", ([node]) => node!.state < 4);
  const setting = alone(clock);
  const { states, transitions } = await search(setting, { reduction: "none" });
  t.deepEqual([states, transitions], [13, 24]);
  const found = await search({ ...setting, properties: [early] }, { reduction: "none" });
  t.deepEqual([found.verdict, found.counterexample?.start], ["violated", { r0: "start 2" }]);
});
