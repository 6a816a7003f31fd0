// The account of a minimization: what was removed, and why the rest has to stay. Data, to be printed
// elsewhere.

import type { ActionSequence, Oracle } from "./oracle.js";
import type { Part } from "./smaller.js";

/** A part of the setting that is smaller now. */
export interface Removed {
  readonly part: Part;
  readonly before: string;
  readonly after: string;
}

/** A part of the setting that has to stay: the next smaller ones violate nothing. */
export interface Kept {
  readonly part: Part;
  /** What was tried, the largest first. */
  readonly tried: readonly string[];
}

/**
 * Why an action has to stay: without it, those with these numbers (from 1) are impossible. If the list is
 * empty, the rest still runs, but violates nothing.
 */
export interface Needed {
  readonly impossibleWithout: readonly number[];
}

/** The account of a minimization. */
export interface Account {
  readonly actionsBefore: number;
  readonly removed: readonly Removed[];
  readonly kept: readonly Kept[];
  /** For each action, including those of the lasso's loop. */
  readonly needed: readonly Needed[];
  /**
   * Whether an exhaustive search has shown that no sequence with fewer actions violates the property in this
   * setting.
   */
  readonly isShortest: boolean;
  /**
   * Whether it is a timed run. Then an action may also have to stay because it was due by then, and `needed`
   * says nothing more.
   */
  readonly isTimed: boolean;
}

/** One entry for each part: its first and its last value. */
export function mergedParts(removed: readonly Removed[]): readonly Removed[] {
  const parts = new Map<Part, Removed>();
  for (const { part, before, after } of removed)
    parts.set(part, { part, before: parts.get(part)?.before ?? before, after });
  return [...parts.values()];
}

/** Why each action has to stay. Throws if one does not, which is a bug of Turncoat. */
export function neededActions(oracle: Oracle, sequence: ActionSequence): readonly Needed[] {
  const [superfluous] = superfluousIn(oracle, sequence);
  if (superfluous !== undefined)
    throw new Error(`the minimized actions violate the property without action ${superfluous}, too`);
  const all = [...sequence.actions, ...sequence.loop];
  return all.map((_, index) => ({
    impossibleWithout: oracle.impossibleWithout(all, index).map((at) => at + 1),
  }));
}

/**
 * The numbers (from 1) of actions, including those of the loop, without which the property is violated too.
 */
export function superfluousIn(oracle: Oracle, { actions, loop }: ActionSequence): number[] {
  return [...actions, ...loop].flatMap((_, index) => {
    const inLoop = index - actions.length;
    const without =
      inLoop < 0
        ? { actions: actions.toSpliced(index, 1), loop }
        : { actions, loop: loop.toSpliced(inLoop, 1) };
    return oracle.lenientSequence(without) ? [index + 1] : [];
  });
}
