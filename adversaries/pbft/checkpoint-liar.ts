// Checkpoint liar: a replica that sends anybody any checkpoint message, and offers forged state. Otherwise it
// is silent, so that runs with several slots stay small.

import type { Adversary, Signed } from "../../src/protocol/index.js";
import type { Body, Message } from "../../src/protocols/pbft/messages.js";
import { checkpointSlots, checkpointVotes, forgedStates, unprovenProofs } from "./alphabet/checkpoints.js";
import { isClient, range } from "./alphabet/place.js";
import { viewChange, viewChanges } from "./alphabet/view-changes.js";

/** Tells each replica of PBFT something else about checkpoints, and offers forged state. */
export const checkpointLiar: Adversary<Message> = {
  name: "checkpoint-liar",
  summary: "tells each something else about checkpoints, and offers forged state",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ config }) => checkpointSlots({ config }).length > 0,
  observes: (statement) => (statement as Signed<Body>).body.tag === "checkpoint",
  moves: (place, knowledge) => {
    if (isClient(place)) return [];
    return [
      ...checkpointVotes(place, knowledge),
      ...forgedStates(place, knowledge),
      ...range(1, place.views + (place.beyond ? 1 : 0)).flatMap((view) => [
        ...(checkpointSlots(place).length > 0 ? viewChanges(place, view, () => []) : []),
        ...unprovenProofs(place).map((proof) => viewChange(place, view, [], proof)),
      ]),
    ];
  },
};
