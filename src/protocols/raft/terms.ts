// Terms (section 5.1): a server that learns of a later term goes into it, as a follower.

import type { State } from "./state.js";

/** A server that follows, whatever it was. */
export function following(state: State): State {
  return { ...state, role: "follower", votes: [], followers: [] };
}

/** A server that has just learned of a term: in a later one it follows, and has not voted. */
export function inTerm(state: State, term: number): State {
  return term > state.term ? { ...following(state), term, votedFor: null } : state;
}
