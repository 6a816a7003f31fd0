// Checkpoints and garbage collection (OSDI'99, section 4.3). After every K sequence numbers a replica
// broadcasts the digest of its state. A checkpoint is stable once a quorum has announced the same digest,
// which proves it. Then the replica discards everything at or below it, and the window of sequence numbers
// moves up.

import { type Certificate, certificate, replicaIds, type Signed } from "../../protocol/index.js";
import type { Checkpoint } from "./messages.js";
import { isReplica } from "./quorums.js";
import { broadcast, type Reaction, show, update } from "./reaction.js";
import { digestOfSnapshot, snapshotOf } from "./snapshots.js";
import { type CheckpointVote, highWatermark, lowWatermark } from "./state.js";

/** 4.3: after executing a slot that is divisible by K. */
export function takeCheckpoint(reaction: Reaction, slot: number): Reaction {
  const { context, state } = reaction;
  const { checkpointInterval } = context.config;
  if (checkpointInterval === undefined || slot % checkpointInterval !== 0 || slot <= lowWatermark(state))
    return reaction;
  const snapshot = snapshotOf(state);
  const digest = digestOfSnapshot(snapshot);
  const taken = update(reaction, {
    snapshots: [...state.snapshots, { slot, snapshot }],
    checkpoints: [
      ...state.checkpoints.filter((vote) => vote.slot !== slot || vote.digest === digest),
      { replica: context.self, slot, digest },
    ],
  });
  const checkpoint: Checkpoint = { tag: "checkpoint", slot, digest };
  const told = broadcast(
    show(taken, { kind: "custom", name: "checkpoint", data: { slot, digest } }),
    checkpoint,
  );
  const { fetching } = state; // known to be stable before the replica had got that far
  if (fetching?.slot === slot && fetching.digest === digest) return stabilize(told, checkpoint);
  return considerStable(told, slot, digest);
}

/**
 * 4.3: collects checkpoint messages until a quorum has the same digest. Only the first of each replica for a
 * slot counts.
 */
export function onCheckpoint(reaction: Reaction, { signer, body }: Signed<Checkpoint>): Reaction {
  const { context, state } = reaction;
  const { slot, digest } = body;
  const { checkpointInterval, slots } = context.config;
  if (checkpointInterval === undefined || !isReplica(context.config, signer)) return reaction;
  if (
    !Number.isInteger(slot) ||
    slot % checkpointInterval !== 0 ||
    slot <= lowWatermark(state) ||
    slot > slots
  )
    return reaction;
  const ofSlot = state.checkpoints.filter((vote) => vote.slot === slot);
  if (ofSlot.some((vote) => vote.replica === signer)) return reaction;
  const own = ofSlot.find((vote) => vote.replica === context.self);
  if (own && own.digest !== digest) return reaction; // of no use: a quorum has to agree with a correct replica
  const checkpoints = bounded(reaction, [...state.checkpoints, { replica: signer, slot, digest }], signer);
  return considerStable(update(reaction, { checkpoints }), slot, digest);
}

/**
 * Beyond the window, keeps only the highest checkpoint message of each replica: enough to notice having
 * fallen behind.
 */
function bounded(
  { context, state }: Reaction,
  votes: readonly CheckpointVote[],
  of: string,
): readonly CheckpointVote[] {
  const high = highWatermark(state, context.config);
  const highest = Math.max(...votes.filter(({ replica }) => replica === of).map(({ slot }) => slot));
  return votes.filter(({ replica, slot }) => replica !== of || slot <= high || slot === highest);
}

/** Makes the checkpoint stable if a quorum has announced this digest. */
function considerStable(reaction: Reaction, slot: number, digest: string): Reaction {
  const { context, rules, state } = reaction;
  const votes = state.checkpoints.filter((vote) => vote.slot === slot && vote.digest === digest);
  if (votes.length < rules.checkpointQuorum(context.config)) return reaction;
  return stabilize(reaction, { tag: "checkpoint", slot, digest });
}

/**
 * A checkpoint is stable: a replica that has executed up to it discards what is below; any other has fallen
 * behind.
 */
export function stabilize(reaction: Reaction, stable: Checkpoint): Reaction {
  const { state } = reaction;
  if (stable.slot <= lowWatermark(state)) return reaction;
  if (state.lastExecuted < stable.slot) return fetchState(reaction, stable);
  return discard(showStable(update(reaction, { stable }), stable));
}

/** Emits the event for the properties. */
export function showStable(reaction: Reaction, { slot, digest }: Checkpoint): Reaction {
  return show(reaction, { kind: "custom", name: "stable", data: { slot, digest } });
}

/**
 * 4.3 and TOCS'02, 5.3: asks every replica for that state, unless it already waits for this one or a later
 * one.
 */
function fetchState(reaction: Reaction, target: Checkpoint): Reaction {
  const { fetching } = reaction.state;
  if (fetching && fetching.slot >= target.slot) return reaction;
  return broadcast(update(reaction, { fetching: target }), { tag: "fetch", slot: target.slot });
}

/**
 * 4.3: "discards all pre-prepare, prepare and commit messages with sequence number less than or equal to n".
 */
export function discard(reaction: Reaction): Reaction {
  const { state } = reaction;
  const low = lowWatermark(state);
  return update(reaction, {
    log: state.log.filter(({ slot }) => slot > low),
    certificates: state.certificates.filter(({ prePrepare }) => prePrepare.body.slot > low),
    checkpoints: state.checkpoints.filter(({ slot }) => slot > low),
    snapshots: state.snapshots.filter(({ slot }) => slot >= low),
    fetching: state.fetching && state.fetching.slot > low ? state.fetching : null,
  });
}

/** The proof that a checkpoint is stable (C of a view-change). */
export function proofOf({ context, rules }: Reaction, stable: Checkpoint): Certificate<Checkpoint> {
  return certificate(stable, rules.checkpointQuorum(context.config), replicaIds(context.config));
}
