// What a Byzantine replica of PBFT can send in a view change: view-changes with certificates that it can
// prove, or with one that is wrong in a single respect; and new-views built from any view-changes, wrong in
// one respect at most.

import type { Knowledge, Signed } from "../../../src/protocol/index.js";
import type { Message, ViewChange } from "../../../src/protocols/pbft/messages.js";
import { primaryOf, quorumSize } from "../../../src/protocols/pbft/quorums.js";
import { pbftRules } from "../../../src/protocols/pbft/rules.js";
import { mismatched, provable, unproven } from "./agreement.js";
import { stableProofs, unprovenProofs } from "./checkpoints.js";
import { type AdversaryContext, range } from "./place.js";
import {
  alteredProposals,
  justifications,
  newView,
  unfounded,
  viewChange,
  viewChanges,
} from "./view-changes.js";

/** The views that a view-change can ask for: in liveness runs also the one after the last. */
export function viewsToChangeTo({ views, beyond }: AdversaryContext): number[] {
  return range(1, views + (beyond ? 1 : 0));
}

/** The views above 0 that a replica leads. */
export function viewsToStart(place: AdversaryContext): number[] {
  return viewsToChangeTo(place).filter((view) => primaryOf(place.config, view) === place.self);
}

/** View-changes with any provable certificates, or fewer, or none. */
export function validViewChanges(
  place: AdversaryContext,
  knowledge: Knowledge,
  view: number,
): Signed<ViewChange>[] {
  return [null, ...stableProofs(place, knowledge)].flatMap((proof) =>
    viewChanges(place, view, (slot) => provable(place, knowledge, slot, view), proof),
  );
}

/** View-changes with one certificate that is wrong in a single respect. */
export function invalidViewChanges(
  place: AdversaryContext,
  knowledge: Knowledge,
  view: number,
): Signed<ViewChange>[] {
  const stable = unprovenProofs(place).map((proof) => viewChange(place, view, [], proof));
  const prepared = range(1, place.config.slots).flatMap((slot) =>
    [...mismatched(place, knowledge, slot, view), ...unproven(place, knowledge, slot)].map((prepared) =>
      viewChange(place, view, [prepared]),
    ),
  );
  return [...stable, ...prepared];
}

/** The new-views that a correct primary of this view could send, for every quorum of valid view-changes. */
export function justifiedNewViews(place: AdversaryContext, knowledge: Knowledge, view: number): Message[] {
  return justifications(place, knowledge, view, ofColluders(place, knowledge, view, validViewChanges)).map(
    (set) => newView(place, view, set, pbftRules.proposalsFrom(pbftRules, set.bodies)),
  );
}

/**
 * New-views from any view-changes sent, with any proposals. Each is wrong in one respect at most: what it
 * proposes; one view-change that proves nothing; one view-change short of a quorum; or no view-change at all.
 */
export function newViews(place: AdversaryContext, knowledge: Knowledge, view: number): Message[] {
  const valid = ofColluders(place, knowledge, view, validViewChanges);
  const invalid = ofColluders(place, knowledge, view, invalidViewChanges);
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
      // Of two certificates for one view, which only a liar sends, either may be taken for the higher one.
      [set.bodies, [...set.bodies].reverse()].map((bodies) =>
        newView(place, view, set, pbftRules.proposalsFrom(pbftRules, bodies)),
      ),
    ),
  ];
}

/** The bodies of such view-changes of every Byzantine replica. */
function ofColluders(
  place: AdversaryContext,
  knowledge: Knowledge,
  view: number,
  said: (place: AdversaryContext, knowledge: Knowledge, view: number) => readonly Signed<ViewChange>[],
): ViewChange[] {
  return place.byzantine.flatMap((self) => said({ ...place, self }, knowledge, view).map(({ body }) => body));
}
