// Equivocating primary: where it leads a view, it proposes different requests to different backups for the
// same slot, and votes for each of them. It enters a later view by the rules, with a justified new-view.

import { match } from "ts-pattern";
import type { Adversary, Signed } from "../../src/protocol/index.js";
import type { Body, Message } from "../../src/protocols/pbft/messages.js";
import { primaryOf } from "../../src/protocols/pbft/quorums.js";
import { pbftRules } from "../../src/protocols/pbft/rules.js";
import { prePrepares, votes } from "./alphabet/agreement.js";
import { isClient, range } from "./alphabet/place.js";
import { knownRequests } from "./alphabet/requests.js";
import { justifications, newView, viewChanges } from "./alphabet/view-changes.js";

/** As primary of PBFT, proposes different requests to different backups, and commits to each. */
export const equivocatingPrimary: Adversary<Message> = {
  name: "equivocating-primary",
  summary: "as primary, proposes different requests to different backups and commits to each",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ self, config, views }) => range(0, views).some((view) => primaryOf(config, view) === self),
  observes: (statement) =>
    match((statement as Signed<Body>).body.tag)
      .with("request", "view-change", () => true)
      .with("pre-prepare", "prepare", "commit", "checkpoint", () => false)
      .with("reply", "read", "read-reply", "new-view", "fetch", "state", () => false)
      .exhaustive(),
  moves: (place, knowledge) => {
    if (isClient(place)) return [];
    const led = range(0, place.views).filter((view) => primaryOf(place.config, view) === place.self);
    return led.flatMap((view) => [
      ...prePrepares(place, view, knownRequests(place, knowledge)),
      ...votes(place, "commit", view),
      ...(view === 0 ? [] : newViews(view)),
    ]);

    function newViews(view: number): Message[] {
      const own = viewChanges(place, view, () => []).map(({ body }) => body);
      return justifications(place, knowledge, view, own).map((set) =>
        newView(place, view, set, pbftRules.proposalsFrom(pbftRules, set.bodies)),
      );
    }
  },
};
