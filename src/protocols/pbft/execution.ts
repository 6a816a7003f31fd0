// Execution (OSDI'99, section 4.2): a replica executes committed requests in the order of their sequence
// numbers, each at most once, and replies to their clients.

import { type Event, type Signed, sign } from "../../protocol/index.js";
import { takeCheckpoint } from "./checkpoints.js";
import type { Request } from "./messages.js";
import { type Reaction, send, show, update } from "./reaction.js";
import { digestOf, isRead, requestsIn, resultOf } from "./requests.js";
import type { Rules } from "./rules.js";
import { lengthened } from "./snapshots.js";
import { type ReplicaState, slotOf, withSlot } from "./state.js";

/**
 * 4.1: exactly-once semantics. A request with an old timestamp was executed, or its client has made a later
 * one.
 */
export function isExecuted(rules: Rules, state: ReplicaState, request: Request): boolean {
  return state.replies.some(
    (reply) => reply.client === request.client && rules.isOld(request.timestamp, reply.timestamp),
  );
}

/** A slot has committed: executes it and all that follow without a gap. */
export function execute(reaction: Reaction, committed: number): Reaction {
  const { rules, state } = reaction;
  if (committed <= state.lastExecuted) {
    // A new view has re-run the slot.
    const offered = show(reaction, { kind: "custom", name: "committed-again", data: committed });
    return rules.executesAgain() ? executeSlot(offered, committed) : showSkipped(offered, committed);
  }
  if (!rules.executesInOrder()) return executeSlot(update(reaction, { lastExecuted: committed }), committed);
  return executeFurther(reaction);
}

/** Executes what has committed above the last executed slot, up to the first gap. */
export function executeFurther(reaction: Reaction): Reaction {
  let next = reaction;
  for (;;) {
    const slot = next.state.lastExecuted + 1;
    if (!next.state.log.some((entry) => entry.slot === slot && entry.phase === "committed"))
      return answerTentatively(next);
    next = takeCheckpoint(executeSlot(update(next, { lastExecuted: slot }), slot), slot);
  }
}

/**
 * TOCS'02, 5.1.2: answers a slot tentatively once it is prepared and everything below has committed. The
 * state does not record the tentative execution, so there is nothing to undo: the slot is executed for good
 * when it commits.
 */
export function answerTentatively(reaction: Reaction): Reaction {
  const { context, state } = reaction;
  const slot = state.lastExecuted + 1;
  if (!context.config.tentative) return reaction;
  const entry = slotOf(state, slot);
  if (entry.phase !== "prepared" || entry.answered) return reaction;
  const { effects, events } = executeSlot({ ...reaction, effects: [], events: [] }, slot);
  const answers = effects.map((effect) => {
    if (effect.kind !== "send" || effect.message.body.tag !== "reply") return effect;
    return { ...effect, message: sign(context.self, { ...effect.message.body, tentative: true }) };
  });
  const shown = events.flatMap((event): Event[] => {
    if (event.kind !== "executed") return [];
    const { request, result } = event;
    return [{ kind: "custom", name: "answered", data: { request, result } }];
  });
  return {
    ...reaction,
    state: withSlot(state, { ...entry, answered: true }),
    effects: [...reaction.effects, ...answers],
    events: [...reaction.events, ...shown],
  };
}

/** Executes the requests of a slot, in order. The null request executes nothing. */
function executeSlot(reaction: Reaction, slot: number): Reaction {
  const value = reaction.state.log.find((entry) => entry.slot === slot)?.proposal?.body.request ?? null;
  return requestsIn(value).reduce(
    (next, request, index) => executeRequest(next, slot, index, reaction.rules.executes(next.state, request)),
    showSkipped(reaction, slot),
  );
}

/**
 * Emits `skipped` where the null request has committed, if a property observes it: see
 * properties/null-agreement.ts.
 */
function showSkipped(reaction: Reaction, slot: number): Reaction {
  if (!reaction.context.config.showsSkipped) return reaction;
  const entry = reaction.state.log.find((other) => other.slot === slot);
  if (!entry?.proposal || entry.proposal.body.request !== null) return reaction;
  return show(reaction, { kind: "custom", name: "skipped", data: slot });
}

/** Executes a request unless an earlier slot has. */
function executeRequest(reaction: Reaction, slot: number, index: number, request: Signed<Request>): Reaction {
  const { context, rules, state } = reaction;
  if (isExecuted(rules, state, request.body) && !rules.executesAgain())
    return show(reaction, { kind: "custom", name: "committed-again", data: slot });
  const { client, timestamp } = request.body;
  const digest = digestOf(request);
  const position = state.executedRequests + 1;
  const reads = (state.executedReads ?? 0) + (isRead(request.body) ? 1 : 0);
  const result = resultOf(request.body, position - reads);
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
  const executed = update(show(reaction, event), {
    executedRequests: position,
    ...(reads > 0 && { executedReads: reads }),
    replies,
    history,
  });
  // A request that its client has superseded is never executed, so no replica may go on waiting for it.
  const pending = state.pending.filter((other) => !isExecuted(rules, executed.state, other.body));
  const done = update(executed, { pending });
  return slotOf(state, slot).answered ? done : resendReply(done, request.body);
}

/** Resends the client the reply to its last request. */
export function resendReply(reaction: Reaction, request: Request): Reaction {
  const reply = reaction.state.replies.find((last) => last.client === request.client);
  if (reply?.timestamp !== request.timestamp) return reaction;
  return send(
    reaction,
    request.client,
    sign(reaction.context.self, { tag: "reply", view: reaction.state.view, ...reply }),
  );
}
