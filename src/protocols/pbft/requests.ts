// Requests, their digests, and their results.

import {
  authenticate,
  type Config,
  clientIds,
  type Digest,
  type NodeId,
  replicaIds,
  type Signed,
  sign,
} from "../../protocol/index.js";
import type { Request, Value } from "./messages.js";

/** The operation that appends nothing and returns the length of the log. */
export const readOperation = "read";

/** The digest of the null request, which a new view proposes for slots in which nothing prepared. */
export const nullDigest: Digest = "null";

/**
 * The digest of a request, or of a batch. It is symbolic, hence free of collisions: it contains them
 * completely.
 *
 * ```ts
 * digestOf(null) // => "null"
 * ```
 */
export function digestOf(value: Value): Digest {
  if (value === null) return nullDigest;
  if (value.tag === "batch") return `(${value.requests.map(digestOf).join(" ")})`;
  const { client, timestamp, operation } = value.body;
  return `${client}:${timestamp}:${operation}`;
}

/** The requests that a sequence number is assigned to, in order: none for the null request. */
export function requestsIn(value: Value): readonly Signed<Request>[] {
  if (value === null) return [];
  return value.tag === "batch" ? value.requests : [value];
}

/** One request as it is, several as a batch. */
export function valueFor(requests: readonly Signed<Request>[]): Value {
  return requests.length === 1 ? requests[0]! : { tag: "batch", requests };
}

/**
 * One signed request of each client: operations A, B, C, ...
 *
 * ```ts
 * requestsOf({ replicas: 4, faults: 1, requests: 2, slots: 1, clients: false }).map(digestOf) // => ["c0:1:A", "c1:1:B"]
 * ```
 */
export function requestsOf(config: Config): readonly Signed<Request>[] {
  return clientIds(config).map((client) => requestOf(config, client, 1));
}

/**
 * All requests that the clients of a run make, each client's in order. If clients are no nodes, one of each.
 */
export function allRequestsOf(config: Config): readonly Signed<Request>[] {
  const count = config.clients ? (config.operations ?? 1) : 1;
  return clientIds(config).flatMap((client) =>
    Array.from({ length: count }, (_, index) => requestOf(config, client, index + 1)),
  );
}

/** The n-th request of a client, from 1. */
export function requestOf(config: Config, client: NodeId, number: number): Signed<Request> {
  const { operations = 1, reads = 0 } = config;
  const isReading = reads > 0 && number > operations - reads;
  const operation = isReading ? readOperation : operationName(Number(client.slice(1)));
  return attest(config, { tag: "request", client, timestamp: number, operation });
}

/** Signs what a client sends, or authenticates it for all replicas. */
export function attest<Body extends { readonly client: NodeId }>(config: Config, body: Body): Signed<Body> {
  return isAuthenticated(config)
    ? authenticate(body.client, body, replicaIds(config))
    : sign(body.client, body);
}

/** Whether requests have authenticators instead of signatures. */
export function isAuthenticated({ authentication }: Config): boolean {
  return authentication === "authenticators";
}

function operationName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/** Whether a request only reads. */
export function isRead({ operation }: Request): boolean {
  return operation === readOperation;
}

/**
 * The replicated service: an append-only log. It answers an operation with its position, and a read with the
 * position of the last one.
 */
export function resultOf({ operation }: Pick<Request, "operation">, position: number): string {
  return `${operation}@${position}`;
}
