// Arbitrary: everything that is well-formed, unforged and inside the finite alphabet of the bounds. For safety it
// subsumes every other adversary: equivocation, any vote, view-changes with any certificate that can be proven (and
// some that prove nothing), new-views built from any view-changes sent, with the right proposals and with wrong ones,
// requests that no client made, false replies, and whatever correct nodes have signed, passed on to anyone.

import type { Adversary, Corruption, Knowledge, Signed } from "../src/protocol/index.js";
import type { Body, Message, ViewChange } from "../src/protocols/pbft/messages.js";
import { primaryOf, quorumSize } from "../src/protocols/pbft/quorums.js";
import { pbftRules } from "../src/protocols/pbft/rules.js";
import {
  alteredProposals,
  checkpointVotes,
  clientRequests,
  forgedRequest,
  forgedStates,
  hollowProofs,
  isClient,
  justifications,
  knownRequests,
  mismatched,
  misnamedPrePrepares,
  newView,
  prePrepares,
  provable,
  range,
  replies,
  speaksAsClient,
  spoiledRequests,
  stableProofs,
  unfounded,
  unproven,
  usurpedRequest,
  viewChange,
  viewChanges,
  votes,
} from "./pbft-alphabet.js";

const observed: readonly Body["tag"][] = ["request", "pre-prepare", "prepare", "view-change", "checkpoint"];

export const arbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed, unforged and within the bounds",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: (statement) => observed.includes((statement as Signed<Body>).body.tag),
  moves: (place, knowledge) => {
    if (isClient(place)) return replies(place);
    const views = range(0, place.views);
    const changes = range(1, place.views + (place.beyond ? 1 : 0));
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
      ...changes.flatMap((view) => ownViewChanges(place, knowledge, view)),
      ...changes.flatMap((view) => newViews(place, knowledge, view)),
    ];
  },
};

/** As primary any request, forged ones and the null one; elsewhere the genuine ones, which nobody should accept. */
function proposable(place: Corruption, knowledge: Knowledge, view: number) {
  const genuine = knownRequests(place, knowledge);
  return primaryOf(place.config, view) === place.self
    ? [...genuine, forgedRequest(place), usurpedRequest(place), null]
    : genuine;
}

/** With any certificates that can be proven, and with one that is false in a single respect. */
function ownViewChanges(place: Corruption, knowledge: Knowledge, view: number) {
  return [...validViewChanges(place, knowledge, view), ...invalidViewChanges(place, knowledge, view)];
}

function validViewChanges(place: Corruption, knowledge: Knowledge, view: number) {
  return [null, ...stableProofs(place, knowledge)].flatMap((proof) =>
    viewChanges(place, view, (slot) => provable(place, knowledge, slot, view), proof),
  );
}

function invalidViewChanges(place: Corruption, knowledge: Knowledge, view: number) {
  const stable = hollowProofs(place).map((proof) => viewChange(place, view, [], proof));
  const prepared = range(1, place.config.slots).flatMap((slot) =>
    [...mismatched(place, knowledge, slot, view), ...unproven(place, knowledge, slot)].map((prepared) =>
      viewChange(place, view, [prepared]),
    ),
  );
  return [...stable, ...prepared];
}

/**
 * From any view-changes sent, with any proposals. A new-view is wrong in one respect at most: what is proposed; a
 * view-change that proves nothing; one view-change short of a quorum; or none at all.
 */
function newViews(place: Corruption, knowledge: Knowledge, view: number): Message[] {
  const colluders = place.byzantine.map((self) => ({ ...place, self }));
  const bodies = (signed: readonly Signed<ViewChange>[]) => signed.map(({ body }) => body);
  const valid = colluders.flatMap((self) => bodies(validViewChanges(self, knowledge, view)));
  const invalid = colluders.flatMap((self) => bodies(invalidViewChanges(self, knowledge, view)));
  const justified = justifications(place, knowledge, view, valid);
  const proving = justifications(place, knowledge, view, [...valid, ...invalid]);
  const unjustified = [
    ...proving.filter((set) => set.bodies.some((body) => invalid.includes(body))),
    ...justifications(place, knowledge, view, valid, quorumSize(place.config) - 1),
  ];
  return [
    ...[unfounded, ...justified].flatMap((set) =>
      alteredProposals(place, knowledge, set).map((proposals) => newView(place, view, set, proposals)),
    ),
    ...unjustified.flatMap((set) =>
      // Of two certificates for one view, which only a liar shows, either may be taken for the higher one.
      [set.bodies, [...set.bodies].reverse()].map((bodies) =>
        newView(place, view, set, pbftRules.proposalsFrom(pbftRules, bodies)),
      ),
    ),
  ];
}
