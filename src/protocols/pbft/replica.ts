// A PBFT replica as a pure function: dispatches every input to its handler, then proposes, settles the timer
// and emits events.

import type { Behaviour, Context, Input, Outcomes, Signed, Step } from "../../protocol/index.js";
import { onCheckpoint } from "./checkpoints.js";
import { isDead } from "./dead.js";
import type { Body, Message, Request } from "./messages.js";
import { onPrePrepare, onRequest, onVote, propose } from "./normal-case.js";
import { type Reaction, type ReplicaTimer, show, viewChangeTimer } from "./reaction.js";
import { onRead } from "./read-only.js";
import type { Rules } from "./rules.js";
import { initialState, ReplicaState } from "./state.js";
import { onFetch, onState } from "./state-transfer.js";
import { isWaiting, onNewView, onTimeout, onViewChange } from "./view-change.js";

export type ReplicaInput = Input<Message, ReplicaTimer, Signed<Request>>;

/** What the forms of PBFT differ in: the one with signatures, here, and the one without (../pbft-macs). */
export interface Form {
  readonly state: Behaviour<ReplicaState, Message>["state"];
  readonly initialState: ReplicaState;
  readonly handle: (reaction: Reaction, input: ReplicaInput) => Reaction;
  readonly isDead: (rules: Rules, context: Context, state: ReplicaState, message: Message) => boolean;
}

const signed: Form = { state: ReplicaState, initialState, handle, isDead };

/** A replica that follows `rules`. */
export function replica(
  rules: Rules,
  form: Form = signed,
): Behaviour<ReplicaState, Message, ReplicaTimer, Signed<Request>, ReplicaState> {
  return {
    state: form.state,
    init: (context, from) => {
      const fresh: Reaction = { context, rules, state: form.initialState, effects: [], events: [] };
      if (from.kind === "start") return [outcome(fresh)];
      return [outcome(settleTimer(fresh, { ...fresh, state: from.stable }))]; // timers do not survive a crash
    },
    step: (context, state, input) => step(form.handle, rules, context, state, input),
    stable: (state) => state, // the paper's replicas keep their log on disk
    view: (state) => state.view,
    isDead: (context, state, { message }) => form.isDead(rules, context, state, message),
  };
}

function step(
  react: Form["handle"],
  rules: Rules,
  context: Context,
  state: ReplicaState,
  input: ReplicaInput,
): Outcomes<ReplicaState, Message, ReplicaTimer> {
  const before: Reaction = { context, rules, state, effects: [], events: [] };
  const handled = react(before, input);
  if (handled === before) return [outcome(before)];
  if (!hasMoved(state, handled.state)) return [outcome(handled)];
  const proposed = propose(showWaiting(before, handled));
  if (proposed.length === 1) return [outcome(settleTimer(before, proposed[0]!.reaction))];
  const ended = proposed.map(({ reaction, chosen }) => ({ reaction: settleTimer(before, reaction), chosen }));
  return ended.map(({ reaction, chosen }) => ({
    label: `proposes ${chosen.join(", ")}`,
    ...outcome(reaction),
  }));
}

/**
 * Whether proposing or the timer could change. Every reaction ends with both settled, so after one that only
 * counted a vote nothing new can follow.
 */
function hasMoved(before: ReplicaState, after: ReplicaState): boolean {
  return (
    before.pending !== after.pending ||
    before.lastExecuted !== after.lastExecuted ||
    before.executedRequests !== after.executedRequests ||
    before.stable !== after.stable ||
    before.fetching !== after.fetching ||
    before.view !== after.view ||
    before.active !== after.active ||
    before.isAwaitedByQuorum !== after.isAwaitedByQuorum
  );
}

function outcome({ state, effects, events }: Reaction): Step<ReplicaState, Message, ReplicaTimer> {
  return { state, effects, events };
}

/** A `switch` and a table of handlers: simulations spend most of their time here, and `match` here makes them a fifth slower. */
function handle(reaction: Reaction, input: ReplicaInput): Reaction {
  switch (input.kind) {
    case "message":
      return handlers[input.message.body.tag](reaction, input.message as never);
    case "timer":
      return onTimeout(reaction);
    case "request":
      return onRequest(reaction, input.request);
  }
}

/** Emits an event when a replica begins or stops to wait for requests. */
function showWaiting(before: Reaction, after: Reaction): Reaction {
  const waits = after.state.pending.length > 0;
  if (!after.context.config.showsWaiting || waits === before.state.pending.length > 0) return after;
  return show(after, { kind: "custom", name: "waiting", data: waits });
}

/** One handler for each type of message; a type without one does not compile. */
const handlers: {
  readonly [Tag in Body["tag"]]: (
    reaction: Reaction,
    signed: Signed<Extract<Body, { tag: Tag }>>,
  ) => Reaction;
} = {
  request: onRequest,
  "pre-prepare": onPrePrepare,
  prepare: onVote,
  commit: onVote,
  checkpoint: onCheckpoint,
  "view-change": onViewChange,
  "new-view": onNewView,
  fetch: onFetch,
  state: onState,
  read: onRead,
  reply: (reaction) => reaction, // replies are for clients
  "read-reply": (reaction) => reaction,
};

/**
 * Sets, restarts or cancels the timer. It restarts when a request was executed or the view changed. Its delay
 * doubles with every view (4.4), so that eventually a view is long enough to make progress.
 */
function settleTimer(before: Reaction, after: Reaction): Reaction {
  const waits = isWaiting(after);
  const progressed =
    after.state.view !== before.state.view || after.state.executedRequests !== before.state.executedRequests;
  if (waits && (progressed || !isWaiting(before))) {
    const delay = after.rules.timeoutFactor(after.state.view);
    return { ...after, effects: [...after.effects, { kind: "set-timer", timer: viewChangeTimer, delay }] };
  }
  if (!waits && isWaiting(before))
    return { ...after, effects: [...after.effects, { kind: "cancel-timer", timer: viewChangeTimer }] };
  return after;
}
