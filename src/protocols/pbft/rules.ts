// PBFT's rules: each decision of the protocol as a small pure function with a name; the rest of the code
// calls them. A mutant is PBFT with one rule replaced.
//
// References: "4.2" and so on are sections of OSDI'99.

import {
  type Certificate,
  type Config,
  certificate,
  clientIds,
  type NodeId,
  type Signed,
} from "../../protocol/index.js";
import type {
  Checkpoint,
  NewView,
  PrePrepare,
  Prepare,
  Prepared,
  Request,
  Value,
  ViewChange,
} from "./messages.js";
import { backupsOf, isReplica, primaryOf, quorumSize, weakQuorumSize } from "./quorums.js";
import { digestOf, isAuthenticated, nullDigest, requestsIn } from "./requests.js";
import {
  highWatermarkAbove,
  type ReceivedViewChange,
  type ReplicaState,
  type Slot,
  type Vote,
} from "./state.js";

/** What a new view proposes for one slot. */
export interface Proposal {
  readonly slot: number;
  readonly digest: string;
  readonly request: Value;
}

/** PBFT's decisions, each a function of its own. A mutant replaces one. */
export interface Rules {
  // --- sizes ---
  /** How many replicas make a quorum: for prepared, committed, a view change and a new view. */
  readonly quorum: (config: Config) => number;
  /** How many matching replies convince a client (4.1: f+1). */
  readonly repliesNeeded: (config: Config) => number;

  // --- normal case ---
  /**
   * Whether a request comes from a client, in its own name (4.1). Of an authenticator a replica can check
   * only its own MAC (5.2).
   */
  readonly requestIsAuthentic: (config: Config, request: Signed<Request>, self: NodeId) => boolean;
  /**
   * Whether a prepared certificate makes a replica believe its request. With authenticators it must: f+1
   * correct replicas have found the request authentic, and a replica for which its MAC is spoiled must not
   * block what may have committed.
   */
  readonly certificateVouches: (config: Config) => boolean;
  /**
   * With authenticators: whether a spoiled request in a pre-prepare counts as the one that the client sent
   * itself.
   */
  readonly knowsByDigest: () => boolean;
  /**
   * Whether a backup relays a client's request to the primary (4.4 and 4.1). Otherwise a client can make it
   * suspect a correct primary.
   */
  readonly relaysRequests: () => boolean;
  /**
   * Whether a pre-prepare is from the replica that assigns sequence numbers in its view (4.2: the primary).
   */
  readonly prePrepareIsFromPrimary: (config: Config, signer: NodeId, view: number) => boolean;
  /**
   * Whether a pre-prepare replaces another one for its slot. Never (4.2: "has not accepted" another digest).
   */
  readonly replacesProposal: (accepted: PrePrepare, other: PrePrepare) => boolean;
  /** Whether the digest in a pre-prepare is that of its request (4.2: "d is the digest for m"). */
  readonly digestIsRight: (prePrepare: PrePrepare) => boolean;
  /**
   * Whether a vote supports what the primary proposed (4.2: "match the pre-prepare: same view, number and
   * digest").
   */
  readonly voteMatches: (vote: Vote, digest: string) => boolean;
  /** Whether a vote is counted: one for each replica. */
  readonly voteIsNew: (votes: readonly Vote[], vote: Vote) => boolean;

  /** Whether a prepare of the primary counts. It does not: its pre-prepare stands for it (4.2). */
  readonly primaryPrepares: () => boolean;
  /** The commits of a slot that has prepared: those that were said to be commits. */
  readonly commitsIn: (entry: Slot, self: NodeId) => readonly Vote[];
  /** Whether a request commits only where it has prepared (4.2: committed-local needs prepared). */
  readonly commitsOnlyPrepared: () => boolean;
  /** Whether a slot may be used (4.2: "n is between a low water mark h and a high water mark H"). */
  readonly slotIsInWindow: (slot: number, low: number, high: number) => boolean;

