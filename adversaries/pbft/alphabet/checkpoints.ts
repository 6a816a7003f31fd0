// Checkpoint messages, proofs of stable checkpoints, and forged state.

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

/** State that nobody has computed: no request executed, and yet a history. */
const forgedSnapshot: Snapshot = { history: "forged", executed: 0, replies: [] };

/** The known statements of correct nodes, by kind. */
export function saidBy<T extends Body>(knowledge: Knowledge, isOne: (body: Body) => body is T): readonly T[] {
  return knowledge.bodies((body) => isOne(body as Body)) as readonly T[];
}

/** The checkpoints that correct replicas announced at this slot, and a forged one. */
function checkpointsAt(knowledge: Knowledge, slot: number): Checkpoint[] {
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

/** Proofs of stable checkpoints that a quorum has signed. */
export function stableProofs(place: AdversaryContext, knowledge: Knowledge): Certificate<Checkpoint>[] {
  const ids = replicaIds(place.config);
  return checkpointSlots(place).flatMap((slot) =>
    checkpointsAt(knowledge, slot)
      .map((checkpoint) => certificate(checkpoint, quorumSize(place.config), ids))
      .filter((proof) => knowledge.canProve(proof)),
  );
}

/** Proofs for the forged state that only Byzantine replicas have signed. */
export function unprovenProofs(place: AdversaryContext): Certificate<Checkpoint>[] {
  const { config, byzantine } = place;
  const digest = digestOfSnapshot(forgedSnapshot);
  return checkpointSlots(place).map((slot) =>
    certificate<Checkpoint>({ tag: "checkpoint", slot, digest }, byzantine.length, replicaIds(config)),
  );
}

/** Checkpoint messages with the right digest and with a wrong one. */
export function checkpointVotes(place: AdversaryContext, knowledge: Knowledge): Message[] {
  return checkpointSlots(place)
    .flatMap((slot) => checkpointsAt(knowledge, slot))
    .map((body) => sign<Body>(place.self, body));
}

/** The forged state with every such proof. */
export function forgedStates(place: AdversaryContext, knowledge: Knowledge): Message[] {
  const states = [...stableProofs(place, knowledge), ...unprovenProofs(place)].map(
    (proof): StateTransfer => ({ tag: "state", slot: proof.vote.slot, snapshot: forgedSnapshot, proof }),
  );
  return states.map((body) => sign<Body>(place.self, body));
}
