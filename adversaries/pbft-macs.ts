// Arbitrary adversary for PBFT without signatures. Why its alphabet is all that counts:
//
// What MACs let a Byzantine replica do. It can send any message under its own name, a different one to each;
// a MAC that is wrong for a receiver is the same as no message to him. It can pass on what a correct replica
// has sent to all, and the receiver accepts it only with its sender's MAC for him: the same as the network
// delivering it. It can say anything about what others have sent: acks and V are such sayings, and nothing
// in them is proven. So they are made up freely here, and the model refuses none of them.
//
// What is left out of the alphabet, and why nothing is lost:
// - Ill-formed view-changes, which every correct replica ignores.
// - All P and Q but these: for each slot nothing in either, or a request in P in any view, and the same in Q in
//   the last view. Where the primary is correct, a view-change of the liar's has two uses: it is compared with
//   acks and V, and the primary decides with it. To compare there are enough different ones. Whatever
//   the primary decides with another one in S, it decides with one of these, or without any: what conflicts
//   with a request, or does not support it, does no more than a view-change without anything. For n = 4 and
//   one slot test/protocols/pbft-macs.test.ts tries every S in view 1, and S drawn at random in view 2.
// - In the new-view of a Byzantine primary, its own view-change is made to fit what it proposes. It is vouched
//   for by the primary itself, and A1, A2 and B are thresholds: a view-change that supports the proposal fits
//   wherever any other one does.
// - In V of a correct replica: what it has sent, or one forged view-change that supports the proposal.
//   Forged ones are accepted by nobody; they are for mutants.
// - With one Byzantine replica, acks for what nobody else has sent: its ack counts for what the primary has, or
//   V contains, and only if it is not the primary itself.

import {
  type Adversary,
  type AdversaryContext,
  clientIds,
  type Knowledge,
  replicaIds,
  type Signed,
  sign,
} from "../src/protocol/index.js";
import type { Value } from "../src/protocols/pbft/messages.js";
import { primaryOf, quorumSize } from "../src/protocols/pbft/quorums.js";
import { digestOf } from "../src/protocols/pbft/requests.js";
import type { Body, Claim, Message, ViewChange } from "../src/protocols/pbft-macs/index.js";
import { assigned } from "../src/protocols/pbft-macs/rules.js";
import { range } from "./collections.js";
import { misnamedPrePrepares, prePrepares, votes } from "./pbft/alphabet/agreement.js";
import { viewsToChangeTo, viewsToStart } from "./pbft/alphabet/possible-view-changes.js";
import {
  clientRequests,
  forgedRequest,
  knownRequests,
  replies,
  spoiledRequests,
  usurpedRequest,
} from "./pbft/alphabet/requests.js";

/** Says anything of PBFT without signatures that is well-formed and within the bounds. */
export const pbftMacsArbitrary: Adversary<Message> = {
  name: "arbitrary",
  summary: "says anything that is well-formed and within the bounds, differently to each",
  strength: 3,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: ({ body }) => ["request", "view-change"].includes((body as Body).tag),
  moves: (place, knowledge) => {
    if (place.to === "client") return replies(place) as Message[];
    const changes = viewsToChangeTo(place);
    return [
      ...normalCase(place, knowledge),
      ...changes.flatMap((view) => viewChangeOnes(place, knowledge, view)),
    ];
  },
};

/** Says nothing but what belongs to view changes, and there what it likes. */
export const pbftMacsViewChangeLiar: Adversary<Message> = {
  ...pbftMacsArbitrary,
  name: "view-change-liar",
  summary: "sends any view-changes, acks and new-views, differently to each, and nothing else",
  strength: 2,
  moves: (place, knowledge) =>
    place.to === "client"
      ? []
      : viewsToChangeTo(place).flatMap((view) => viewChangeOnes(place, knowledge, view)),
};

/**
 * As primary proposes different requests to different backups, and votes for each of them; in view changes says of
 * any of them that it has prepared. What others have sent it acknowledges truly, and it makes up no request.
 */
