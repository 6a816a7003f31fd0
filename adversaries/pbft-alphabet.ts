// What a Byzantine replica of PBFT can say, by kind of message. The adversaries are made of these parts. Values come
// from a finite alphabet: the requests of the run, the null request, and one request that no client ever made.

import {
  authenticate,
  type Certificate,
  type Collection,
  type Corruption,
  certificate,
  clientIds,
  collection,
  type Knowledge,
  type NodeId,
  replicaIds,
  type Signed,
  sign,
} from "../src/protocol/index.js";
import type {
  Batch,
  Body,
  Checkpoint,
  Message,
  NewView,
  PrePrepare,
  Prepared,
  Request,
  Snapshot,
  StateTransfer,
  Value,
  ViewChange,
} from "../src/protocols/pbft/messages.js";
import { backupsOf, primaryOf, quorumSize } from "../src/protocols/pbft/quorums.js";
import {
  allRequestsOf,
  attest,
  digestOf,
  isAuthenticated,
  isRead,
  nullDigest,
  requestsIn,
  resultOf,
} from "../src/protocols/pbft/requests.js";
import { type Proposal, pbftRules, preparesCertificate } from "../src/protocols/pbft/rules.js";
import { digestOfSnapshot } from "../src/protocols/pbft/snapshots.js";
import { highWatermarkAbove } from "../src/protocols/pbft/state.js";

/** The situation that a message is made in. */
export type Place = Corruption;

export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** The requests of the run; and of each Byzantine client a second one with the same timestamp. */
export function requestsOfRun(place: Pick<Place, "config" | "byzantine">): readonly Signed<Request>[] {
  const { config, byzantine } = place;
  const clients = clientIds(config).filter((id) => byzantine.includes(id));
  return [...allRequestsOf(config), ...clients.map((client) => twinRequest(config, client))];
}

/** What a client asks for under the timestamp of its first request. */
function twinRequest(config: Place["config"], client: NodeId): Signed<Request> {
  return attest(config, { tag: "request", client, timestamp: 1, operation: "twin" });
}

/** What a sequence number can be assigned to: a request, or where there are batches two of them in either order. */
export function valuesOf(place: Pick<Place, "config" | "byzantine">): readonly (Signed<Request> | Batch)[] {
  const requests = requestsOfRun(place);
  if ((place.config.batch ?? 1) < 2) return requests;
  const pairs = requests.flatMap((first) =>
    requests
      .filter((second) => second !== first)
      .map((second): Batch => ({ tag: "batch", requests: [first, second] })),
  );
  return [...requests, ...pairs];
}

/** The values that can be shown: those of requests that their clients have signed and sent; with authenticators, also spoiled. */
export function knownRequests(place: Place, knowledge: Knowledge): readonly (Signed<Request> | Batch)[] {
  return valuesOf(place)
    .flatMap((value): readonly (Signed<Request> | Batch)[] =>
      value.tag === "batch" ? [value] : [value, ...spoiled(place, value)],
    )
    .filter((value) => requestsIn(value).every((request) => knowledge.canShow(request)));
}

/** A request with an authenticator that is right for all replicas but one, whichever; with a signature, none. */
function spoiled({ config, byzantine }: Place, request: Signed<Request>): Signed<Request>[] {
  const { signer, body, convinces } = request;
  if (convinces === undefined) return [];
  return convinces
    .filter((receiver) => !byzantine.includes(receiver))
    .map((left) =>
      authenticate(
        signer,
        body,
        replicaIds(config).filter((id) => id !== left),
      ),
    );
}

/** Spoiled requests by themselves. Whole ones are passed on as they are. */
export function spoiledRequests(place: Place, knowledge: Knowledge): Message[] {
  return requestsOfRun(place)
    .flatMap((request) => spoiled(place, request))
    .filter((request) => knowledge.canShow(request));
}

/**
 * What a Byzantine client asks for: all its requests, the second one with the same timestamp too; with authenticators, also
 * such that are right for all replicas but one, or for one alone.
 */
export function clientRequests(place: Place): Message[] {
  const { self, config } = place;
  const own = requestsOfRun(place).filter(({ body }) => body.client === self);
  if (!isAuthenticated(config)) return [...own];
  const single = own.flatMap(({ body }) => replicaIds(config).map((id) => authenticate(self, body, [id])));
  return [...own, ...own.flatMap((request) => spoiled({ ...place, byzantine: [] }, request)), ...single];
}

/** Whether the node that speaks is a client. */
export function speaksAsClient({ self, config }: Pick<Place, "self" | "config">): boolean {
  return config.clients && clientIds(config).includes(self);
}

/**
 * A request in a client's name that only the Byzantine replica itself has signed: in the name of the first one where clients are
 * nodes, otherwise of one that has asked for nothing (so that all genuine requests are treated alike). With authenticators: in the
 * name of the first one, and nobody correct is convinced.
 */
