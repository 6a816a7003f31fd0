// Two-phase commit, Paxos and Raft: what holds, what each flaw breaks. Their published numbers of states stand in
// test/explore/published-counts.test.ts and test/explore/networks.long.ts.

import test from "ava";
import { raft, raftRules } from "../../src/protocols/raft/index.js";
import { outcomes, suiteOutcomes } from "../support/other-protocols.js";

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
    "paxos, no adversary, once:keep, with clients: holds, 16668 states",
    "paxos, no adversary: holds, 2764 states",
    "paxos, silent at r0: holds, 24 states",
    "paxos/own-value, no adversary, once:keep, with clients: linearizable violated, 17 actions, 15264 states",
    "paxos/promises-broken, no adversary, once:keep, with clients: linearizable violated, 17 actions, 27991 states",
    "paxos/half-is-enough, no adversary: agreement violated, 8 actions, 87403 states",
  ]);
});

test("Raft keeps its promises, with crashes too; each mutant falls", async (t) => {
  const dear = ["write-fails-silently", "confirms-all", "late-confirmations-count"]; // raft-pack.long.ts
  const isCheap = ({ protocol }: { readonly protocol: string }) => !dear.includes(protocol.split("/")[1]!);
  t.deepEqual(await suiteOutcomes("raft", isCheap), [
    "raft, no adversary, terms 0-1: holds, 15028 states",
    "raft, no adversary, terms 0-2: holds, 22351 states",
    "raft, no adversary, terms 0-1, 1 crash, all recover: holds, 17102 states",
    "raft, no adversary, terms 0-1: holds, 11452 states", // pre-votes
    "raft, no adversary, terms 0-1: holds, 14840 states", // snapshots
    "raft, no adversary, terms 0-1: holds, 2225 states", // one change of members
    "raft, no adversary, terms 0-2: holds, 28234 states", // reads
    "raft/old-votes-count, no adversary, terms 0-2: election-safety violated, 7 actions, 1391 states",
    "raft/late-append-truncates, no adversary, terms 0-1: only-grows violated, 8 actions, 1987 states",
    "raft/heartbeat-truncates, no adversary, terms 0-1: only-grows violated, 8 actions, 677 states",
    "raft/commits-unmatched, no adversary, terms 0-2: agreement violated, 11 actions, 12400 states",
    "raft/follows-the-deposed, no adversary, terms 0-2: leader-completeness violated, 9 actions, 2564 states",
    "raft/match-falls, no adversary, terms 0-1: only-grows violated, 8 actions, 548 states",
    "raft/commit-falls, no adversary, terms 0-1: only-grows violated, 8 actions, 571 states",
    "raft/next-stays, no adversary, terms 0-1: only-grows violated, 6 actions, 146 states",
    "raft/stamps-late, no adversary, terms 0-2: log-matching violated, 8 actions, 1970 states",
    "raft/votes-twice, no adversary, terms 0-1: election-safety violated, 6 actions, 250 states",
    "raft/candidate-votes-again, no adversary, terms 0-1: election-safety violated, 6 actions, 214 states",
    "raft/leader-clears-votes, no adversary, terms 0-1: election-safety violated, 7 actions, 249 states",
    "raft/elects-anybody, no adversary, terms 0-2: leader-completeness violated, 9 actions, 6702 states",
    "raft/strangers-vote, no adversary, terms 0-1: election-safety violated, 6 actions, 340 states",
    "raft/vote-not-on-disk, no adversary, terms 0-1, 1 crash, all recover: election-safety violated, 8 actions, 1790 states",
    "raft/log-alone-on-disk, no adversary, terms 0-1, 1 crash, all recover: election-safety violated, 8 actions, 1997 states",
    "raft/vote-write-fails, no adversary, terms 0-1, 1 crash losing unsynced writes, all recover: election-safety violated, 8 actions, 1951 states",
    "raft/leader-pre-votes, no adversary, terms 0-2: leaders-stay violated, 7 actions, 520 states",
    "raft/pre-votes-are-votes, no adversary, terms 0-1: election-safety violated, 8 actions, 874 states",
    "raft/appends-what-is-compacted, no adversary, terms 0-1: log-matching violated, 10 actions, 358 states",
    "raft/term-of-snapshot, no adversary, terms 0-2: terms-grow violated, 14 actions, 8513 states",
    "raft/reads-unconfirmed, no adversary, terms 0-2: reads-are-fresh violated, 7 actions, 1786 states",
    "raft/reads-before-committing, no adversary, terms 0-2: reads-are-fresh violated, 9 actions, 8628 states",
    "raft/any-answer-is-contact, no adversary, terms 0-2: reads-are-fresh violated, 9 actions, 8863 states",
    "raft/half-is-enough, no adversary, terms 0-1: election-safety violated, 6 actions, 537 states",
  ]);
});

test("what a protocol defined from handlers may lose in a power failure is what it keeps of the states that it names", (t) => {
  const losing = {
    ...raftRules,
    unsynced: ({ log }: { readonly log: readonly unknown[] }) => [{ log: log.slice(1) as never }],
  };
  const { behaviour } = raft(losing).nodes({ ...config, replicas: 3 })[0]!;
  const state = { ...kept, log: [{ term: 1, value: "A" }], role: "leader", votes: ["r0"], followers: [] };
  t.deepEqual(behaviour.stable(state), { ...kept, log: state.log });
  t.deepEqual(behaviour.unsynced?.(state), [kept]);
});

const config = { replicas: 3, faults: 1, requests: 1, slots: 1, clients: false };
const kept = { term: 1, votedFor: "r0", snapshot: [], log: [], commit: 0 };

test("what servers of Raft have committed before the run begins is no request: validity holds from a leader on", async (t) => {
  t.deepEqual(
    await outcomes({
      ...{ protocol: "raft", views: 2, requests: 1, slots: 2, clients: false },
      ...{ set: { candidates: 2, led: true }, properties: ["validity", "agreement"] },
    }),
    ["raft, no adversary, terms 0-2: holds, 2192 states"],
  );
});

test("a change of members is no request either, and agreement compares it", async (t) => {
  t.deepEqual(
    await outcomes({
      ...{ protocol: "raft", views: 1, requests: 1, slots: 2, clients: false },
      ...{ set: { candidates: 1, changes: 1 }, properties: ["validity", "agreement"] },
    }),
    ["raft, no adversary, terms 0-1: holds, 4097 states"],
  );
});
