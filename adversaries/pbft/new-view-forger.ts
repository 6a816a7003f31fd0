// New-view forger: where it leads a view above 0, it starts that view from no view-changes, from too few,
// from one that proves nothing, or from a quorum but with proposals that do not follow. Otherwise it is
// silent.

import type { Adversary } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { primaryOf } from "../../src/protocols/pbft/quorums.js";
import { mattersToNewViews } from "./alphabet/observed.js";
import { isClient, range } from "./alphabet/place.js";
import { newViews, viewsToStart } from "./alphabet/possible-view-changes.js";

/** As primary of a later view, starts it without a quorum behind it, or with proposals that do not follow. */
export const newViewForger: Adversary<Message> = {
  name: "new-view-forger",
  summary:
    "as primary of a later view, starts it without a quorum behind it, or with proposals that do not follow",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ self, config, views }) => range(1, views).some((view) => primaryOf(config, view) === self),
  observes: mattersToNewViews,
  moves: (place, knowledge) =>
    isClient(place) ? [] : viewsToStart(place).flatMap((view) => newViews(place, knowledge, view)),
};