export function forgedRequest({ self, byzantine, config }: Place): Signed<Request> {
  if (isAuthenticated(config)) return authenticate("c0", requestBy("c0", "c0").body, byzantine);
  return requestBy(self, config.clients ? "c0" : `c${config.requests}`);
}

/** A request in the Byzantine replica's own name: properly signed, but it is no client. */
export function usurpedRequest({ self }: Place): Signed<Request> {
  return requestBy(self, self);
}

function requestBy(signer: NodeId, client: NodeId) {
  return sign<Request>(signer, { tag: "request", client, timestamp: 2, operation: "forged" });
}

/** Pre-prepares of `view` for every slot and each of these requests. */
export function prePrepares(place: Place, view: number, requests: readonly Value[]): Message[] {
  return range(1, place.config.slots).flatMap((slot) =>
    requests.map((request) =>
      sign<Body>(place.self, { tag: "pre-prepare", view, slot, digest: digestOf(request), request }),
    ),
  );
}

/** Pre-prepares of `view` with one request and the digest of another. */
export function misnamedPrePrepares(place: Place, view: number, requests: readonly Value[]): Message[] {
  return range(1, place.config.slots).flatMap((slot) =>
    requests.flatMap((request) =>
      requests
        .filter((other) => other !== request)
        .map((other) =>
          sign<Body>(place.self, { tag: "pre-prepare", view, slot, digest: digestOf(other), request }),
        ),
    ),
  );
}

/** Votes of one kind in `view`, for every slot and value. In view 0 nothing null is ever proposed. */
export function votes(place: Place, tag: "prepare" | "commit", view: number): Message[] {
  const digests = [...valuesOf(place).map(digestOf), ...(view > 0 ? [nullDigest] : [])];
  return range(1, place.config.slots).flatMap((slot) =>
    digests.map((digest) => sign<Body>(place.self, { tag, view, slot, digest })),
  );
}

/** Certificates for a slot in views below `view`: all that can be shown and proven. */
export function provable(place: Place, knowledge: Knowledge, slot: number, view: number): Prepared[] {
  return certificates(place, knowledge, slot, view).filter(isMatching);
}

/** The same with the pre-prepare for one request and the proven prepares for another. */
export function mismatched(place: Place, knowledge: Knowledge, slot: number, view: number): Prepared[] {
  return certificates(place, knowledge, slot, view).filter((prepared) => !isMatching(prepared));
}

function isMatching({ prePrepare, prepares }: Prepared): boolean {
  return prePrepare.body.digest === prepares.vote.digest;
}

function certificates(place: Place, knowledge: Knowledge, slot: number, view: number): Prepared[] {
  return range(0, view - 1).flatMap((certified) => {
    const shown = proposalsFor(place, knowledge, slot, certified);
    const proven = [...valuesOf(place).map(digestOf), nullDigest]
      .map((digest) =>
        preparesCertificate(pbftRules, place.config, { tag: "prepare", view: certified, slot, digest }),
      )
      .filter((prepares) => knowledge.canProve(prepares));
    return shown.flatMap((prePrepare) =>
      proven.map((prepares) => ({ tag: "prepared" as const, prePrepare, prepares })),
    );
  });
}

/** Certificates that prove nothing: no prepare is claimed to have been signed. */
export function unproven(place: Place, knowledge: Knowledge, slot: number): Prepared[] {
  return proposalsFor(place, knowledge, slot, 0).map((prePrepare) => {
    const { digest } = prePrepare.body;
    const vote = { tag: "prepare" as const, view: 0, slot, digest };
    const prepares: Certificate<typeof vote> = certificate(vote, 0, backupsOf(place.config, 0));
    return { tag: "prepared" as const, prePrepare, prepares };
  });
}

/** The pre-prepares for a slot of a view that can be shown. */
function proposalsFor(place: Place, knowledge: Knowledge, slot: number, view: number): Signed<PrePrepare>[] {
  const primary = primaryOf(place.config, view);
  return [...knownRequests(place, knowledge), ...(view > 0 ? [null] : [])]
    .map((request) =>
      sign<PrePrepare>(primary, { tag: "pre-prepare", view, slot, digest: digestOf(request), request }),
    )
    .filter((prePrepare) => knowledge.canShow(prePrepare));
}

/**
 * View-changes for `view` with, for each slot of the window above a stable checkpoint, one of the certificates that `choices`
 * offers, or none.
 */
export function viewChanges(
  place: Place,
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
  place: Place,
  view: number,
  prepared: readonly Prepared[],
  proof: Certificate<Checkpoint> | null = null,
): Signed<ViewChange> {
  const stable = proof ? { stable: proof.vote.slot, proof } : { stable: 0 };
  return sign(place.self, { tag: "view-change", view, ...stable, prepared });
}

/** The slots at which checkpoints are taken. */
export function checkpointSlots({ config }: Pick<Place, "config">): number[] {
  const { checkpointInterval, slots } = config;
  return checkpointInterval ? range(1, slots).filter((slot) => slot % checkpointInterval === 0) : [];
}

