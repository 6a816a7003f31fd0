// Requests, their digests, and what executing them answers.

import { type Config, clientIds, type Digest, type Signed, sign } from "../../protocol/index.js";
import type { Request } from "./messages.js";

/** The digest of the null request, which a new view proposes for slots in which nothing prepared. */
export const nullDigest: Digest = "null";

/**
 * The digest of a request. Symbolic, hence free of collisions: it names the request completely.
 *
 * ```ts
 * digestOf(null) // => "null"
 * ```
 */
export function digestOf(request: Signed<Request> | null): Digest {
  if (request === null) return nullDigest;
  const { client, timestamp, operation } = request.body;
  return `${client}:${timestamp}:${operation}`;
}

/** One signed request of each client: operations A, B, C, ... */
export function requestsOf(config: Config): readonly Signed<Request>[] {
  return clientIds(config).map((client, index) =>
    sign(client, { tag: "request", client, timestamp: 1, operation: operationName(index) }),
  );
}

function operationName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : `${letter}${Math.floor(index / 26)}`;
}

/** The replicated service: an append-only log that answers with the operation and the position that it got. */
export function resultOf(request: Request, position: number): string {
  return `${request.operation}@${position}`;
}
