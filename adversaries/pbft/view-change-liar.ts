// View-change liar: a replica that sends only view-changes, and any of them: with all provable certificates,
// some of them, none, or one that is wrong in a single respect; to each receiver another.

import type { Adversary } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { mattersToViewChanges } from "./alphabet/observed.js";
import { isClient } from "./alphabet/place.js";
import { invalidViewChanges, validViewChanges, viewsToChangeTo } from "./alphabet/possible-view-changes.js";

/** Asks for any view, with true, missing and false certificates, differently to each. */
export const viewChangeLiar: Adversary<Message> = {
  name: "view-change-liar",
  summary: "asks for any view, with true, missing and false certificates, differently to each",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ views }) => views > 0,
  observes: mattersToViewChanges,
  moves: (place, knowledge) => {
    if (isClient(place)) return [];
    return viewsToChangeTo(place).flatMap((view) => [
      ...validViewChanges(place, knowledge, view),
      ...invalidViewChanges(place, knowledge, view),
    ]);
  },
};
