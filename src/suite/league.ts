// The league: flaws that were seen in live or published code, with what another tool needed to find each where it has said so. `npm run league`
// measures ours beside it. Figures are from the sources named; the other machines, models and bounds differ from ours.

import type { CatalogueRun } from "./flaws.js";

/** What another tool needed to find a flaw. */
export interface Published {
  /** Who has published the figures. */
  readonly tool: string;
  /** States of the shortest trace. */
  readonly depth: number;
  /** Distinct states up to the violation. */
  readonly states: number;
  readonly time: string;
}

const specula = "Specula (TLC)";
const sandTable = "SandTable (EuroSys'24)";

/** By the mutant's name. */
export const published: { readonly [mutant: string]: Published } = {
  "raft/old-votes-count": { tool: sandTable, depth: 8, states: 3_534, time: "3 s" },
  "raft/late-append-truncates": { tool: sandTable, depth: 9, states: 19_455, time: "4 s" },
  "raft/match-falls": { tool: sandTable, depth: 10, states: 60_101, time: "5 s" },
  "raft/commit-falls": { tool: sandTable, depth: 13, states: 93_713, time: "6 s" },
  "raft/next-stays": { tool: sandTable, depth: 18, states: 189_725, time: "7 s" },
  "raft/vote-write-fails": { tool: specula, depth: 10, states: 1_316_461, time: "-" },
  "raft/write-fails-silently": { tool: specula, depth: 11, states: 13_060, time: "-" },
  "raft/leader-pre-votes": { tool: sandTable, depth: 8, states: 476, time: "5 s" },
  "raft/appends-what-is-compacted": { tool: sandTable, depth: 22, states: 5_954_049, time: "9 min" },
  "raft/term-of-snapshot": { tool: sandTable, depth: 23, states: 48_338_241, time: "39 min" },
  "tendermint/own-extension-unchecked": {
    ...{ tool: "the reporters of the issue", depth: 22, states: 26_000_000, time: "-" },
  },
  "autobahn/vote-signs-no-value": { tool: specula, depth: 14, states: 112_000, time: "27 s" },
  "autobahn/lanes-in-any-order": { tool: specula, depth: 9, states: 361, time: "<1 s" },
};

/** What was reported as a flaw and is not one, or is not agreed to be one: no row of the league. */
export const contested: readonly { readonly item: string; readonly why: string }[] = [
  {
    item: "CometBFT: nil precommits are waited for (issue 1431)",
    why: "the Tendermint paper waits there too, and tendermint PR 2493 put the wait in because the jump breaks liveness; it costs time only",
  },
  {
    item: "Besu QBFT: the committed latch",
    why: "the study's second report withdraws it: nodes leave by round change and block sync",
  },
  {
    item: "AptosBFT: an order vote does not raise the last voted round",
    why: "structural only; the caller's round counter covers it, and 154 million states show no violation",
  },
  {
    item: "GRANDPA: MC-1, MC-2 and MC-4 of a case study",
    why: "its later summary calls them false positives; only the lost vote record stands",
  },
  {
    item: "votes not written atomically (hashicorp/raft issue 661, sofa-jraft issue 1241)",
    why: "the crash comes before the vote is sent, so no double vote follows; the flaw is to answer although the write failed: raft/vote-write-fails and raft/write-fails-silently",
  },
  { item: "Autobahn DA-28: a lock is missing", why: "withdrawn by its authors" },
  { item: "braft MC-2: a snapshot's reply ignores the term", why: "reviewed: by design" },
  {
    item: "Alpenglow: skip and notarize together (agave issues 14267, 14268)",
    why: "claims for a bounty, closed without a maintainer's word",
  },
];

