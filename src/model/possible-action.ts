// An action that is possible in some state, as weak fairness sees it: where the scheduler may take it, and where chance may.

import type { Reaction } from "./node-table.js";

/** An action that is possible in some state. */
export interface PossibleAction {
  /** Equal for the same action, in whatever state. */
  readonly key: string;
  readonly node: number;
  /** Whether it has to happen sooner or later. */
  readonly isObligatory: boolean;
  /** The other states to which the scheduler may take it. */
  readonly chosen: readonly Int32Array[];
  /** The states to which chance may take it, the same one among them if nothing changes; empty if nothing is left to chance. */
  readonly toss: readonly Int32Array[];
}

/** What an action does in a state; null if it would change nothing. */
export function possibleAction(
  of: Pick<PossibleAction, "key" | "node" | "isObligatory">,
  from: Int32Array,
  outcomes: readonly { readonly reaction: Reaction; readonly next: Int32Array }[],
): PossibleAction | null {
  const other = outcomes.filter(({ next }) => !isSame(next, from));
  if (other.length === 0) return null;
  const tossed = outcomes.filter(({ reaction }) => reaction.random);
  return {
    ...of,
    chosen: other.flatMap(({ reaction, next }) => (reaction.random ? [] : [next])),
    toss: tossed.every(({ next }) => isSame(next, from)) ? [] : tossed.map(({ next }) => next),
  };
}

/** Whether two vectors are the same state. */
export function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.every((value, index) => value === b[index]);
}
