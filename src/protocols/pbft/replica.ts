// A PBFT replica as a pure function: which handler an input goes to, and what every turn ends with.

import { match, P } from "ts-pattern";
import type { Behaviour, Context, Input, Outcomes, Signed } from "../../protocol/index.js";
import type { Message, Request } from "./messages.js";
import { onPrePrepare, onRequest, onVote, propose } from "./normal-case.js";
import type { Rules } from "./rules.js";
import { initialState, ReplicaState } from "./state.js";
import { type ReplicaTimer, type Turn, viewChangeTimer } from "./turn.js";
import { isWaiting, onNewView, onTimeout, onViewChange } from "./view-change.js";

type ReplicaInput = Input<Message, ReplicaTimer, Signed<Request>>;

/** A replica that follows `rules`. */
export function replica(
  rules: Rules,
): Behaviour<ReplicaState, Message, ReplicaTimer, Signed<Request>, ReplicaState> {
  return {
    state: ReplicaState,
    init: (_context, from) => [
      { state: from.kind === "restart" ? from.stable : initialState, effects: [], events: [] },
    ],
    step: (context, state, input) => step(rules, context, state, input),
    stable: (state) => state, // the paper's replicas keep their log on disk
    view: (state) => state.view,
  };
}

function step(
  rules: Rules,
  context: Context,
  state: ReplicaState,
  input: ReplicaInput,
): Outcomes<ReplicaState, Message, ReplicaTimer> {
  const before: Turn = { context, rules, state, effects: [], events: [] };
  const handled = handle(before, input);
  if (handled === before) return [{ state, effects: [], events: [] }];
  const ended = propose(handled).map(({ turn, chosen }) => ({ turn: settleTimer(before, turn), chosen }));
  return ended.map(({ turn, chosen }) => ({
    ...(ended.length > 1 ? { label: `proposes ${chosen.join(", ")}` } : {}),
    state: turn.state,
    effects: turn.effects,
    events: turn.events,
  }));
}

function handle(turn: Turn, input: ReplicaInput): Turn {
  return match(input)
    .with({ kind: "request" }, ({ request }) => onRequest(turn, request))
    .with({ kind: "timer" }, () => onTimeout(turn))
    .with({ kind: "message" }, ({ message: { signer, body } }) =>
      match(body)
        .with({ tag: "request" }, (request) => onRequest(turn, { tag: "signed", signer, body: request }))
        .with({ tag: "pre-prepare" }, (prePrepare) =>
          onPrePrepare(turn, { tag: "signed", signer, body: prePrepare }),
        )
        .with({ tag: P.union("prepare", "commit") }, (vote) =>
          onVote(turn, { tag: "signed", signer, body: vote }),
        )
        .with({ tag: "view-change" }, (viewChange) =>
          onViewChange(turn, { tag: "signed", signer, body: viewChange }),
        )
        .with({ tag: "new-view" }, (newView) => onNewView(turn, { tag: "signed", signer, body: newView }))
        .with({ tag: "reply" }, () => turn) // replies are for clients
        .exhaustive(),
    )
    .exhaustive();
}

/**
 * Sets, restarts or cancels the timer. It restarts when a request was executed or the view changed, and its delay
 * doubles with every view (4.4), so that a view long enough to make progress comes in the end.
 */
function settleTimer(before: Turn, after: Turn): Turn {
  const waits = isWaiting(after);
  const progressed =
    after.state.view !== before.state.view || after.state.lastExecuted !== before.state.lastExecuted;
  if (waits && (progressed || !isWaiting(before))) {
    const delay = 2 ** after.state.view;
    return { ...after, effects: [...after.effects, { kind: "set-timer", timer: viewChangeTimer, delay }] };
  }
  if (!waits && isWaiting(before))
    return { ...after, effects: [...after.effects, { kind: "cancel-timer", timer: viewChangeTimer }] };
  return after;
}
