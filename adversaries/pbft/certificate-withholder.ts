// Certificate withholder: a replica that votes for the primary's proposals, and so helps requests to prepare.
// In a view change it hides certificates that it has, sends old ones, and tells each receiver something else.
// As primary it starts its view by the rules, from a quorum of view-changes of its choice.

import { type Adversary, type Knowledge, type Signed, sign } from "../../src/protocol/index.js";
import type { Body, Message, PrePrepare } from "../../src/protocols/pbft/messages.js";
import { primaryOf } from "../../src/protocols/pbft/quorums.js";
import { mattersToNewViews } from "./alphabet/observed.js";
import { type AdversaryContext, isClient, range } from "./alphabet/place.js";
import {
  justifiedNewViews,
  validViewChanges,
  viewsToChangeTo,
  viewsToStart,
} from "./alphabet/possible-view-changes.js";

/** Votes for what is proposed, and hides its certificates in view changes from whom it likes. */
export const certificateWithholder: Adversary<Message> = {
  name: "certificate-withholder",
  summary: "votes for what is proposed, and shows its certificates in view changes to some and not to others",
  strength: 2,
  forwards: false,
  speaks: true,
  canMove: ({ views }) => views > 0,
  observes: mattersToNewViews,
  moves: (place, knowledge) => {
    if (isClient(place) || viewsToChangeTo(place).length === 0) return [];
    return [
      ...range(0, place.views).flatMap((view) => faithfulVotes(place, knowledge, view)),
      ...viewsToChangeTo(place).flatMap((view) => validViewChanges(place, knowledge, view)),
      ...viewsToStart(place).flatMap((view) => justifiedNewViews(place, knowledge, view)),
    ];
  },
};

/**
 * Votes for what a correct primary has proposed in this view; in a view of its own, for what its new-view may
 * propose.
 */
function faithfulVotes(place: AdversaryContext, knowledge: Knowledge, view: number): Message[] {
  const isOwn = primaryOf(place.config, view) === place.self;
  const proposals = isOwn ? ownProposals(place, knowledge, view) : proposalsOf(knowledge, view);
  const distinct = new Map(proposals.map(({ slot, digest }) => [`${slot} ${digest}`, { slot, digest }]));
  return [...distinct.values()].flatMap(({ slot, digest }) => [
    ...(isOwn ? [] : [sign<Body>(place.self, { tag: "prepare", view, slot, digest })]),
    sign<Body>(place.self, { tag: "commit", view, slot, digest }),
  ]);
}

function proposalsOf(knowledge: Knowledge, view: number): readonly PrePrepare[] {
  const isProposal = ({ body }: Signed<unknown>) =>
    (body as Body).tag === "pre-prepare" && (body as PrePrepare).view === view;
  return (knowledge.statements(isProposal) as readonly Signed<PrePrepare>[]).map(({ body }) => body);
}

function ownProposals(place: AdversaryContext, knowledge: Knowledge, view: number): readonly PrePrepare[] {
  if (view === 0) return []; // it proposes nothing of its own
  return justifiedNewViews(place, knowledge, view).flatMap(({ body }) =>
    body.tag === "new-view" ? body.proposals.map((proposal) => proposal.body) : [],
  );
}
