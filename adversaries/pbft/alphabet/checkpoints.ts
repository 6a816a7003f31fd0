// Checkpoints, their proofs, and state that nobody has computed.

import {
  type Certificate,
  certificate,
  type Knowledge,
  replicaIds,
  sign,
} from "../../../src/protocol/index.js";
import type {
  Body,
  Checkpoint,
  Message,
  Snapshot,
  StateTransfer,
} from "../../../src/protocols/pbft/messages.js";
import { quorumSize } from "../../../src/protocols/pbft/quorums.js";
import { digestOfSnapshot } from "../../../src/protocols/pbft/snapshots.js";
import { type AdversaryContext, range } from "./place.js";

/** The slots at which checkpoints are taken. */
export function checkpointSlots({ config }: Pick<AdversaryContext, "config">): number[] {
  const { checkpointInterval, slots } = config;
  return checkpointInterval ? range(1, slots).filter((slot) => slot % checkpointInterval === 0) : [];
}

/** State that nobody has computed: as if nothing had ever been executed, and yet with a history. */
export const forgedSnapshot: Snapshot = { history: "forged", executed: 0, replies: [] };

/** What correct replicas have said and is known, by kind. */
export function saidBy<T extends Body>(knowledge: Knowledge, isOne: (body: Body) => body is T): readonly T[] {
  return knowledge.bodies((body) => isOne(body as Body)) as readonly T[];
}

/** What a correct replica has said of its state at this slot, and something else. */
export function checkpointsAt(knowledge: Knowledge, slot: number): Checkpoint[] {
  const said = saidBy(
    knowledge,
    (body): body is Checkpoint => body.tag === "checkpoint" && body.slot === slot,
  ).map(({ digest }) => digest);
  return [...new Set([...said, digestOfSnapshot(forgedSnapshot)])].map((digest) => ({
    tag: "checkpoint",
    slot,
    digest,
  }));
}

/** Proofs of stable checkpoints: all that a quorum is behind. */
export function stableProofs(place: AdversaryContext, knowledge: Knowledge): Certificate<Checkpoint>[] {
  const ids = replicaIds(place.config);
  return checkpointSlots(place).flatMap((slot) =>
    checkpointsAt(knowledge, slot)
      .map((checkpoint) => certificate(checkpoint, quorumSize(place.config), ids))
      .filter((proof) => knowledge.canProve(proof)),
  );
}

/** What looks like one for the forged state, and has the Byzantine replicas alone behind it. */
export function hollowProofs(place: AdversaryContext): Certificate<Checkpoint>[] {
  const { config, byzantine } = place;
  const digest = digestOfSnapshot(forgedSnapshot);
  return checkpointSlots(place).map((slot) =>
    certificate<Checkpoint>({ tag: "checkpoint", slot, digest }, byzantine.length, replicaIds(config)),
  );
}

/** Checkpoint messages with the right digest and a wrong one. */
export function checkpointVotes(place: AdversaryContext, knowledge: Knowledge): Message[] {
  return checkpointSlots(place)
    .flatMap((slot) => checkpointsAt(knowledge, slot))
    .map((body) => sign<Body>(place.self, body));
}

/** Forged state with every proof that there is. */
export function forgedStates(place: AdversaryContext, knowledge: Knowledge): Message[] {
  const states = [...stableProofs(place, knowledge), ...hollowProofs(place)].map(
    (proof): StateTransfer => ({ tag: "state", slot: proof.vote.slot, snapshot: forgedSnapshot, proof }),
  );
  return states.map((body) => sign<Body>(place.self, body));
}
