// The mutants of Raft: the protocol with one rule replaced.

import { type KnownViolation, mutantsOf } from "../mutant.js";
import { founders } from "./parameters.js";
import { raft } from "./protocol.js";
import { raftRules } from "./rules.js";
import { whole } from "./state.js";

/** Three servers, nobody lies, any order. */
const three: Omit<KnownViolation, "property" | "views"> = {
  ...{ clients: false, adversary: "none", byzantine: [], replicas: 3, faults: 0, requests: 1 },
};

/** Where members change twice, from the start on it is far: these begin where r0 leads. */
const led = { candidates: 2, led: true } as const;

const sandTable = "SandTable (EuroSys'24)";

/** A leader answers reads, and another one may be elected meanwhile. */
const reading = {
  ...{ property: "reads-are-fresh", views: 2, requests: 1, slots: 2 },
  set: { ...led, reads: 1 },
} as const;

export const raftMutants = mutantsOf("raft", raftRules, raft, [
  {
    name: "old-votes-count",
    flaw: "a candidate counts votes of earlier terms",
    source: `Xraft issue 33; ${sandTable}`,
    rules: { countsVote: ({ role }) => role === "candidate" },
    exposedBy: { ...three, property: "election-safety", views: 2 },
  },
  {
    name: "late-append-truncates",
    flaw: "whatever follows an append's previous entry is deleted, conflict or not",
    source: `RaftOS issue 26; CCF pull request 5991; ${sandTable}`,
    rules: {
      appended: ({ snapshot, log }, { prevIndex, entries }) => [
        ...log.slice(0, prevIndex - snapshot.length),
        ...entries,
      ],
    },
    exposedBy: { ...three, property: "only-grows", views: 1, slots: 2, requests: 2 },
  },
  {
    name: "heartbeat-truncates",
    flaw: "a heartbeat deletes what follows its previous entry, though its leader has sent that in the meantime",
    source: "willemt/raft issue 37",
    rules: {
      appended: (state, sent) =>
        sent.entries.length === 0
          ? state.log.slice(0, sent.prevIndex - state.snapshot.length)
          : raftRules.appended(state, sent),
    },
    exposedBy: { ...three, property: "only-grows", views: 1 },
  },
  {
    name: "commits-unmatched",
    flaw: "a follower commits up to the leader's commit index, though the append has not shown that its own entries are the leader's",
    source: "copycat issue 265; scylladb issue 9965",
    rules: {
      commitAfter: (commit, { commit: leaders }, _confirmed, last) =>
        Math.max(commit, Math.min(leaders, last)),
    },
    exposedBy: {
      ...three,
      property: "agreement",
      views: 2,
      requests: 2,
      set: { candidates: 2, heartbeats: true },
    },
  },
  {
    name: "follows-the-deposed",
    flaw: "a follower takes and confirms what a leader sends that it knows to be deposed",
    source: "tarantool issue 7253",
    rules: { follows: (state, sent) => state.role !== "leader" || raftRules.follows(state, sent) },
    exposedBy: { ...three, property: "leader-completeness", views: 2, set: { candidates: 2 } },
  },
  {
    name: "match-falls",
    flaw: "what is known of a follower is whatever its latest reply says, though replies come in any order",
    source: `RaftOS issue 25; ${sandTable}`,
    rules: { matchAfter: (_match, confirmed) => confirmed },
    exposedBy: { ...three, property: "only-grows", views: 1 },
  },
  {
    name: "commit-falls",
    flaw: "a follower's commit index is what the latest append allows, even below what it was",
    source: `PySyncObj issue 166; ${sandTable}`,
    rules: { commitAfter: (_commit, { commit }, confirmed) => Math.min(commit, confirmed) },
    exposedBy: { ...three, property: "only-grows", views: 1 },
  },
  {
    name: "next-stays",
    flaw: "a leader that learns what a follower has does not send what comes after, but the same again",
    source: `PySyncObj issue 167; ${sandTable}`,
    rules: { nextAfterReply: (next) => next },
    exposedBy: { ...three, property: "only-grows", views: 1 },
  },
  {
    name: "stamps-late",
    flaw: "a leader that is deposed between looking at its role and at its term stamps an entry with a term that it never won",
    source: "hashicorp/raft issue 695, found by Antithesis",
    rules: { mayAppend: () => true },
    exposedBy: { ...three, property: "log-matching", views: 2, requests: 2, set: { candidates: 2 } },
  },
  {
    name: "commits-old-terms",
    flaw: "a leader counts copies of entries of earlier terms too",
    source:
      "PySyncObj issue 169; canonical/raft issue 220; async-raft issue 108; nats-server PR 7955; the Raft paper, figure 8",
    rules: { mayCommit: () => true },
    exposedBy: { ...three, property: "leader-completeness", views: 4, set: { candidates: 2 } },
  },
  {
    name: "votes-twice",
    flaw: "a server votes for every candidate of a term",
    source: "nebula issue 2405; kerala issue 18",
    rules: { mayVote: () => true },
    exposedBy: { ...three, property: "election-safety", views: 1 },
  },
  {
    name: "candidate-votes-again",
    flaw: "a candidate does not remember that it has voted for itself, and votes for another one of the same term",
    source: "nebula pull request 3415",
    rules: { ownVote: () => null },
    exposedBy: { ...three, property: "election-safety", views: 1 },
  },
  {
    name: "leader-clears-votes",
    flaw: "a server that follows the leader of its term forgets whom it has voted for, and votes for another one",
    source: "camunda issue 5356; akka-raft issue 56; xraft issue 29",
    rules: { voteOfFollower: () => null },
    exposedBy: { ...three, property: "election-safety", views: 1 },
  },
  {
    name: "elects-anybody",
    flaw: "a server votes for a candidate whose log is not as complete as its own",
    source: "jgroups-raft issue 14; akka-raft issue 30",
    rules: { isUpToDate: () => true },
    exposedBy: { ...three, property: "leader-completeness", views: 2 },
  },
  {
    name: "strangers-vote",
    flaw: "votes of servers that are no members count",
    source: "a case study of N2Paxos, 2026",
    rules: { votesAmong: (_members, votes) => votes.length },
    exposedBy: { ...three, property: "election-safety", views: 1, replicas: 4, set: { members: 3 } },
  },
  {
    name: "vote-not-on-disk",
    flaw: "whom a server has voted for does not survive its crash",
    source: "raft-java issue 57; the Raft paper, figure 2 (persistent state)",
    rules: { durable: () => raftRules.durable().filter((field) => field !== "votedFor") },
    exposedBy: { ...three, property: "election-safety", views: 1, crashes: 1, recovery: "always" },
  },
  {
    name: "log-alone-on-disk",
    flaw: "a server writes its log to the disk, but neither its term nor its vote",
    source: "PySyncObj issue 201 and pull request 202",
    rules: { durable: () => ["snapshot", "log", "commit"] },
    exposedBy: { ...three, property: "election-safety", views: 1, crashes: 1, recovery: "always" },
  },
  {
    name: "vote-write-fails",
    flaw: "a vote is given although writing it has failed, and a crash loses it",
    source: "dragonboat pull request 409; sofa-jraft and braft ignore what the write returns, too",
    rules: { unsynced: ({ votedFor }) => (votedFor === null ? [] : [{ votedFor: null }]) },
    exposedBy: {
      ...{ ...three, property: "election-safety", views: 1 },
      ...{ crashes: 1, recovery: "always", losing: "unsynced" },
    },
  },
  {
    name: "write-fails-silently",
    flaw: "an entry is confirmed although its write has failed, and a crash loses it",
    source: "dragonboat pull request 409",
    rules: { unsynced: ({ log }) => (log.length === 0 ? [] : [{ log: log.slice(0, -1) }]) },
    exposedBy: {
      ...{ ...three, property: "leader-completeness", views: 2, set: { candidates: 2 } },
      ...{ crashes: 1, recovery: "always", losing: "unsynced" },
    },
  },
  {
    name: "confirms-all",
    flaw: "a follower confirms its whole log, not what the append has shown to be the leader's",
    source: "CCF pull request 6001; NSDI'25",
    rules: { confirmed: ({ snapshot, log }) => snapshot.length + log.length },
    exposedBy: { ...three, property: "leader-completeness", views: 3, set: { candidates: 2 } },
  },
  {
    name: "leader-pre-votes",
    flaw: "a leader gives pre-votes, too, so a server that has not heard from it for long deposes it",
    source: `DaosRaft issue 70; ${sandTable}`,
    rules: { mayPreVote: () => true },
    exposedBy: { ...three, property: "leaders-stay", views: 2, set: { candidates: 2, preVote: true } },
  },
  {
    name: "pre-votes-are-votes",
    flaw: "a candidate counts a pre-vote that comes late as a vote, for both are of the term that it stands in",
    source: "canonical/raft issue 196",
    rules: { isVote: ({ role, term }, given) => role === "candidate" && given.term === term },
    exposedBy: { ...three, property: "election-safety", views: 1, set: { candidates: 2, preVote: true } },
  },
  {
    name: "appends-what-is-compacted",
    flaw: "an append is compared with the log alone, so what the snapshot stands for is appended once more",
    source: `WRaft issue 118.1; ${sandTable}`,
    rules: {
      appended: ({ snapshot, log }, { prevIndex, entries }) => {
        const at = (i: number) => prevIndex + i - snapshot.length;
        const conflict = entries.findIndex(({ term }, i) => log[at(i)]?.term !== term);
        return conflict < 0 ? log : [...log.slice(0, Math.max(0, at(conflict))), ...entries.slice(conflict)];
      },
    },
    exposedBy: {
      ...three,
      property: "log-matching",
      views: 1,
      slots: 2,
      requests: 2,
      set: { candidates: 1, snapshots: true },
    },
  },
  {
    name: "term-of-snapshot",
    flaw: "who installs a snapshot goes back to the term of its last entry",
    source: `WRaft issue 118.4; ${sandTable}`,
    rules: { termAfterSnapshot: (_term, { term }) => term },
    exposedBy: { ...three, property: "terms-grow", views: 2, set: { candidates: 2, snapshots: true } },
  },
  {
    name: "reads-unconfirmed",
    flaw: "a leader answers reads without asking a majority whether it still leads",
    source: "d-engine issue 381",
    rules: { readQuorum: () => 1 },
    exposedBy: { ...three, ...reading },
  },
  {
    name: "reads-before-committing",
    flaw: "a new leader answers reads up to its commit index before it has committed anything in its own term",
    source: "etcd issue 7331; tikv issue 9208 and pull request 6340; redisraft pull request 22",
    rules: { mayRead: () => true },
    exposedBy: { ...three, ...reading },
  },
  {
    name: "late-confirmations-count",
    flaw: "an answer that confirmed an earlier read comes late, and confirms the next one",
    source: "etcd issue 20418",
    rules: { confirms: ({ term }, said) => said.term === term },
    exposedBy: { ...three, ...reading, set: { ...reading.set, reads: 2 } },
  },
  {
    name: "any-answer-is-contact",
    flaw: "an answer confirms that a leader still leads though it names a later term",
    source: "hashicorp/raft issue 666, where such answers prolong a lease",
    rules: { confirms: ({ read }, said) => said.read === read?.number },
    exposedBy: { ...three, ...reading },
  },
  {
    name: "two-changes-at-once",
    flaw: "a leader changes members although the last change is not committed",
    source: "copycat issue 26; the Raft thesis, section 4.1",
    rules: { mayChange: ({ role }) => role === "leader" },
    exposedBy: {
      ...{ ...three, property: "agreement", views: 2, slots: 2 },
      set: { candidates: 2, changes: 2 },
    },
  },
  {
    name: "changes-before-committing",
    flaw: "a leader changes members before it has committed anything in its own term",
    source: "Ongaro, raft-dev, 2015; copycat issue 23; axon-server-se pull request 120",
    rules: {
      mayChange: (state) =>
        whole(state)
          .slice(state.commit)
          .every(({ members }) => !members),
    },
    exposedBy: {
      ...{ ...three, property: "leader-completeness", views: 3, replicas: 4, slots: 2 },
      set: { ...led, changes: 1 },
    },
  },
  {
    name: "stands-with-old-members",
    flaw: "members change when that is applied, and a server stands for election with those that it began with, though its log has later ones",
    source: "etcd issue 7280",
    rules: {
      members: (config, { snapshot, log, commit }) =>
        raftRules.members(config, { snapshot: [], log: [...snapshot, ...log].slice(0, commit), commit }),
      electors: (config) => founders(config),
    },
    exposedBy: {
      ...{ ...three, property: "leader-completeness", views: 2, slots: 4 },
      set: { ...led, changes: 2 },
    },
  },
  {
    name: "half-is-enough",
    flaw: "half of the servers count as a majority",
    source: "textbook",
    rules: { majority: (servers) => Math.ceil(servers / 2) },
    exposedBy: { ...three, property: "election-safety", views: 1, replicas: 4 },
  },
]);
