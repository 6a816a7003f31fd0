// The mutants of PBFT: PBFT with one rule replaced. Each violates a property in the setting given with it.
// The suite checks all of them in every run, so a property or an adversary that stops working is noticed at
// once.

import { clientIds } from "../../protocol/index.js";
import { type Flaw, type Mutant, mutantsOf } from "../mutant.js";
import { pbft } from "./protocol.js";
import { isReplica, quorumSize, weakQuorumSize } from "./quorums.js";
import { nullDigest } from "./requests.js";
import { pbftRules, type Rules } from "./rules.js";
import type { Vote } from "./state.js";

const agreement = { property: "agreement", clients: false } as const;
const durability = { property: "checkpoint-durability", clients: false, checkpointInterval: 1 } as const;

/** A client appends and then reads. */
const reading = {
  property: "linearizability",
  clients: true,
  operations: 2,
  reads: 1,
  readOnly: true,
  views: 0,
} as const;

const definitions: readonly Flaw<Rules>[] = [
  {
    name: "quorum-2f",
    flaw: "prepared and committed need 2f votes instead of 2f+1",
    source: "textbook",
    rules: { quorum: ({ faults }) => 2 * faults },
    // The weakest adversary that exposes it in view 0. With views 0-1 the flaw needs no Byzantine replica at
    // all.
    exposedBy: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "votes-ignore-digest",
    flaw: "votes are counted for a view and a slot, whatever digest they name",
    source: "Rustchain PR 2087",
    rules: { voteMatches: () => true },
    exposedBy: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "duplicate-votes-count",
    flaw: "votes are counted for each message, not for each sender",
    source: "fabric issue 370 (its first PBFT)",
    rules: { voteIsNew: () => true },
    exposedBy: { ...agreement, adversary: "lying-voter", byzantine: ["r2"], views: 1 },
  },
  {
    name: "prepares-are-commits",
    flaw: "a prepare and a commit sign the same bytes, so the prepares of others count as their commits",
    source: "raijin issue 17",
    rules: {
      commitsIn: ({ prepares, commits }, self) => {
        const isNew = ({ replica }: Vote) =>
          replica !== self && commits.every((one) => one.replica !== replica);
        return [...commits, ...prepares.filter(isNew)];
      },
    },
    exposedBy: { ...agreement, adversary: "lying-voter", byzantine: ["r2"], views: 1 },
  },
  {
    name: "primary-prepares",
    flaw: "a prepare of the primary counts beside its pre-prepare, so with one backup it is a quorum",
    source: "sawtooth-pbft pull request 111",
    rules: { primaryPrepares: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 1 },
  },
  {
    name: "view-change-forgets",
    flaw: "view-changes carry no certificates",
    source: "raijin issue 8",
    rules: { certificatesCarried: () => [] },
    // A silent replica is as good as a slow one: four correct replicas violate agreement too.
    exposedBy: { ...agreement, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "new-view-unjustified",
    flaw: "a new-view is accepted without a quorum of view-changes behind it",
    source: "raijin issue 7",
    rules: { newViewIsJustified: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r1"], views: 1 },
  },
  {
    name: "backup-trusts-new-view",
    flaw: "backups do not recompute the proposals of a new view",
    source: "derived",
    rules: { proposalsFollow: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r1"], views: 1 },
  },
  {
    name: "certificate-unchecked",
    flaw: "a certificate in a view-change is believed, however few prepares are behind it",
    source: "derived",
    rules: { certificateIsValid: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 1 },
  },
  {
    name: "executes-again-after-new-view",
    flaw: "a slot that a new view re-runs is executed again",
    source: "derived",
    rules: { executesAgain: () => true },
    exposedBy: { property: "integrity", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "request-unauthenticated",
    flaw: "requests are not checked for their client's signature",
    source: "truechain-consensus-core pull request 18",
    rules: { requestIsAuthentic: () => true },
    exposedBy: { property: "validity", clients: false, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "reply-without-quorum",
    flaw: "a client accepts the first reply",
    source: "derived",
    rules: { repliesNeeded: () => 1 },
    exposedBy: { property: "validity", clients: true, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "quorum-fixed-2f+1",
    flaw: "a quorum is 2f+1, whatever n is: with n=5 two quorums need not share a correct replica",
    source: "celo-blockchain issues 117 and 253; arXiv 1901.07160",
    rules: { quorum: ({ faults }) => 2 * faults + 1 },
    exposedBy: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0, replicas: 5 },
  },
  {
    name: "empty-digest",
    flaw: "the digest in a pre-prepare is not compared with its request",
    source: "pbft-java, found by ByzzFuzz",
    rules: { digestIsRight: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r0"], views: 0 },
  },
  {
    name: "second-pre-prepare-accepted",
    flaw: "a second pre-prepare for a slot replaces the first one",
    source: "the usual tutorial that guards by sequence number only",
    rules: { replacesProposal: (accepted, other) => accepted.digest !== other.digest },
    exposedBy: { ...agreement, adversary: "equivocating-primary", byzantine: ["r0"], views: 0 },
  },
  {
    // Within one view every replica prepares once for a slot, so agreement holds. But a backup's pre-prepare
    // and its own prepare make a certificate, and a new view may prefer it to the one for the primary's
    // request.
    name: "pre-prepare-from-anyone",
    flaw: "a pre-prepare is accepted from any replica, not from the primary of its view alone",
    source: "mir pull request 380",
    rules: { prePrepareIsFromPrimary: (config, signer) => isReplica(config, signer) },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r2"], views: 1 },
  },
  {
    name: "view-change-not-deduplicated",
    flaw: "view-changes are counted for each message, not for each sender",
    source: "raijin issue 7",
    rules: { viewChangeIsNew: () => true },
    exposedBy: { ...agreement, adversary: "lying-voter", byzantine: ["r2"], views: 1 },
  },
  {
    name: "new-view-ignores-certificates",
    flaw: "a new view proposes nothing of what has prepared, and its backups find that right",
    source: "derived",
    rules: { proposalsFrom: () => [] },
    exposedBy: { ...agreement, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    // One slot has nothing behind it that would be shifted: `agreement` sees it with two slots only.
    name: "new-view-overwrites-with-null",
    flaw: "a new view fills the slots that have prepared with null requests, and its backups find that right",
    source: "derived",
    rules: {
      proposalsFrom: (rules, viewChanges) =>
        pbftRules
          .proposalsFrom(rules, viewChanges)
          .map(({ slot }) => ({ slot, digest: nullDigest, request: null })),
    },
    exposedBy: {
      property: "null-agreement",
      clients: false,
      adversary: "silent",
      byzantine: ["r3"],
      views: 1,
    },
  },
  {
    name: "new-view-lowest-certificate",
    flaw: "a new view goes by the certificate of the lowest view",
    source: "derived",
    rules: { certificateWins: (candidate, best) => candidate.view < best.view },
    exposedBy: { ...agreement, adversary: "lying-voter", byzantine: ["r3"], views: 2 },
  },
  {
    name: "join-on-one",
    flaw: "a replica follows one view-change to a higher view instead of f+1",
    source: "derived",
    rules: { joinsView: (_config, senders) => senders >= 1 },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "lying-voter",
      byzantine: ["r2"],
      views: 0,
    },
  },
  {
    name: "checkpoint-unproven",
    flaw: "one checkpoint message makes a checkpoint stable",
    source: "derived",
    rules: { checkpointQuorum: () => 1 },
    // A Byzantine replica can get forged state installed too, which takes longer to find: state that only one
    // replica has is lost first.
    exposedBy: { ...durability, adversary: "silent", byzantine: ["r3"], views: 0 },
  },
  {
    name: "checkpoint-proof-unchecked",
    flaw: "any stable checkpoint is believed, however few checkpoint messages are behind it",
    source: "derived",
    rules: { checkpointProofIsValid: () => true },
    exposedBy: {
      ...durability,
      property: "checkpoint-agreement",
      adversary: "arbitrary",
      byzantine: ["r1"],
      views: 1,
    },
  },
  {
    name: "snapshot-unchecked",
    flaw: "a replica that fell behind takes over whatever state comes with a proof, without comparing digests",
    source: "derived",
    rules: { snapshotIsRight: () => true },
    exposedBy: {
      ...durability,
      property: "checkpoint-agreement",
      adversary: "arbitrary",
      byzantine: ["r3"],
      views: 0,
    },
  },
  {
    name: "no-watermarks",
    flaw: "sequence numbers outside the window are accepted",
    source: "derived",
    rules: { slotIsInWindow: (slot, low) => slot > low },
    exposedBy: {
      property: "bounded-log",
      clients: false,
      adversary: "equivocating-primary",
      byzantine: ["r0"],
      views: 0,
      slots: 2,
      checkpointInterval: 1,
      window: 1,
    },
  },
  {
    name: "executes-out-of-order",
    flaw: "a committed request is executed before the gap below it is filled",
    source: "derived",
    rules: { executesInOrder: () => false },
    exposedBy: { ...agreement, adversary: "none", byzantine: [], views: 0, slots: 2 },
  },
  {
    name: "old-timestamps-executed",
    flaw: "only the last request of a client is known to be executed: an older one that comes again is executed again",
    source: "derived",
    rules: { isOld: (timestamp, last) => timestamp === last },
    exposedBy: {
      property: "integrity",
      clients: true,
      adversary: "silent",
      byzantine: ["r3"],
      views: 0,
      slots: 3,
      operations: 2,
      // While the request is in the log, the primary does not propose it again.
      checkpointInterval: 1,
      window: 1,
    },
  },
  {
    // A Byzantine primary leaves one correct replica out. The others serve the client, but are one short of a
    // quorum. The Byzantine replica helps no checkpoint to become stable, so nothing makes the one left out
    // execute.
    name: "read-only-optimization",
    flaw: "so that reads need not be ordered, clients wait for a quorum of replies to everything",
    source: "arXiv 2107.11144; BFT-SMaRt",
    rules: { repliesNeeded: quorumSize },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "equivocating-primary",
      byzantine: ["r0"],
      views: 1,
      readOnly: true,
    },
  },
  {
    name: "reads-past-prepared",
    flaw: "a read is answered although something is prepared that is not executed yet",
    source: "derived",
    rules: { readsNow: () => true },
    exposedBy: { ...reading, adversary: "arbitrary", byzantine: ["r3"] },
  },
  {
    name: "read-without-quorum",
    flaw: "f+1 equal answers make a read, as they make a reply",
    source: "derived",
    rules: { readsNeeded: weakQuorumSize },
    exposedBy: { ...reading, adversary: "arbitrary", byzantine: ["r3"] },
  },
  {
    // A replica has committed, so that two others execute, and moved to view 1 before it executes itself.
    // Alone there, it stays behind. So there is no quorum of equal answers until another request makes the
    // others follow.
    name: "read-never-ordered",
    flaw: "a client repeats a read until a quorum answers alike, and never has it ordered",
    source: "derived",
    rules: { ordersReads: () => false },
    exposedBy: {
      ...reading,
      property: "clients-are-served",
      adversary: "silent",
      byzantine: ["r3"],
      views: 1,
      slots: 3,
    },
  },
  {
    name: "request-by-timestamp",
    flaw: "what has committed is executed as it was asked for here under that client and timestamp",
    source: "derived",
    rules: {
      executes: (state, committed) =>
        state.pending.find(
          ({ body }) => body.client === committed.body.client && body.timestamp === committed.body.timestamp,
        ) ?? committed,
    },
    exposedBy: {
      ...agreement,
      clients: true,
      requests: 1,
      adversary: "byzantine-client",
      byzantine: ["c0"],
      views: 0,
    },
  },
  {
    // The client sends its request to backups alone. They time out on a correct primary that has not heard of
    // it.
    name: "request-not-relayed",
    flaw: "a backup does not pass a client's request on to the primary",
    source: "derived",
    rules: { relaysRequests: () => false },
    exposedBy: {
      property: "nobody-waits-for-ever",
      clients: true,
      requests: 1,
      slots: 2,
      adversary: "byzantine-client",
      byzantine: ["c0"],
      views: 0,
    },
  },
  {
    name: "authenticator-unchecked",
    flaw: "a replica takes a request for authentic although its own MAC in the authenticator is wrong",
    source: "derived",
    rules: {
      requestIsAuthentic: (config, { signer, body }) =>
        clientIds(config).includes(body.client) && signer === body.client,
    },
    // Harmless with signatures, where requests cannot be spoiled.
    exposedBy: {
      property: "validity",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r0"],
      views: 0,
      authentication: "authenticators",
    },
  },
  {
    name: "certificate-needs-authenticator",
    flaw: "a certificate is refused by whoever finds its request's authenticator spoiled",
    source: "derived",
    rules: { certificateVouches: () => false },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "equivocating-primary",
      byzantine: ["r0"],
      views: 1,
      authentication: "authenticators",
    },
  },
  {
    // A Byzantine backup forwards the client's request to the primary, with the other MACs spoiled, before
    // the client's own copy arrives.
    name: "pre-prepare-needs-authenticator",
    flaw: "a pre-prepare with a spoiled authenticator is refused, although the client has shown its request itself",
    source: "derived",
    rules: { knowsByDigest: () => false },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "arbitrary",
      byzantine: ["r2"],
      views: 0,
      authentication: "authenticators",
    },
  },
  {
    name: "new-view-starts-above-prepared",
    flaw: "a new view starts above what has prepared, not above the last stable checkpoint",
    source: "derived",
    rules: {
      newViewStartsAbove: (viewChanges) =>
        Math.max(
          0,
          ...viewChanges.flatMap(({ prepared }) => prepared.map((one) => one.prePrepare.body.slot)),
        ),
    },
    exposedBy: { ...agreement, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    // A Byzantine backup commits for one replica alone, which executes; another has left for view 1 by
    // itself; the primary is prepared, can never commit, and waits. A silent replica cannot bring that about.
    name: "primary-waits-for-ever",
    flaw: "a primary that cannot execute a request never asks for another view: only backups' timers run",
    source: "OSDI'99, section 4.4 to the letter",
    rules: { waits: (isPrimary) => !isPrimary },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "lying-voter",
      byzantine: ["r2"],
      views: 1,
    },
  },
  {
    // The Byzantine primary of view 1 sends its new-view to one replica alone, which may go on to view 2
    // before anybody else. The two others wait in view 1 for a third view-change, which nobody sends: no
    // timer runs, and one view-change to view 2 moves nobody.
    name: "enters-without-asking",
    flaw: "who is taken to a view by its new-view does not ask for it, and those that the new-view is kept from wait for a third that does",
    source: "OSDI'99, section 4.4, if a new-view is not taken for the view-changes in it (derived)",
    rules: { newViewMakesAsk: () => false },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "new-view-forger",
      byzantine: ["r1"],
      views: 2,
    },
  },
  {
    name: "primary-forever",
    flaw: "nobody ever suspects the primary, so there are no view changes",
    source: "the usual tutorial that stops after the normal case",
    rules: { suspectsPrimary: () => false },
    exposedBy: {
      property: "clients-are-served",
      clients: true,
      adversary: "silent",
      byzantine: ["r0"],
      views: 1,
    },
  },
];

/** All mutants of PBFT. */
export const pbftMutants: readonly Mutant[] = mutantsOf("pbft", pbftRules, pbft, definitions);