  // --- execution ---
  /** Whether a committed request waits until everything before it is executed (4.2). */
  readonly executesInOrder: () => boolean;
  /** The request to execute when one has committed: that request, and no other of its client. */
  readonly executes: (state: ReplicaState, committed: Signed<Request>) => Signed<Request>;
  /**
   * Whether a committed slot at or below the last executed one is executed again. Never: a new view has
   * re-run it.
   */
  readonly executesAgain: () => boolean;
  /**
   * Whether a request was executed, or superseded by a later one of its client, by the timestamp of the last
   * reply (4.1).
   */
  readonly isOld: (timestamp: number, last: number) => boolean;
  /**
   * Whether a request that was executed is answered again (4.1: "replicas remember the last reply message
   * they sent").
   */
  readonly answersAgain: () => boolean;

  // --- reads that are not ordered ---
  /** How many equal answers a read needs (5.1: 2f+1). */
  readonly readsNeeded: (config: Config) => number;
  /**
   * Whether a replica may answer a read now: it has executed everything that it has prepared. See
   * read-only.ts.
   */
  readonly readsNow: (state: ReplicaState) => boolean;

  /**
   * Whether a client has a read ordered when no quorum came in time (5.1: "retransmit as a regular request").
   */
  readonly ordersReads: () => boolean;

  // --- checkpoints ---
  /** How many matching checkpoint messages make a checkpoint stable (4.3: 2f+1). */
  readonly checkpointQuorum: (config: Config) => number;
  /** Whether a certificate of checkpoint messages proves that a checkpoint is stable. */
  readonly checkpointProofIsValid: (rules: Rules, config: Config, proof: Certificate<Checkpoint>) => boolean;
  /** Whether received state has the digest of the proven checkpoint. */
  readonly snapshotIsRight: (digest: string, proof: Certificate<Checkpoint>) => boolean;

  // --- view change ---
  /**
   * Whether a view-change counts beside those already received for its view: one for each replica (4.4: "2f
   * valid" ones from others).
   */
  readonly viewChangeIsNew: (received: readonly ReceivedViewChange[], sender: NodeId) => boolean;
  /** The slot above which a new view starts (4.4: min-s, "the latest stable checkpoint in V"). */
  readonly newViewStartsAbove: (viewChanges: readonly ViewChange[]) => number;
  /**
   * Whether a new view prefers a certificate for a slot to the best one so far (4.4: the highest view wins).
   */
  readonly certificateWins: (candidate: PrePrepare, best: PrePrepare) => boolean;
  /** Whether a backup that waits for a request gives up on the primary (4.4). */
  readonly suspectsPrimary: (view: number) => boolean;
  /**
   * Whether a replica's timer runs while it waits for a request: every replica's does. 4.4 mentions backups
   * only, but 4.5.2 demands that "replicas must move to a new view if they are unable to execute a request",
   * and 4.4 taken literally can get stuck: see the mutant `primary-waits-for-ever`.
   */
  readonly waits: (isPrimary: boolean) => boolean;
  /** How long a replica waits in a view, in base timeouts (4.4: "this time it will wait 2T"). */
  readonly timeoutFactor: (view: number) => number;
  /**
   * Whether a replica follows this many others to a higher view, although its own timer is still running
   * (4.5.2).
   */
  readonly joinsView: (config: Config, senders: number) => boolean;
  /**
   * Whether a replica that a new-view takes to a higher view also sends a view-change for it, as it would for
   * f+1 view-changes, which the new-view contains (4.5.2). Otherwise replicas that the new-view is kept from
   * would wait for ever for a third view-change: see the mutant `enters-without-asking`.
   */
  readonly newViewMakesAsk: () => boolean;
  /** Which of its certificates a replica puts into a view-change (4.4: P). */
  readonly certificatesCarried: (state: ReplicaState) => readonly Prepared[];
  /** Whether a certificate proves that its request prepared. */
  readonly certificateIsValid: (rules: Rules, config: Config, prepared: Prepared, self: NodeId) => boolean;
  /** Whether V of a new-view is a quorum of valid view-changes for its view, from distinct replicas (4.4). */
  readonly newViewIsJustified: (rules: Rules, config: Config, newView: NewView, self: NodeId) => boolean;
  /**
   * The proposals that follow from a quorum of view-changes (4.4: O). The primary proposes them, the backups
   * check them.
   */
  readonly proposalsFrom: (rules: Rules, viewChanges: readonly ViewChange[]) => readonly Proposal[];
  /** Whether the proposals of a new-view are those that a backup computes itself (4.4). */
  readonly proposalsFollow: (rules: Rules, newView: NewView) => boolean;
}

