// Execution (OSDI'99, section 4.2): committed requests are executed in the order of their sequence numbers, each at
// most once, and answered to their client.

import { type Event, type Signed, sign } from "../../protocol/index.js";
import { takeCheckpoint } from "./checkpoints.js";
import type { Request } from "./messages.js";
import { digestOf, requestsIn, resultOf } from "./requests.js";
import type { Rules } from "./rules.js";
import { lengthened } from "./snapshots.js";
import type { ReplicaState } from "./state.js";
import { send, show, type Turn, update } from "./turn.js";

/** 4.1: exactly-once semantics. A request with an old timestamp has been executed, or overtaken by its own client. */
export function isExecuted(rules: Rules, state: ReplicaState, request: Request): boolean {
  return state.replies.some(
    (reply) => reply.client === request.client && rules.isOld(request.timestamp, reply.timestamp),
  );
}

/** A slot has committed: executes it and all that follow it without a gap. */
export function execute(turn: Turn, committed: number): Turn {
  const { rules, state } = turn;
  if (committed <= state.lastExecuted) {
    // The slot was re-run by a new view.
    const offered = show(turn, { kind: "custom", name: "committed-again", data: committed });
    return rules.executesAgain() ? executeSlot(offered, committed) : offered;
  }
  if (!rules.executesInOrder()) return executeSlot(update(turn, { lastExecuted: committed }), committed);
  return executeFurther(turn);
}

/** Executes what has committed above the last executed slot, as far as there is no gap. */
export function executeFurther(turn: Turn): Turn {
  let next = turn;
  for (;;) {
    const slot = next.state.lastExecuted + 1;
    if (!next.state.log.some((entry) => entry.slot === slot && entry.phase === "committed")) return next;
    next = takeCheckpoint(executeSlot(update(next, { lastExecuted: slot }), slot), slot);
  }
}

/** The requests of a slot, in order. A null request executes nothing. */
function executeSlot(turn: Turn, slot: number): Turn {
  const value = turn.state.log.find((entry) => entry.slot === slot)?.proposal?.body.request ?? null;
  return requestsIn(value).reduce((next, request, index) => executeRequest(next, slot, index, request), turn);
}

/** A request that was executed at an earlier slot executes nothing. */
function executeRequest(turn: Turn, slot: number, index: number, request: Signed<Request>): Turn {
  const { context, rules, state } = turn;
  if (isExecuted(rules, state, request.body) && !rules.executesAgain())
    return show(turn, { kind: "custom", name: "committed-again", data: slot });
  const { client, timestamp } = request.body;
  const digest = digestOf(request);
  const position = state.executedRequests + 1;
  const result = resultOf(request.body, position);
  const event: Event = {
    kind: "executed",
    slot,
    position,
    request: digest,
    result,
    ...(index > 0 && { index }),
  };
  const replies = [
    ...state.replies.filter((reply) => reply.client !== client),
    { client, timestamp, result },
  ];
  const history = context.config.checkpointInterval ? lengthened(state.history, digest) : state.history;
  const executed = update(show(turn, event), { executedRequests: position, replies, history });
  // What the client has overtaken will never be executed, so nobody must go on waiting for it.
  const pending = state.pending.filter((other) => !isExecuted(rules, executed.state, other.body));
  return resendReply(update(executed, { pending }), request.body);
}

/** Sends the client the reply to its last request. */
export function resendReply(turn: Turn, request: Request): Turn {
  const reply = turn.state.replies.find((last) => last.client === request.client);
  if (reply?.timestamp !== request.timestamp) return turn;
  return send(
    turn,
    request.client,
    sign(turn.context.self, { tag: "reply", view: turn.state.view, ...reply }),
  );
}
