// View-change liar: a replica that sends only view-changes, and any of them: with all provable certificates,
// some of them, none, or one that is wrong in a single respect; to each receiver another.

import type { Adversary, Signed } from "../../src/protocol/index.js";
import type { Body, Message } from "../../src/protocols/pbft/messages.js";
import { isClient } from "./alphabet/place.js";
import { invalidViewChanges, validViewChanges, viewsToChangeTo } from "./alphabet/possible-view-changes.js";

const observed: readonly Body["tag"][] = ["request", "pre-prepare", "prepare", "checkpoint"];

/** Asks for any view, with true, missing and false certificates, differently to each. */
export const viewChangeLiar: Adversary<Message> = {
  name: "view-change-liar",
  summary: "asks for any view, with true, missing and false certificates, differently to each",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ views }) => views > 0,
  observes: (statement) => observed.includes((statement as Signed<Body>).body.tag),
  moves: (place, knowledge) => {
    if (isClient(place)) return [];
    return viewsToChangeTo(place).flatMap((view) => [
      ...validViewChanges(place, knowledge, view),
      ...invalidViewChanges(place, knowledge, view),
    ]);
  },
};