/** The rules of the paper. */
export const pbftRules: Rules = {
  quorum: quorumSize,
  repliesNeeded: weakQuorumSize,
  requestIsAuthentic: (config, { signer, body, convinces }, self) =>
    clientIds(config).includes(body.client) &&
    signer === body.client &&
    (isAuthenticated(config) ? convinces?.includes(self) === true : convinces === undefined),
  certificateVouches: isAuthenticated,
  knowsByDigest: () => true,
  relaysRequests: () => true,
  prePrepareIsFromPrimary: (config, signer, view) => signer === primaryOf(config, view),
  replacesProposal: () => false,
  digestIsRight: (prePrepare) => prePrepare.digest === digestOf(prePrepare.request),
  voteMatches: (vote, digest) => vote.digest === digest,
  voteIsNew: (votes, vote) => votes.every((other) => other.replica !== vote.replica),
  primaryPrepares: () => false,
  commitsIn: ({ commits }) => commits,
  commitsOnlyPrepared: () => true,
  slotIsInWindow: (slot, low, high) => slot > low && slot <= high,
  executesInOrder: () => true,
  executes: (_state, committed) => committed,
  executesAgain: () => false,
  isOld: (timestamp, last) => timestamp <= last,
  answersAgain: () => true,
  readsNeeded: quorumSize,
  readsNow: ({ certificates, lastExecuted }) =>
    certificates.every(({ prePrepare }) => prePrepare.body.slot <= lastExecuted),
  ordersReads: () => true,
  checkpointQuorum: quorumSize,
  checkpointProofIsValid: (rules, config, { atLeast, among }) =>
    atLeast >= rules.checkpointQuorum(config) && among.every((id) => isReplica(config, id)),
  snapshotIsRight: (digest, { vote }) => digest === vote.digest,
  viewChangeIsNew: (received, sender) => received.every(({ replica }) => replica !== sender),
  newViewStartsAbove: (viewChanges) => Math.max(0, ...viewChanges.map(({ stable }) => stable)),
  certificateWins: (candidate, best) => candidate.view > best.view,
  suspectsPrimary: () => true,
  waits: () => true,
  timeoutFactor: (view) => 2 ** view,
  joinsView: (config, senders) => senders >= weakQuorumSize(config),
  newViewMakesAsk: () => true,
  certificatesCarried: (state) => state.certificates,
  certificateIsValid,
  newViewIsJustified,
  proposalsFrom,
  proposalsFollow,
};

/** The certificate for a prepare: quorum - 1 distinct backups, so that with the primary they are a quorum. */
export function preparesCertificate(rules: Rules, config: Config, vote: Prepare): Certificate<Prepare> {
  return certificate(vote, rules.quorum(config) - 1, backupsOf(config, vote.view));
}

function certificateIsValid(rules: Rules, config: Config, prepared: Prepared, self: NodeId): boolean {
  const { signer, body } = prepared.prePrepare;
  const { vote, atLeast, among } = prepared.prepares;
  const backups = backupsOf(config, body.view);
  return (
    rules.prePrepareIsFromPrimary(config, signer, body.view) &&
    vote.view === body.view &&
    vote.slot === body.slot &&
    vote.digest === body.digest &&
    rules.digestIsRight(body) &&
    valueIsAuthentic(
      config,
      body.request,
      (request) => rules.certificateVouches(config) || rules.requestIsAuthentic(config, request, self),
    ) &&
    atLeast >= rules.quorum(config) - 1 &&
    among.every((id) => backups.includes(id))
  );
}

/** Whether every request is its client's own, and none occurs twice in a batch. */
function valueIsAuthentic(
  config: Config,
  value: Value,
  isAuthentic: (request: Signed<Request>) => boolean,
): boolean {
  const requests = requestsIn(value);
  const isBatch = value !== null && value.tag === "batch";
  return (
    (!isBatch || (requests.length > 1 && requests.length <= (config.batch ?? 1))) &&
    new Set(requests.map(digestOf)).size === requests.length &&
    requests.every(isAuthentic)
  );
}

