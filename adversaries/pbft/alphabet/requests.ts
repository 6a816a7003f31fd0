// Requests and the values that can stand for them. Values come from a finite alphabet: the requests of the
// run, the null request, and one request that no client made.

import {
  authenticate,
  clientIds,
  type Knowledge,
  type NodeId,
  replicaIds,
  type Signed,
  sign,
} from "../../../src/protocol/index.js";
import type { Batch, Body, Message, Request } from "../../../src/protocols/pbft/messages.js";
import {
  allRequestsOf,
  attest,
  isAuthenticated,
  isRead,
  requestsIn,
  resultOf,
} from "../../../src/protocols/pbft/requests.js";
import { type AdversaryContext, range } from "./place.js";

type Run = Pick<AdversaryContext, "config" | "byzantine">;

/** By configuration and Byzantine nodes: moves are computed for thousands of states, and the requests are the same in all of them. */
const known = new WeakMap<Run["config"], Map<string, readonly Signed<Request>[]>>();

/** The requests of the run; and for each Byzantine client a second one with the same timestamp. */
function requestsOfRun({ config, byzantine }: Run): readonly Signed<Request>[] {
  const ofConfig = known.get(config) ?? new Map<string, readonly Signed<Request>[]>();
  known.set(config, ofConfig);
  const key = byzantine.join(" ");
  const clients = () => clientIds(config).filter((id) => byzantine.includes(id));
  const requests = ofConfig.get(key) ?? [
    ...allRequestsOf(config),
    ...clients().map((client) => twinRequest(config, client)),
  ];
  ofConfig.set(key, requests);
  return requests;
}

/** What a Byzantine client also requests under the timestamp of its first request. */
function twinRequest(config: AdversaryContext["config"], client: NodeId): Signed<Request> {
  return attest(config, { tag: "request", client, timestamp: 1, operation: "twin" });
}

/**
 * The values that a sequence number can be assigned: a request or, with batching, two requests in either
 * order.
 */
export function valuesOf(place: Run): readonly (Signed<Request> | Batch)[] {
  const requests = requestsOfRun(place);
  if ((place.config.batch ?? 1) < 2) return requests;
  const pairs = requests.flatMap((first) =>
    requests
      .filter((second) => second !== first)
      .map((second): Batch => ({ tag: "batch", requests: [first, second] })),
  );
  return [...requests, ...pairs];
}

/**
 * The values built from requests that their clients have signed and sent; with authenticators, from spoiled
 * ones too.
 */
export function knownRequests(
  place: AdversaryContext,
  knowledge: Knowledge,
): readonly (Signed<Request> | Batch)[] {
  return valuesOf(place)
    .flatMap((value): readonly (Signed<Request> | Batch)[] =>
      value.tag === "batch" ? [value] : [value, ...spoiled(place, value)],
    )
    .filter((value) => requestsIn(value).every((request) => knowledge.canShow(request)));
}

/**
 * The request with an authenticator that is correct for all replicas but one, for each such replica; with
 * signatures, none.
 */
function spoiled({ config, byzantine }: AdversaryContext, request: Signed<Request>): Signed<Request>[] {
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

/** Spoiled requests by themselves. Intact ones are forwarded as they are. */
export function spoiledRequests(place: AdversaryContext, knowledge: Knowledge): Message[] {
  return requestsOfRun(place)
    .flatMap((request) => spoiled(place, request))
    .filter((request) => knowledge.canShow(request));
}

/**
 * The requests that a Byzantine client sends, including the second one with the same timestamp; with
 * authenticators, also with one that is correct for all replicas but one, or for one alone.
 */
export function clientRequests(place: AdversaryContext): Message[] {
  const { self, config } = place;
  const own = requestsOfRun(place).filter(({ body }) => body.client === self);
  if (!isAuthenticated(config)) return [...own];
  const single = own.flatMap(({ body }) => replicaIds(config).map((id) => authenticate(self, body, [id])));
  return [...own, ...own.flatMap((request) => spoiled({ ...place, byzantine: [] }, request)), ...single];
}

/**
 * A request in a client's name that only the Byzantine replica has signed. The name is the first client's if
 * clients are nodes, otherwise that of a client without requests, so that all genuine requests are treated
 * alike. With authenticators: in the first client's name, and no correct replica is convinced.
 */
export function forgedRequest({ self, byzantine, config }: AdversaryContext): Signed<Request> {
  if (isAuthenticated(config)) return authenticate("c0", requestBy("c0", "c0").body, byzantine);
  return requestBy(self, config.clients ? "c0" : `c${config.requests}`);
}

/** A request in the Byzantine replica's own name: correctly signed, but it is no client. */
export function usurpedRequest({ self }: AdversaryContext): Signed<Request> {
  return requestBy(self, self);
}

function requestBy(signer: NodeId, client: NodeId) {
  return sign<Request>(signer, { tag: "request", client, timestamp: 2, operation: "forged" });
}

/**
 * Replies to every client: the correct result, which depends on how many requests came first, and a wrong
 * one; also as answers to reads that are not ordered.
 */
export function replies(place: AdversaryContext): Message[] {
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
