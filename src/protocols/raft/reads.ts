// Reads that are not in the log (section 8; thesis, 6.4). A leader notes its commit index when somebody asks, and answers from its state machine
// once a majority has confirmed, after that, that it still leads. It may do so only once it has committed something in its own term: before that
// it does not know what else was committed. Clients are not nodes here: that somebody asks is a timer, as for requests.

import { type NodeId, reply } from "../../protocol/index.js";
import { type Context, others, type Turn, waitAgain } from "./context.js";
import type { Said, State } from "./state.js";
import { following, inTerm, replyFrom } from "./terms.js";

/** Somebody asks a leader soon, as long as it answers nobody and may be asked again. */
const readDelay = 0.1;

/** Nothing was asked yet in this term. */
const none = { number: 0, index: null, by: [] } as const;

/** Whether a server answers reads: a leader that may, that has none to answer, and that was not asked for all of this term yet. */
function isAble({ config, rules }: Context, state: State): boolean {
  const { role, read = none } = state;
  return role === "leader" && read.index === null && read.number < config.set.reads && rules.mayRead(state);
}

/** If a leader may be asked now, it will be. */
export function waitForReads(context: Context, turn: Turn): Turn {
  return isAble(context, turn.state) ? turn.setTimer("read", readDelay) : turn;
}

/** Somebody asks for what is committed. (The timer may be from an earlier term that this server led.) */
export function ask(context: Context, state: State): Turn | State {
  const { self } = context;
  const { term, commit, read = none } = state;
  if (!isAble(context, state)) return state;
  const number = read.number + 1;
  const asking: State = { ...state, read: { number, index: commit, by: [self] } };
  const asked = others(context).reduce<Turn>(
    (turn, to) => turn.send(to, { tag: "confirm", term, read: number }),
    reply(asking).shows("read-asked", { number }),
  );
  return answered(context, asked);
}

/** A leader asks whether it still leads. Whoever knows a later term says so by that. */
export function confirm(
  context: Context,
  before: State,
  from: NodeId,
  { term, read }: Said<"confirm">,
): Turn {
  if (term < before.term) return reply(before).send(from, { tag: "confirmed", term: before.term, read });
  const heard = waitAgain(context, replyFrom(before, following(inTerm(before, term))));
  return heard.send(from, { tag: "confirmed", term, read });
}

/** Somebody has answered. */
export function countConfirmation(
  context: Context,
  state: State,
  from: NodeId,
  said: Said<"confirmed">,
): Turn | State {
  const { read } = state;
  if (state.role !== "leader" || !read || read.index === null || read.by.includes(from)) return state;
  if (!context.rules.confirms(state, said)) return state;
  return answered(context, reply({ ...state, read: { ...read, by: [...read.by, from] } }));
}

/** Answers the read, if enough have confirmed. */
function answered(context: Context, turn: Turn): Turn {
  const { config, rules } = context;
  const { number, index, by } = turn.state.read!;
  const members = rules.members(config, turn.state);
  if (members.filter((server) => by.includes(server)).length < rules.readQuorum(members.length)) return turn;
  const done: State = { ...turn.state, read: { number, index: null, by: [] } };
  return waitForReads(context, turn.with(done).shows("read", { number, index }));
}
