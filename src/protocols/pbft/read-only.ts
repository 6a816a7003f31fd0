// Read-only requests (OSDI'99, section 5.1; TOCS'02, section 5.1.3). A client sends a read to all replicas,
// each answers at once from its own state, and a quorum of equal answers is the result. If none comes in
// time, the client has the read ordered.
//
// Why a quorum is enough (n = 3f+1):
// - A client accepts a result when f+1 replicas report it. One of them is correct, so the request has
//   committed there. So f+1 correct replicas have prepared it before, and keep its certificate.
// - A quorum of readers contains f+1 correct replicas too, and there are only 2f+1 correct ones. So some
//   correct replica has prepared the request before it answers the read.
// - A replica therefore answers a read only when it has executed everything that it has prepared. Then no
//   read misses a request that somebody knows to be executed.
// - Of two reads one after the other, some correct replica has answered both, so the second is never older.
//
// (The paper's replicas execute prepared requests tentatively, and answer once these have committed, which is
// equivalent.)
//
// Some implementations wait for a quorum of replies to ordered requests instead. But then one correct replica
// that a Byzantine primary leaves out keeps clients waiting for ever (arXiv 2107.11144): the mutant
// `read-only-optimization`.

import { type Signed, sign } from "../../protocol/index.js";
import type { Read } from "./messages.js";
import { deferRead, type Reaction, send, show } from "./reaction.js";
import { digestOf, readOperation, resultOf } from "./requests.js";

/** Answers a read from the executed state; defers it while something is prepared but not executed. */
export function onRead(reaction: Reaction, signed: Signed<Read>): Reaction {
  const { context, rules, state } = reaction;
  const { client, timestamp } = signed.body;
  const request = readRequest(signed.body);
  if (!context.config.readOnly) return reaction;
  if (!rules.requestIsAuthentic(context.config, { ...signed, body: request }, context.self)) return reaction;
  if (!rules.readsNow(state)) return deferRead(reaction, client);
  const result = resultOf(request, state.executedRequests - (state.executedReads ?? 0));
  const answered = show(reaction, {
    kind: "custom",
    name: "answered",
    data: { request: digestOf(sign(client, request)), result },
  });
  return send(answered, client, sign(context.self, { tag: "read-reply", client, timestamp, result }));
}

/** The request that a read stands for. */
function readRequest({ client, timestamp }: Read) {
  return { tag: "request" as const, client, timestamp, operation: readOperation };
}
