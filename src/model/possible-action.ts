// An action that is possible in a state, for weak fairness: the states to which the scheduler may take it,
// and those to which chance may.

import type { Action } from "./action.js";
import type { Reaction } from "./reaction.js";

/** An action that is possible in some state. */
export interface PossibleAction {
  /** Equal for the same action, in whatever state. */
  readonly key: string;
  readonly node: number;
  /** Whether it has to happen sooner or later. */
  readonly isObligatory: boolean;
  /** The other states to which the scheduler may take it. */
  readonly chosen: readonly Int32Array[];
  /**
   * The states to which chance may take it, the same one among them if nothing changes; empty if nothing is
   * left to chance.
   */
  readonly toss: readonly Int32Array[];
  /**
   * The choice by which the scheduler may take it so that nothing changes, if one of its outcomes is that
   * and not random; or null.
   */
  readonly idle: Action | null;
}

/** One outcome of an action in a state. */
export interface ActionOutcome {
  readonly reaction: Reaction;
  readonly next: Int32Array;
}

/** What an action does in a state; null if it would change nothing. */
export function possibleAction(
  of: Pick<PossibleAction, "key" | "node" | "isObligatory">,
  from: Int32Array,
  outcomes: readonly ActionOutcome[],
  describe: (reaction: Reaction) => Action,
): PossibleAction | null {
  const other = outcomes.filter(({ next }) => !isSame(next, from));
  if (other.length === 0) return null;
  const idle = outcomes.find((outcome) => isIdle(from, outcome));
  const tossed = outcomes.filter(({ reaction }) => reaction.random);
  return {
    ...of,
    chosen: other.flatMap(({ reaction, next }) => (reaction.random ? [] : [next])),
    toss: tossed.every(({ next }) => isSame(next, from)) ? [] : tossed.map(({ next }) => next),
    idle: idle ? describe(idle.reaction) : null,
  };
}

/** Whether an outcome is the scheduler's to choose, and changes nothing. */
export function isIdle(from: Int32Array, { reaction, next }: ActionOutcome): boolean {
  return !reaction.random && isSame(next, from);
}

/** Whether two vectors are the same state. */
export function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.every((value, index) => value === b[index]);
}