/** State that nobody has computed: as if nothing had ever been executed, and yet with a history. */
export const forgedSnapshot: Snapshot = { history: "forged", executed: 0, replies: [] };

/** What correct replicas have said and is known, by kind. */
function saidBy<T extends Body>(knowledge: Knowledge, isOne: (body: Body) => body is T): readonly T[] {
  return knowledge.bodies((body) => isOne(body as Body)) as readonly T[];
}

/** What a correct replica has said of its state at this slot, and something else. */
export function checkpointsAt(knowledge: Knowledge, slot: number): Checkpoint[] {
  const said = saidBy(
    knowledge,
    (body): body is Checkpoint => body.tag === "checkpoint" && body.slot === slot,
  ).map(({ digest }) => digest);
  return [...new Set([...said, digestOfSnapshot(forgedSnapshot)])].map((digest) => ({
    tag: "checkpoint",
    slot,
    digest,
  }));
}

/** Proofs of stable checkpoints: all that a quorum is behind. */
export function stableProofs(place: Place, knowledge: Knowledge): Certificate<Checkpoint>[] {
  const ids = replicaIds(place.config);
  return checkpointSlots(place).flatMap((slot) =>
    checkpointsAt(knowledge, slot)
      .map((checkpoint) => certificate(checkpoint, quorumSize(place.config), ids))
      .filter((proof) => knowledge.canProve(proof)),
  );
}

/** What looks like one for the forged state, and has the Byzantine replicas alone behind it. */
export function hollowProofs(place: Place): Certificate<Checkpoint>[] {
  const { config, byzantine } = place;
  const digest = digestOfSnapshot(forgedSnapshot);
  return checkpointSlots(place).map((slot) =>
    certificate<Checkpoint>({ tag: "checkpoint", slot, digest }, byzantine.length, replicaIds(config)),
  );
}

/** Checkpoint messages with the right digest and a wrong one. */
export function checkpointVotes(place: Place, knowledge: Knowledge): Message[] {
  return checkpointSlots(place)
    .flatMap((slot) => checkpointsAt(knowledge, slot))
    .map((body) => sign<Body>(place.self, body));
}

/** Forged state with every proof that there is. */
export function forgedStates(place: Place, knowledge: Knowledge): Message[] {
  const states = [...stableProofs(place, knowledge), ...hollowProofs(place)].map(
    (proof): StateTransfer => ({ tag: "state", slot: proof.vote.slot, snapshot: forgedSnapshot, proof }),
  );
  return states.map((body) => sign<Body>(place.self, body));
}

/** What a new-view shows as V. */
export type Justification = Collection<ViewChange>;

/**
 * The collections V that a new-view for `view` can show: view-changes of `senders` replicas (default: a quorum), said by
 * correct ones or among these `own` ones.
 */
export function justifications(
  place: Place,
  knowledge: Knowledge,
  view: number,
  own: readonly ViewChange[],
  senders = quorumSize(place.config),
): Justification[] {
  const known = saidBy(
    knowledge,
    (body): body is ViewChange => body.tag === "view-change" && body.view === view,
  );
  // Frozen, since what cannot change is looked up faster: every body is asked about many times.
  const bodies = [...new Map([...known, ...own].map((body) => [JSON.stringify(body), Object.freeze(body)]))]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, body]) => body);
  const sets: ViewChange[][] = [[]];
  for (const body of bodies)
    sets.push(...sets.filter((set) => set.length < senders).map((set) => [...set, body]));
  return sets
    .filter((set) => set.length > 0)
    .map((set) => collection(set, senders, replicaIds(place.config)))
    .filter((set) => knowledge.canProve(set));
}

/** A new-view with no view-change behind it. */
export const unfounded: Justification = collection([], 0, []);

/** A new-view for `view`. */
export function newView(
  place: Place,
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

/** The proposals that follow from V, those with one slot changed to any value (a forged one too), and none. */
export function alteredProposals(
  place: Place,
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

/**
 * Replies to every client: the right result, which depends on how many requests came first, and a wrong one; and the same as
 * answers to reads that are not ordered.
 */
export function replies(place: Place): Message[] {
  const { self, config } = place;
  const requests = requestsOfRun(place);
  return requests.flatMap(({ body }) => {
    const { client, timestamp } = body;
    const positions = range(isRead(body) ? 0 : 1, requests.length);
    const results = [...positions.map((position) => resultOf(body, position)), "forged"];
    return results.flatMap((result) => [
      sign<Body>(self, { tag: "reply", view: 0, client, timestamp, result }),
      ...(config.readOnly && isRead(body)
        ? [sign<Body>(self, { tag: "read-reply", client, timestamp, result })]
        : []),
    ]);
  });
}

/** Whether the receiver is a client, to which only replies matter. */
export function isClient({ to }: Place): boolean {
  return to === "client";
}