/** Whether a view-change is one that a correct replica could have sent. */
export function viewChangeIsValid(
  rules: Rules,
  config: Config,
  signed: Signed<ViewChange>,
  self: NodeId,
): boolean {
  return isReplica(config, signed.signer) && viewChangeBodyIsValid(rules, config, signed.body, self);
}

function viewChangeBodyIsValid(rules: Rules, config: Config, body: ViewChange, self: NodeId): boolean {
  const slots = body.prepared.map((prepared) => prepared.prePrepare.body.slot);
  return (
    Number.isInteger(body.view) &&
    stableIsProven(rules, config, body) &&
    new Set(slots).size === slots.length &&
    slots.every((slot) => isWithin(rules, slot, body.stable, highWatermarkAbove(config, body.stable))) &&
    body.prepared.every(
      (prepared) =>
        prepared.prePrepare.body.view < body.view && rules.certificateIsValid(rules, config, prepared, self),
    )
  );
}

/** Without a stable checkpoint nothing has to be proven. */
function stableIsProven(rules: Rules, config: Config, { stable, proof }: ViewChange): boolean {
  if (proof === undefined) return stable === 0;
  const { checkpointInterval } = config;
  return (
    checkpointInterval !== undefined &&
    stable > 0 &&
    stable % checkpointInterval === 0 &&
    proof.vote.slot === stable &&
    rules.checkpointProofIsValid(rules, config, proof)
  );
}

/** Whether a slot is valid, and between the watermarks. */
export function isWithin(rules: Rules, slot: number, low: number, high: number): boolean {
  return Number.isInteger(slot) && slot > 0 && rules.slotIsInWindow(slot, low, high);
}

function newViewIsJustified(
  rules: Rules,
  config: Config,
  { view, viewChanges }: NewView,
  self: NodeId,
): boolean {
  const { bodies, atLeast, among } = viewChanges;
  return (
    atLeast >= rules.quorum(config) &&
    among.every((id) => isReplica(config, id)) &&
    bodies.every((body) => body.view === view && viewChangeBodyIsValid(rules, config, body, self))
  );
}

/**
 * O of a new view. For every slot above the last stable checkpoint up to the highest one with a certificate:
 * the request of the certificate of the highest view, or the null request if there is none. (A request that
 * committed anywhere has prepared at a quorum, which shares a correct replica with every quorum of
 * view-changes. So V contains its certificate.)
 */
function proposalsFrom(rules: Rules, viewChanges: readonly ViewChange[]): readonly Proposal[] {
  const stable = rules.newViewStartsAbove(viewChanges);
  const certified = viewChanges
    .flatMap((viewChange) => viewChange.prepared.map((prepared) => prepared.prePrepare.body))
    .filter((prePrepare) => prePrepare.slot > stable);
  const highest = Math.max(stable, ...certified.map((prePrepare) => prePrepare.slot));
  return Array.from({ length: highest - stable }, (_, index) => {
    const slot = stable + 1 + index;
    const best = certified
      .filter((prePrepare) => prePrepare.slot === slot)
      .reduce<PrePrepare | null>((a, b) => (a === null || rules.certificateWins(b, a) ? b : a), null);
    return best
      ? { slot, digest: best.digest, request: best.request }
      : { slot, digest: nullDigest, request: null };
  });
}

function proposalsFollow(rules: Rules, newView: NewView): boolean {
  const expected = rules.proposalsFrom(rules, newView.viewChanges.bodies);
  return (
    expected.length === newView.proposals.length &&
    expected.every(({ slot, digest }, index) => {
      const found = newView.proposals[index]!.body;
      return found.slot === slot && found.digest === digest;
    })
  );
}

/**
 * Whether a signed pre-prepare is that of the primary of `view`, for `view`, with a request that matches its
 * digest and satisfies `isAuthentic`.
 */
export function prePrepareIsValid(
  rules: Rules,
  config: Config,
  signed: Signed<PrePrepare>,
  view: number,
  isAuthentic: (request: Signed<Request>) => boolean,
): boolean {
  const { signer, body } = signed;
  return (
    rules.prePrepareIsFromPrimary(config, signer, view) &&
    body.view === view &&
    rules.digestIsRight(body) &&
    valueIsAuthentic(config, body.request, isAuthentic)
  );
}
