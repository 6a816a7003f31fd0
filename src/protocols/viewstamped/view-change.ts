// View changes (section 4.2): f+1 replicas that want one stop taking part in the view; f+1 of them tell the primary of the next one
// what they have, and it starts the view with the best of that.

import { including, inTurn, reply } from "../../protocol/index.js";
import { type Context, executed, leads, type Turn, watching } from "./context.js";
import { waiting } from "./normal.js";
import type { Change, Said, State } from "./state.js";

/**
 * The timer has expired: nothing is heard from the primary. One that recovers asks again: it may have been the primary of the view of which the
 * others have told it, and only that of a later one can tell it more.
 */
export function suspect(context: Context, state: State): Turn | State {
  if (state.status !== "recovering") return start(context, state, state.view + 1);
  return reply(state).broadcast({ tag: "recovery", nonce: state.nonce }).setTimer("view");
}

/** Begins the change to a later view. */
function start(context: Context, state: State, view: number): Turn {
  const next = {
    ...state,
    view,
    status: "view-change" as const,
    acknowledged: [],
    starters: [context.self],
    changes: [],
  };
  const told = reply(next).broadcast({ tag: "start-view-change", view });
  return watching(context, told).cancelTimer("client");
}

/** In the view that a message is of: a replica that learns of a later view change joins it. Null: the message is of no use. */
function joining(context: Context, state: State, view: number): Turn | null {
  if (!context.rules.mayChangeView(state) || view < state.view) return null;
  if (view > state.view) return start(context, state, view);
  return state.status === "view-change" ? reply(state) : null;
}

/** f other replicas want the view change, too. */
export function startViewChange(
  context: Context,
  before: State,
  from: string,
  { view }: Said<"start-view-change">,
) {
  const joined = joining(context, before, view);
  if (joined === null) return before;
  const { state } = joined;
  const { quorum } = context.rules;
  const starters = including(state.starters, from);
  const next = joined.with({ ...state, starters });
  const isNew = starters.length === quorum(context.config) && state.starters.length < starters.length;
  return isNew ? tell(context, next) : next;
}

/** Tells the new primary what it has. */
function tell(context: Context, turn: Turn): Turn {
  const { self, config } = context;
  const { view, lastNormal, log, commit, crashes } = turn.state;
  const what = { lastNormal, log, commit, crashes };
  if (leads(context, turn.state)) return change(context, turn, { from: self, ...what });
  return turn.send(inTurn(config, view), { tag: "do-view-change", view, ...what });
}

/** The new primary hears what another replica has. */
export function doViewChange(context: Context, before: State, from: string, said: Said<"do-view-change">) {
  const joined = joining(context, before, said.view);
  if (joined === null) return before;
  const { lastNormal, log, commit, crashes } = said;
  return change(context, joined, { from, lastNormal, log, commit, crashes });
}

/** With f+1 of them, its own included, the view starts. */
function change(context: Context, turn: Turn, one: Change): Turn {
  const { rules, config, self } = context;
  const { changes, view } = turn.state;
  const current = changes.filter((other) => !rules.isOutdated(other, [one]));
  if (current.some(({ from }) => from === one.from) || rules.isOutdated(one, current)) return turn;
  const all = [...current, one];
  const isEnough = all.length >= rules.quorum(config) && all.some(({ from }) => from === self);
  if (!isEnough) return turn.with({ ...turn.state, changes: all });
  const { log } = rules.best(all);
  const commit = Math.max(...all.map((other) => other.commit));
  const started = executed(turn.with(normal(turn.state, view, log)), commit);
  const told = started.broadcast({ tag: "start-view", view, log, commit: started.state.commit });
  return waiting(context, told);
}

/** A replica enters the view with this log. */
export function startView(
  context: Context,
  before: State,
  from: string,
  said: Said<"start-view">,
): Turn | State {
  const { view, log, commit } = said;
  const isNew = view > before.view || (view === before.view && before.status === "view-change");
  if (before.status === "recovering" || !isNew) return before;
  const entered = watching(context, executed(reply(normal(before, view, log)), commit)).cancelTimer("client");
  return log.length > commit ? entered.send(from, { tag: "prepare-ok", view, op: log.length }) : entered;
}

/** In the normal state of a view, with this log. */
export function normal(state: State, view: number, log: readonly string[]): State {
  const none = { acknowledged: [], starters: [], changes: [], replies: [] };
  return { ...state, ...none, view, lastNormal: view, status: "normal", log };
}
