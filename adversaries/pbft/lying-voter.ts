// Lying voter: a replica that votes for anything, differently to each receiver, as often as it likes. In a
// view change it claims that nothing has prepared.

import type { Adversary } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { votes } from "./alphabet/agreement.js";
import { isClient, range } from "./alphabet/place.js";
import { viewChanges } from "./alphabet/view-changes.js";

/**
 * Prepares and commits anything, differently to each, and claims in view changes that nothing has prepared.
 */
export const lyingVoter: Adversary<Message> = {
  name: "lying-voter",
  summary: "prepares and commits anything, differently to each, and hides its certificates in view changes",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: () => true,
  observes: () => false,
  moves: (place) => {
    if (isClient(place)) return [];
    return [
      ...range(0, place.views).flatMap((view) => [
        ...votes(place, "prepare", view),
        ...votes(place, "commit", view),
      ]),
      ...range(1, place.views + (place.beyond ? 1 : 0)).flatMap((view) => viewChanges(place, view, () => [])),
    ];
  },
};
