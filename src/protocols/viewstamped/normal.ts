// Normal operation (section 4.1): the primary numbers what clients ask for, and commits what f others have in their logs. Backups take
// operations in order. Left out: state transfer, for the network delivers whatever was sent.

import { reply } from "../../protocol/index.js";
import { valuesOf } from "../reactions.js";
import { type Context, executed, leads, type Turn } from "./context.js";
import type { Said, State } from "./state.js";

/** How soon clients ask, in base timeouts: before anybody suspects the primary. */
const clientDelay = 0.1;

/** The primary waits for clients as long as there is room in the log, and somebody has something to ask for. */
export function waiting(context: Context, turn: Turn): Turn {
  return leads(context, turn.state) && unasked(context, turn.state).length > 0
    ? turn.setTimer("client", clientDelay)
    : turn;
}

function unasked({ config }: Context, { log }: State): readonly string[] {
  return log.length >= config.slots ? [] : valuesOf(config).filter((value) => !log.includes(value));
}

/** A client asks the primary; for what is a choice. */
export function request(context: Context, state: State): readonly Turn[] | State {
  const values = leads(context, state) && state.status === "normal" ? unasked(context, state) : [];
  if (values.length === 0) return state;
  const { view } = state;
  return values.map((value) => {
    const log = [...state.log, value];
    const told = reply({ ...state, log }).broadcast({ tag: "prepare", view, op: log.length, value });
    return waiting(context, told).labelled(value);
  });
}

/** A backup appends the next operation. */
export function prepare(
  _: Context,
  state: State,
  from: string,
  { view, op, value }: Said<"prepare">,
): Turn | State {
  const isNext = state.status === "normal" && view === state.view && op === state.log.length + 1;
  if (!isNext) return state;
  return reply({ ...state, log: [...state.log, value] }).send(from, { tag: "prepare-ok", view, op });
}

/** The primary commits what f others have. */
export function acknowledge(
  context: Context,
  before: State,
  from: string,
  said: Said<"prepare-ok">,
): Turn | State {
  const { rules, config } = context;
  const isMine = before.status === "normal" && said.view === before.view && leads(context, before);
  if (!isMine || said.op <= before.commit) return before;
  const others = before.acknowledged.filter((one) => one.from !== from || one.op > said.op);
  if (others.some((one) => one.from === from)) return before;
  const acknowledged = [...others, { from, op: said.op }];
  const copies = 1 + acknowledged.filter(({ op }) => op >= said.op).length;
  if (copies < rules.quorum(config)) return reply({ ...before, acknowledged });
  const left = acknowledged.filter(({ op }) => op > said.op);
  return executed(reply({ ...before, acknowledged: left }), said.op).broadcast({
    ...{ tag: "commit", view: before.view, commit: said.op },
  });
}

/** A backup learns what is committed. */
export function commit(_: Context, state: State, said: Said<"commit">): Turn | State {
  const isOfView = state.status === "normal" && said.view === state.view;
  return isOfView && said.commit <= state.log.length ? executed(reply(state), said.commit) : state;
}
