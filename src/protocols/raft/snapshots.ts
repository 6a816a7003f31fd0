// Log compaction (section 7): what is applied is replaced by a snapshot of the state machine, which is sent to whoever lacks what
// is no longer in the log.

import { type NodeId, reply } from "../../protocol/index.js";
import { type Context, type Turn, waitAgain } from "./context.js";
import { applied, withLog } from "./replication.js";
import { lastIndex, type Said, type State, termAt, whole } from "./state.js";
import { following, inTerm, replyFrom } from "./terms.js";

/** Replaces all that is applied by a snapshot. */
export function compact(_context: Context, state: State): State {
  const entries = whole(state);
  return { ...state, snapshot: entries.slice(0, state.commit), log: entries.slice(state.commit) };
}

/** The leader sends its snapshot. A log that agrees with it keeps what comes after. */
export function install(context: Context, before: State, from: NodeId, sent: Said<"snapshot">): Turn {
  if (sent.term < before.term) return reply(before);
  const state = following(inTerm(before, sent.term));
  const { entries } = sent;
  const [index, last] = [entries.length, entries.at(-1)];
  const answer = (turn: Turn): Turn =>
    turn.send(from, { tag: "append-reply", term: state.term, ok: true, index });
  const turn = waitAgain(context, replyFrom(before, state));
  if (last === undefined || index <= state.commit) return answer(turn);
  const isKnown = termAt(state, index) === last.term && index <= lastIndex(state);
  const log = isKnown ? whole(state).slice(index) : [];
  const term = context.rules.termAfterSnapshot(state.term, last);
  return answer(applied(context, withLog(turn.with({ ...state, term, snapshot: entries }), log), index));
}
