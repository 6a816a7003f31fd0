// Two-phase commit and Paxos: what holds, what each flaw breaks. Their published numbers of states stand in
// test/explore/published-counts.test.ts and test/explore/networks.long.ts.

import test from "ava";
import { suiteOutcomes } from "../support/other-protocols.js";

test("two-phase commit agrees, and ends unless the coordinator stops; each mutant falls", async (t) => {
  t.deepEqual(await suiteOutcomes("two-phase-commit"), [
    "two-phase-commit, no adversary, views 0-0: holds, 251 states",
    "two-phase-commit, no adversary, views 0-0: holds, 8051 states",
    "two-phase-commit, silent at r0, views 0-0: termination violated, 3 actions, 1 states",
    "two-phase-commit, silent at r1, views 0-0: holds, 45 states",
    "two-phase-commit/commits-on-majority, no adversary, views 0-0: agreement violated, 6 actions, 115 states",
    "two-phase-commit/prepared-may-abort, no adversary, views 0-0: agreement violated, 8 actions, 202 states",
  ]);
});

test("Paxos is linearizable on a network that delivers once, and agrees on any; each mutant falls", async (t) => {
  t.deepEqual(await suiteOutcomes("paxos"), [
    "paxos, no adversary, views 0-0, once:keep, with clients: holds, 16668 states",
    "paxos, no adversary, views 0-0: holds, 2764 states",
    "paxos, silent at r0, views 0-0: holds, 24 states",
    "paxos/own-value, no adversary, views 0-0, once:keep, with clients: linearizable violated, 17 actions, 15264 states",
    "paxos/promises-broken, no adversary, views 0-0, once:keep, with clients: linearizable violated, 17 actions, 27991 states",
    "paxos/half-is-enough, no adversary, views 0-0: agreement violated, 8 actions, 87403 states",
  ]);
});
