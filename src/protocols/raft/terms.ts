// Terms (section 5.1): a server that learns of a later term goes into it, as a follower.

import { reply } from "../../protocol/index.js";
import type { Turn } from "./context.js";
import type { State } from "./state.js";

/** A server that follows, whatever it was. */
export function following({ read: _, ...state }: State): State {
  return { ...state, role: "follower", votes: [], followers: [] };
}

/** A server that has just learned of a term: in a later one it follows, and has not voted. */
export function inTerm(state: State, term: number): State {
  return term > state.term ? { ...following(state), term, votedFor: null } : state;
}

/**
 * The reply of a server that was in `before`: a leader that follows now may stand for election again. Clients may still ask it; it must not
 * append what they ask for (`mayAppend`).
 */
export function replyFrom(before: State, state: State): Turn {
  const turn: Turn = reply(state);
  return before.role === "leader" && state.role !== "leader" ? turn.setTimer("election") : turn;
}
