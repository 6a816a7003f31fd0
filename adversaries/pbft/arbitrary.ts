// Arbitrary: every message that is well-formed, unforged and inside the finite alphabet of the bounds. For
// safety it subsumes every other adversary: equivocation; any vote; view-changes with any provable
// certificate, and some with one that proves nothing; new-views built from any view-changes sent, with
// correct and with wrong proposals; requests that no client made; false replies; and statements of correct
// nodes forwarded to anyone.

import type { Adversary, AdversaryContext, Knowledge } from "../../src/protocol/index.js";
import type { Message } from "../../src/protocols/pbft/messages.js";
import { primaryOf } from "../../src/protocols/pbft/quorums.js";
import { misnamedPrePrepares, prePrepares, votes } from "./alphabet/agreement.js";
import { checkpointVotes, forgedStates } from "./alphabet/checkpoints.js";
import { mattersToNewViews } from "./alphabet/observed.js";
import { isClient, range, speaksAsClient } from "./alphabet/place.js";
import {
  invalidViewChanges,
  newViews,
  validViewChanges,
  viewsToChangeTo,
} from "./alphabet/possible-view-changes.js";
import {
  clientRequests,
  forgedRequest,
  knownRequests,
  replies,
  spoiledRequests,
  usurpedRequest,
} from "./alphabet/requests.js";

/** Says anything of PBFT that is well-formed, unforged and within the bounds. */
export const arbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: mattersToNewViews,
  moves: (place, knowledge) => {
    if (isClient(place)) return replies(place);
    const views = range(0, place.views);
    const changes = viewsToChangeTo(place);
    return [
      forgedRequest(place),
      ...(speaksAsClient(place) ? clientRequests(place) : [usurpedRequest(place)]),
      ...spoiledRequests(place, knowledge),
      ...views.flatMap((view) => [
        ...prePrepares(place, view, proposable(place, knowledge, view)),
        ...misnamedPrePrepares(place, view, knownRequests(place, knowledge)),
        ...votes(place, "prepare", view),
        ...votes(place, "commit", view),
      ]),
      ...checkpointVotes(place, knowledge),
      ...forgedStates(place, knowledge),
      ...changes.flatMap((view) => validViewChanges(place, knowledge, view)),
      ...changes.flatMap((view) => invalidViewChanges(place, knowledge, view)),
      ...changes.flatMap((view) => newViews(place, knowledge, view)),
    ];
  },
};

/**
 * As primary any request, forged ones and the null request too; otherwise genuine requests, which nobody
 * should accept from it.
 */
function proposable(place: AdversaryContext, knowledge: Knowledge, view: number) {
  const genuine = knownRequests(place, knowledge);
  return primaryOf(place.config, view) === place.self
    ? [...genuine, forgedRequest(place), usurpedRequest(place), null]
    : genuine;
}
