// What minimizing has done, and why the rest has to stay: data, for whoever prints it.

import type { ActionSequence, Oracle } from "./oracle.js";
import type { Part } from "./smaller.js";

/** A part of the setting that is smaller now. */
export interface Removed {
  readonly part: Part;
  readonly before: string;
  readonly after: string;
}

/** A part of the setting that has to stay, since with the next smaller one nothing was violated. */
export interface Kept {
  readonly part: Part;
  /** What was tried, the largest first. */
  readonly tried: readonly string[];
}

/** Why an action has to stay: without it those with these numbers (from 1) are not possible. If there are none, all others are, and violate nothing. */
export interface Needed {
  readonly impossibleWithout: readonly number[];
}

/** See the file comment. */
export interface Account {
  readonly actionsBefore: number;
  readonly removed: readonly Removed[];
  readonly kept: readonly Kept[];
  /** For each action, those of the loop included. */
  readonly needed: readonly Needed[];
  /** Whether it is certain that no sequence with fewer actions violates the property in this setting: an exhaustive search found none. */
  readonly isShortest: boolean;
  /** Whether it is a timed run: then an action also has to stay because it had to happen by then, and `needed` says nothing more. */
  readonly isTimed: boolean;
}

/** One entry for each part: what it was at first, and what it is in the end. */
export function mergedParts(removed: readonly Removed[]): readonly Removed[] {
  const parts = new Map<Part, Removed>();
  for (const { part, before, after } of removed)
    parts.set(part, { part, before: parts.get(part)?.before ?? before, after });
  return [...parts.values()];
}

/** Why each action has to stay. It is a defect of ours if one has not: then this throws. */
export function neededActions(oracle: Oracle, sequence: ActionSequence): readonly Needed[] {
  const [superfluous] = superfluousIn(oracle, sequence);
  if (superfluous !== undefined)
    throw new Error(`the minimized actions violate the property without action ${superfluous}, too`);
  const all = [...sequence.actions, ...sequence.loop];
  return all.map((_, index) => ({
    impossibleWithout: oracle.impossibleWithout(all, index).map((at) => at + 1),
  }));
}

/** The numbers (from 1) of actions, those of the loop included, without which the property is violated, too. */
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
