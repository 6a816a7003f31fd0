// Checkpoints and garbage collection (OSDI'99, section 4.3). Every K sequence numbers a replica tells the others the digest
// of its state. Once a quorum has said the same the checkpoint is stable: it has a proof, everything at or below it can
// be forgotten, and the window of sequence numbers moves up.

import { type Certificate, certificate, replicaIds, type Signed } from "../../protocol/index.js";
import type { Checkpoint } from "./messages.js";
import { isReplica } from "./quorums.js";
import { digestOfSnapshot, snapshotOf } from "./snapshots.js";
import { type CheckpointVote, highWatermark, lowWatermark } from "./state.js";
import { broadcast, show, type Turn, update } from "./turn.js";

/** 4.3: after executing a slot that is divisible by K. */
export function takeCheckpoint(turn: Turn, slot: number): Turn {
  const { context, state } = turn;
  const { checkpointInterval } = context.config;
  if (checkpointInterval === undefined || slot % checkpointInterval !== 0 || slot <= lowWatermark(state))
    return turn;
  const snapshot = snapshotOf(state);
  const digest = digestOfSnapshot(snapshot);
  const taken = update(turn, {
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

/** 4.3: collects checkpoint messages until a quorum says the same. The first of each replica for a slot counts. */
export function onCheckpoint(turn: Turn, { signer, body }: Signed<Checkpoint>): Turn {
  const { context, state } = turn;
  const { slot, digest } = body;
  const { checkpointInterval, slots } = context.config;
  if (checkpointInterval === undefined || !isReplica(context.config, signer)) return turn;
  if (
    !Number.isInteger(slot) ||
    slot % checkpointInterval !== 0 ||
    slot <= lowWatermark(state) ||
    slot > slots
  )
    return turn;
  const ofSlot = state.checkpoints.filter((vote) => vote.slot === slot);
  if (ofSlot.some((vote) => vote.replica === signer)) return turn;
  const own = ofSlot.find((vote) => vote.replica === context.self);
  if (own && own.digest !== digest) return turn; // of no use: a quorum has to agree with a correct replica
  const checkpoints = bounded(turn, [...state.checkpoints, { replica: signer, slot, digest }], signer);
  return considerStable(update(turn, { checkpoints }), slot, digest);
}

/** Beyond the window only the highest of each replica is kept: enough to see that one has fallen behind, and no more. */
function bounded(
  { context, state }: Turn,
  votes: readonly CheckpointVote[],
  of: string,
): readonly CheckpointVote[] {
  const high = highWatermark(state, context.config);
  const highest = Math.max(...votes.filter(({ replica }) => replica === of).map(({ slot }) => slot));
  return votes.filter(({ replica, slot }) => replica !== of || slot <= high || slot === highest);
}

/** Whether enough replicas have said the same of a slot. */
function considerStable(turn: Turn, slot: number, digest: string): Turn {
  const { context, rules, state } = turn;
  const votes = state.checkpoints.filter((vote) => vote.slot === slot && vote.digest === digest);
  if (votes.length < rules.checkpointQuorum(context.config)) return turn;
  return stabilize(turn, { tag: "checkpoint", slot, digest });
}

/** A checkpoint is stable. Who has executed that far forgets what is below; who has not has fallen behind. */
export function stabilize(turn: Turn, stable: Checkpoint): Turn {
  const { state } = turn;
  if (stable.slot <= lowWatermark(state)) return turn;
  if (state.lastExecuted < stable.slot) return fetchState(turn, stable);
  return discard(showStable(update(turn, { stable }), stable));
}

/** Tells the properties. */
export function showStable(turn: Turn, { slot, digest }: Checkpoint): Turn {
  return show(turn, { kind: "custom", name: "stable", data: { slot, digest } });
}

/** 4.3, TOCS'02, 5.3: asks everybody for that state, unless the replica waits for it or a later one already. */
function fetchState(turn: Turn, target: Checkpoint): Turn {
  const { fetching } = turn.state;
  if (fetching && fetching.slot >= target.slot) return turn;
  return broadcast(update(turn, { fetching: target }), { tag: "fetch", slot: target.slot });
}

/** 4.3: "discards all pre-prepare, prepare and commit messages with sequence number less than or equal to n". */
export function discard(turn: Turn): Turn {
  const { state } = turn;
  const low = lowWatermark(state);
  return update(turn, {
    log: state.log.filter(({ slot }) => slot > low),
    certificates: state.certificates.filter(({ prePrepare }) => prePrepare.body.slot > low),
    checkpoints: state.checkpoints.filter(({ slot }) => slot > low),
    snapshots: state.snapshots.filter(({ slot }) => slot >= low),
    fetching: state.fetching && state.fetching.slot > low ? state.fetching : null,
  });
}

/** The proof that a checkpoint is stable (C of a view-change). */
export function proofOf({ context, rules }: Turn, stable: Checkpoint): Certificate<Checkpoint> {
  return certificate(stable, rules.checkpointQuorum(context.config), replicaIds(context.config));
}