/** What was seen in code and no protocol of the catalogue can express, or nothing that was searched to its end: no row of the league. */
export const unexpressed: readonly { readonly item: string; readonly why: string }[] = [
  {
    item: "Autobahn DA-6 and DA-14 (a second vote to confirm, a later commit that overwrites)",
    why: "alone they break nothing: one prepare vote a view leaves one certificate, and it confirms one value",
  },
  {
    item: "Tendermint: rounds change early on nil precommits (tendermint issue 1690)",
    why: "it matters only where time is measured: precommits of nil are left out of the model, and timers fire at any moment",
  },
  {
    item: "Malachite: certificates of rounds are hardly checked (malachite issue 1036)",
    why: "rounds are not skipped in the model (line 55 of the paper), and nobody is moved by a certificate",
  },
  {
    item: "PySyncObj issue 167, the reply that is off by one",
    why: "one too many reads beyond the log in ours, which is an error at once; one too few repeats an append for ever, and the commit index is the only thing that suffers",
  },
  {
    item: "etcd-io/raft commit bd3c759 and etcd issue 12136",
    why: "joint configurations: our Raft changes one member at a time",
  },
  {
    item: "EPaxos: two ballots in one field on the disk",
    why: "on single-decree Paxos with two proposers it breaks nothing (20,060 states); three were not searched to the end",
  },
  {
    item: "dragonboat's snapshot status, and leases that outlive the leader's term",
    why: "they are about time: which leader has heard from whom within a timeout. Reads are confirmed by messages in ours, and what counts as contact is raft/any-answer-is-contact and raft/late-confirmations-count",
  },
  {
    item: "CCF: votes are tallied over the union of pending configurations; members leave before their removal is committed",
    why: "our Raft has one configuration at a time; who leaves too soon costs progress only, and a leader of Raft is promised to nobody without clocks",
  },
  {
    item: "SmartBFT pull request 538: a replica stops in a view change whose proposal in flight is one behind a decision",
    why: "its view change carries the last decision and the proposal in flight, and compares them; PBFT's carries prepared certificates, and has nothing to compare",
  },
  {
    item: "FaB, parameterized: the vouching rule can forbid every value (arXiv 1712.01367)",
    why: "the rule chooses what a new leader may propose from signed answers of n - f, with a second bound t; no protocol of the catalogue has such a bound",
  },
  {
    item: "XRPL: overlap of trust lists, and 2k + 1 nodes that one liar splits (OPODIS 2020)",
    why: "each node has quorums of its own list, and thresholds rise as time passes; protocols here have one set of replicas",
  },
  {
    item: "ZooKeeper's election (SandTable), whose order of votes is not total",
    why: "votes there are exchanged until a round is quiet, and compare epoch, transaction and server: a protocol of its own, and not Raft's election",
  },
  { item: "Mysticeti and Sui's DAG, Alpenglow", why: "protocols that the catalogue does not have" },
];

/** Correct forms in a setting that they do not bear, where somebody has shown what becomes of them. */
const controls: { readonly [protocol: string]: Pick<CatalogueRun, "flaw" | "source"> } = {
  minimmit: {
    flaw: "two of six replicas lie, and only one may",
    source:
      "commonware's specification of Minimmit (main_n6f1b2); of ChonkyBFT, with the same bound, only a test written by hand found it (2024)",
  },
};

/** What is known of a run that needs no flawed rule. */
function withControl(run: CatalogueRun): CatalogueRun {
  const control = run.flaw === null ? controls[run.planned.description.protocol] : undefined;
  return control ? { ...run, ...control } : run;
}

/** Whether a flaw was seen in code, or is told of in a paper about code. */
function isSeen({ flaw, source }: CatalogueRun): boolean {
  return (
    flaw !== null &&
    source !== null &&
    /\bissues? \d|pull request|case study|\bPR \d|Twins|ByzzFuzz|specification of|BFT-SMaRt|IBFT before|2310\.09006|vsr-tlaplus|DISC 2017/.test(
      source,
    )
  );
}

/** The runs of the league among those of the catalogue. */
export function leagueRuns(runs: readonly CatalogueRun[]): readonly CatalogueRun[] {
  return runs
    .filter((run) => run.planned.expect === "violated")
    .map(withControl)
    .filter(isSeen);
}