export const pbftMacsEquivocatingPrimary: Adversary<Message> = {
  ...pbftMacsArbitrary,
  name: "equivocating-primary",
  summary: "as primary proposes different requests, votes for each, and says of each that it has prepared",
  strength: 2,
  forwards: false,
  canMove: ({ self, config, views }) => range(0, views).some((view) => primaryOf(config, view) === self),
  moves: (place, knowledge) => {
    if (place.to === "client") return [];
    const { self, config } = place;
    const known = distinct(knownRequests(place, knowledge));
    const agreement = range(0, place.views).flatMap((view) => [
      ...(primaryOf(config, view) === self ? prePrepares(place, view, known) : votes(place, "prepare", view)),
      ...votes(place, "commit", view),
    ]);
    const ofViewChanges = viewsToChangeTo(place).flatMap((view) => [
      ...viewChanges(place, view, known),
      ...acksOf(view, claimsSent(knowledge, view)),
    ]);
    return [...agreement, ...ofViewChanges.map((body) => sign<Body>(self, body))] as Message[];
  },
};

/** The messages of PBFT's normal case, with any request. */
function normalCase(place: AdversaryContext, knowledge: Knowledge): Message[] {
  const { self, config } = place;
  const genuine = knownRequests(place, knowledge);
  const isClient = config.clients && clientIds(config).includes(self);
  const made = [
    forgedRequest(place),
    ...(isClient ? clientRequests(place) : [usurpedRequest(place)]),
    ...spoiledRequests(place, knowledge),
    ...range(0, place.views).flatMap((view) => [
      ...prePrepares(
        place,
        view,
        primaryOf(config, view) === self
          ? [...genuine, forgedRequest(place), usurpedRequest(place), null]
          : genuine,
      ),
      ...misnamedPrePrepares(place, view, genuine),
      ...votes(place, "prepare", view),
      ...votes(place, "commit", view),
    ]),
  ];
  return made as Message[];
}

/** View-changes, acks and new-views for `view`. */
function viewChangeOnes(place: AdversaryContext, knowledge: Knowledge, view: number): Message[] {
  const { self, byzantine, config } = place;
  const values = [...distinct(knownRequests(place, knowledge)), forgedRequest(place), null];
  const own = viewChanges(place, view, values);
  const claims = [...claimsSent(knowledge, view), ...(byzantine.length > 1 ? colluding(place, own) : [])];
  const acks = acksOf(view, [...claims, ...own.map((said) => ({ replica: self, said }))]);
  const leads = viewsToStart(place).includes(view);
  const isCounted = primaryOf(config, view) !== self;
  return [
    ...(isCounted ? own : own.slice(0, 1)),
    ...(isCounted ? acks : []),
    ...(leads ? newViews(place, knowledge, view, claims) : []),
  ].map((body) => sign<Body>(self, body));
}

/** The view-changes for `view` that others have sent. */
function claimsSent(knowledge: Knowledge, view: number): Claim[] {
  const sent = knowledge.statements(
    (statement) => isViewChange(statement.body as Body) && (statement.body as ViewChange).view === view,
  ) as readonly Signed<ViewChange>[];
  return sent.map(({ signer, body }) => ({ replica: signer, said: body }));
}

function acksOf(view: number, claims: readonly Claim[]): Body[] {
  return claims.map(({ replica, said }) => ({ tag: "view-change-ack", view, of: replica, said }));
}

function isViewChange(body: Body): body is ViewChange {
  return body.tag === "view-change";
}

/** What the other Byzantine replicas can be said to have sent, and correct ones falsely. */
function colluding({ self, config }: AdversaryContext, said: readonly ViewChange[]): Claim[] {
  return replicaIds(config)
    .filter((id) => id !== self)
    .flatMap((replica) => said.map((one) => ({ replica, said: one })));
}

/**
 * For every slot nothing, or that one of the values has prepared in one of the views before; the first one has
 * nothing at all.
 */
