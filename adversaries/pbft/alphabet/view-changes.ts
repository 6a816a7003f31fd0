// The messages of a view change: view-changes with any certificates, and new-views with the proposals that
// follow from them or others.

import {
  type Certificate,
  type Collection,
  collection,
  type Knowledge,
  replicaIds,
  type Signed,
  sign,
} from "../../../src/protocol/index.js";
import type {
  Checkpoint,
  Message,
  NewView,
  Prepared,
  ViewChange,
} from "../../../src/protocols/pbft/messages.js";
import { quorumSize } from "../../../src/protocols/pbft/quorums.js";
import { digestOf, nullDigest } from "../../../src/protocols/pbft/requests.js";
import { type Proposal, pbftRules } from "../../../src/protocols/pbft/rules.js";
import { highWatermarkAbove } from "../../../src/protocols/pbft/state.js";
import { provableCollections } from "../../collections.js";
import { saidBy } from "./checkpoints.js";
import { type AdversaryContext, range } from "./place.js";
import { forgedRequest, knownRequests } from "./requests.js";

/**
 * View-changes for `view`: for each slot of the window above a stable checkpoint one of the certificates that
 * `choices` offers, or none.
 */
export function viewChanges(
  place: AdversaryContext,
  view: number,
  choices: (slot: number) => readonly Prepared[],
  proof: Certificate<Checkpoint> | null = null,
): Signed<ViewChange>[] {
  const low = proof?.vote.slot ?? 0;
  return range(low + 1, highWatermarkAbove(place.config, low))
    .reduce<Prepared[][]>(
      (sets, slot) => sets.flatMap((set) => [set, ...choices(slot).map((prepared) => [...set, prepared])]),
      [[]],
    )
    .map((prepared) => viewChange(place, view, prepared, proof));
}

/** A view-change for `view` with these certificates. */
export function viewChange(
  place: AdversaryContext,
  view: number,
  prepared: readonly Prepared[],
  proof: Certificate<Checkpoint> | null = null,
): Signed<ViewChange> {
  const stable = proof ? { stable: proof.vote.slot, proof } : { stable: 0 };
  return sign(place.self, { tag: "view-change", view, ...stable, prepared });
}

/** The set V of a new-view. */
export type Justification = Collection<ViewChange>;

/**
 * The sets V that a new-view for `view` can contain: view-changes from `senders` replicas (default: a
 * quorum), sent by correct ones or taken from `own`.
 */
export function justifications(
  place: AdversaryContext,
  knowledge: Knowledge,
  view: number,
  own: readonly ViewChange[],
  senders = quorumSize(place.config),
): Justification[] {
  const known = saidBy(
    knowledge,
    (body): body is ViewChange => body.tag === "view-change" && body.view === view,
  );
  // Frozen values are looked up faster, and every body is asked about many times.
  const bodies = [...known, ...own].map((body) => Object.freeze(body));
  return provableCollections(knowledge, bodies, senders, replicaIds(place.config));
}

/** The V of a new-view without any view-change. */
export const unfounded: Justification = collection([], 0, []);

/** A new-view for `view`. */
export function newView(
  place: AdversaryContext,
  view: number,
  viewChanges: Justification,
  proposals: readonly Proposal[],
): Message {
  const body: NewView = {
    tag: "new-view",
    view,
    viewChanges,
    proposals: proposals.map((proposal) => sign(place.self, { tag: "pre-prepare", view, ...proposal })),
  };
  return sign(place.self, body);
}

/**
 * The proposals that follow from V; the same with one slot changed to any value (a forged one too); and none.
 */
export function alteredProposals(
  place: AdversaryContext,
  knowledge: Knowledge,
  { bodies }: Justification,
): (readonly Proposal[])[] {
  const right = pbftRules.proposalsFrom(pbftRules, bodies);
  const stable = Math.max(0, ...bodies.map((body) => body.stable));
  const values = [...knownRequests(place, knowledge), forgedRequest(place), null];
  const altered = range(stable + 1, place.config.slots).flatMap((slot) =>
    values.map((request) => {
      const filler = (at: number): Proposal =>
        right[at - stable - 1] ?? { slot: at, digest: nullDigest, request: null };
      return range(stable + 1, Math.max(slot, stable + right.length)).map((at) =>
        at === slot ? { slot, digest: digestOf(request), request } : filler(at),
      );
    }),
  );
  return [right, [], ...altered];
}
