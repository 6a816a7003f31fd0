// PBFT with one rule replaced, flaw by flaw. Each falls in the setting that stands beside it; all of them are checked in
// every run of the suite, so a property or an adversary that stops working is noticed at once.

import type { Json, Protocol } from "../../protocol/index.js";
import type { Downfall, Mutant } from "../mutant.js";
import { pbft } from "./protocol.js";
import { pbftRules, type Rules } from "./rules.js";

interface Definition {
  readonly name: string;
  readonly flaw: string;
  readonly source: string;
  readonly rules: Partial<Rules>;
  readonly falls: Downfall;
}

const agreement = { property: "agreement", clients: false } as const;

const definitions: readonly Definition[] = [
  {
    name: "quorum-2f",
    flaw: "prepared and committed need 2f votes instead of 2f+1",
    source: "textbook",
    rules: { quorum: ({ faults }) => 2 * faults },
    // That is the weakest adversary in view 0. With views 0-1 the flaw needs no Byzantine replica at all.
    falls: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "votes-ignore-digest",
    flaw: "votes are counted for a view and a slot, whatever digest they name",
    source: "Rustchain PR 2087",
    rules: { voteMatches: () => true },
    falls: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "duplicate-votes-count",
    flaw: "votes are counted for each message, not for each sender",
    source: "derived",
    rules: { voteIsNew: () => true },
    falls: { ...agreement, adversary: "lying-voter", byzantine: ["r2"], views: 1 },
  },
  {
    name: "view-change-forgets",
    flaw: "view-changes carry no certificates",
    source: "raijin issue 8",
    rules: { certificatesCarried: () => [] },
    // A silent replica is one that is slow: with four correct replicas it falls as well.
    falls: { ...agreement, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "new-view-unjustified",
    flaw: "a new-view is accepted without a quorum of view-changes behind it",
    source: "raijin issue 7",
    rules: { newViewIsJustified: () => true },
    falls: { ...agreement, adversary: "arbitrary", byzantine: ["r1"], views: 1 },
  },
  {
    name: "backup-trusts-new-view",
    flaw: "backups do not recompute the proposals of a new view",
    source: "derived",
    rules: { proposalsFollow: () => true },
    falls: { ...agreement, adversary: "arbitrary", byzantine: ["r1"], views: 1 },
  },
  {
    name: "certificate-unchecked",
    flaw: "a certificate in a view-change is believed, however few prepares are behind it",
    source: "derived",
    rules: { certificateIsValid: () => true },
    falls: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 1 },
  },
  {
    name: "executes-again-after-new-view",
    flaw: "a slot that a new view re-runs is executed again",
    source: "derived",
    rules: { executesAgain: () => true },
    falls: { property: "integrity", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "request-unauthenticated",
    flaw: "requests are not checked for their client's signature",
    source: "derived",
    rules: { requestIsAuthentic: () => true },
    falls: { property: "validity", clients: false, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "reply-without-quorum",
    flaw: "a client accepts the first reply",
    source: "derived",
    rules: { repliesNeeded: () => 1 },
    falls: { property: "validity", clients: true, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "checkpoint-unproven",
    flaw: "one checkpoint message makes a checkpoint stable",
    source: "derived",
    rules: { checkpointQuorum: () => 1 },
    falls: {
      property: "checkpoint-agreement",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r3"],
      views: 0,
      checkpointInterval: 1,
    },
  },
  {
    name: "checkpoint-proof-unchecked",
    flaw: "a view-change may claim any stable checkpoint, however few checkpoint messages are behind it",
    source: "derived",
    rules: { checkpointProofIsValid: () => true },
    falls: {
      property: "checkpoint-agreement",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r1"],
      views: 1,
      checkpointInterval: 1,
    },
  },
  {
    name: "snapshot-unchecked",
    flaw: "a replica that fell behind takes over whatever state comes with a proof, without comparing digests",
    source: "derived",
    rules: { snapshotIsRight: () => true },
    falls: {
      ...agreement,
      adversary: "arbitrary",
      byzantine: ["r3"],
      views: 0,
      slots: 2,
      checkpointInterval: 1,
    },
  },
  {
    name: "no-watermarks",
    flaw: "sequence numbers outside the window are accepted",
    source: "derived",
    rules: { slotIsInWindow: () => true },
    falls: {
      property: "bounded-log",
      clients: false,
      adversary: "equivocating-primary",
      byzantine: ["r0"],
      views: 0,
      slots: 3,
      checkpointInterval: 1,
    },
  },
  {
    name: "executes-out-of-order",
    flaw: "a committed request is executed before the gap below it is filled",
    source: "derived",
    rules: { executesInOrder: () => false },
    falls: { ...agreement, adversary: "none", byzantine: [], views: 0, slots: 2 },
  },
  {
    // A Byzantine backup commits for one replica alone, which executes; another has left for view 1 by itself; the
    // primary is prepared, can never commit, and waits. A silent replica cannot bring that about.
    name: "primary-waits-for-ever",
    flaw: "a primary that cannot execute a request never asks for another view: only backups' timers run",
    source: "OSDI'99, section 4.4 to the letter",
    rules: { waits: (isPrimary) => !isPrimary },
    falls: {
      property: "clients-are-served",
      clients: true,
      adversary: "lying-voter",
      byzantine: ["r2"],
      views: 1,
    },
  },
  {
    name: "primary-forever",
    flaw: "nobody ever suspects the primary, so there are no view changes",
    source: "the usual tutorial that stops after the normal case",
    rules: { suspectsPrimary: () => false },
    falls: {
      property: "clients-are-served",
      clients: true,
      adversary: "silent",
      byzantine: ["r0"],
      views: 1,
    },
  },
];

/** All mutants of PBFT. */
export const pbftMutants: readonly Mutant[] = definitions.map(({ name, flaw, source, rules, falls }) => ({
  name: `pbft/${name}`,
  flaw,
  source,
  protocol: pbft({ ...pbftRules, ...rules }, `pbft/${name}`, flaw) as unknown as Protocol<Json, Json>,
  falls,
}));