function viewChanges(place: AdversaryContext, view: number, values: readonly Value[]): ViewChange[] {
  return range(1, place.config.slots)
    .reduce<Content[]>(
      (all, slot) =>
        all.flatMap((one) => [one, ...values.flatMap((value) => withPrepared(one, view, slot, value))]),
      [nothing],
    )
    .map((content) => ({ tag: "view-change", view, ...content }));
}

type Content = Pick<ViewChange, "prepared" | "prePrepared">;

const nothing: Content = { prepared: [], prePrepared: [] };

/** The same, and that a request has prepared in a slot: in any view below, supported with the last of these. */
function withPrepared(
  { prepared, prePrepared }: Content,
  view: number,
  slot: number,
  value: Value,
): Content[] {
  return range(value === null ? 1 : 0, view - 1).map((earlier) => ({
    prepared: [...prepared, assigned(slot, earlier, value)],
    prePrepared: [...prePrepared, assigned(slot, view - 1, value)],
  }));
}

/** One of those with the same digest: which of them makes no difference to P and Q. */
function distinct<V extends Value>(values: readonly V[]): V[] {
  return [...new Map(values.map((value) => [digestOf(value), value])).values()];
}

/** New-views with any V that can be made to fit, and any X of one request or none at each slot. */
function newViews(
  place: AdversaryContext,
  knowledge: Knowledge,
  view: number,
  claims: readonly Claim[],
): Body[] {
  const { self, config } = place;
  const least = quorumSize(config) - 1;
  return decisions(place, knowledge, view).flatMap(({ supporting, proposals }): Body[] =>
    supporting.flatMap((said) => {
      const forged = replicaIds(config)
        .filter((replica) => replica !== self)
        .map((replica): Claim => ({ replica, said }));
      const sets = [
        ...vectors(claims),
        ...forged.flatMap((one) =>
          vectors(claims.filter(({ replica }) => replica !== one.replica)).map((set) => [...set, one]),
        ),
      ];
      return [...sets.filter((set) => set.length + 1 >= least), repeated(self, said)].map((set) => ({
        tag: "new-view" as const,
        view,
        viewChanges: [...set, { replica: self, said }],
        proposals,
      }));
    }),
  );
}

/** As many more view-changes of the liar itself as make a quorum. */
function repeated(self: string, { view, prePrepared }: ViewChange): Claim[] {
  return [prePrepared, []].map((support) => ({
    replica: self,
    said: { tag: "view-change", view, prepared: [], prePrepared: support },
  }));
}

/** Every choice of at most one claim about each replica. */
function vectors(claims: readonly Claim[]): Claim[][] {
  const sets: Claim[][] = [[]];
  for (const replica of new Set(claims.map((claim) => claim.replica))) {
    const about = claims.filter((claim) => claim.replica === replica);
    sets.push(...sets.flatMap((set) => about.map((claim) => [...set, claim])));
  }
  return sets;
}

/** Each X: a value for every slot, up to the last one or to an earlier one; and view-changes that support it. */
function decisions(place: AdversaryContext, knowledge: Knowledge, view: number) {
  const values: Value[] = [...knownRequests(place, knowledge), forgedRequest(place), null];
  const all: Value[][] = [[]];
  for (const slot of range(1, place.config.slots)) {
    const shorter = all.filter((chosen) => chosen.length === slot - 1);
    all.push(...shorter.flatMap((chosen) => values.map((value) => [...chosen, value])));
  }
  return all.map((chosen) => ({
    proposals: chosen.map((request, index) => ({
      slot: index + 1,
      digest: digestOf(request),
      request,
    })),
    supporting: supportFor(view, chosen),
  }));
}

/** The view-changes that support these values, with every choice of the view in which they prepared. */
function supportFor(view: number, chosen: readonly Value[]): ViewChange[] {
  return chosen
    .reduce<Content[]>(
      (all, value, index) =>
        all.flatMap((one) => [
          ...(value === null ? [one] : []),
          ...withPrepared(one, view, index + 1, value),
        ]),
      [nothing],
    )
    .map((content) => ({ tag: "view-change", view, ...content }));
}
