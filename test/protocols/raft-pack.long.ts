// The flaws of Raft for which another tool has published figures, within bounds like its own: three servers that may all stand for election, terms
// 0 to 3, three entries, two values, and a network that loses, doubles and reorders. docs/performance.md has the figures of both.

import test from "ava";
import { settingFrom } from "../../src/catalogue/index.js";
import { search } from "../../src/explore/search.js";
import { suiteOutcomes } from "../support/other-protocols.js";

for (const [mutant, property, set, actions, states] of [
  ["old-votes-count", "election-safety", {}, 7, 958],
  ["late-append-truncates", "only-grows", {}, 8, 3249],
  ["match-falls", "only-grows", {}, 8, 2836],
  ["commit-falls", "only-grows", {}, 8, 3140],
  ["next-stays", "only-grows", {}, 6, 352],
  ["leader-pre-votes", "leaders-stay", { preVote: true }, 7, 330],
  ["appends-what-is-compacted", "log-matching", { snapshots: true }, 10, 2882],
  ["term-of-snapshot", "terms-grow", { snapshots: true }, 14, 149988],
] as const)
  test(`raft/${mutant} falls within the bounds of the other tool`, async (t) => {
    const setting = await settingFrom({
      ...{ protocol: `raft/${mutant}`, byzantine: [], adversary: null, network: "async" },
      config: { replicas: 3, faults: 0, requests: 2, slots: 3, clients: false, set },
      ...{ bounds: { views: 3 }, properties: [property] },
    });
    const found = await search(setting, { reduction: "visible-steps", symmetry: true });
    t.deepEqual(
      [found.verdict, found.counterexample!.actions.length, found.states],
      ["violated", actions, states],
    );
    t.deepEqual(found.refused, []);
  });

// The rest of its suite: crash-faults.test.ts.
test("the flaws of Raft that fall after tens of thousands of states", async (t) => {
  const dear = ["raft/write-fails-silently", "raft/confirms-all", "raft/late-confirmations-count"];
  t.deepEqual(await suiteOutcomes("raft", ({ protocol }) => dear.includes(protocol)), [
    "raft/write-fails-silently, no adversary, terms 0-2, 1 crash losing unsynced writes, all recover: leader-completeness violated, 11 actions, 35498 states",
    "raft/confirms-all, no adversary, terms 0-3: leader-completeness violated, 13 actions, 51425 states",
    "raft/late-confirmations-count, no adversary, terms 0-2: reads-are-fresh violated, 11 actions, 35836 states",
  ]);
});
