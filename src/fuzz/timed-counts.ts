// Counts how timed runs ended. A run that was cut off is undecided: neither a success nor a violation.

import type { RunnableWorld } from "./world/world.js";

/** The counts of some timed runs; every run without another violation is in exactly one of the first five. */
export interface TimedCounts {
  /** Every client was served in time. */
  readonly served: number;
  /** Somebody still waited k Delta after GST (the temperature). */
  readonly late: number;
  /** A situation recurred, or nothing could happen, while somebody waited (a lasso). */
  readonly round: number;
  /** Cut off: too many actions; or beyond the last view. */
  readonly cutByActions: number;
  readonly cutByViews: number;
  /** Runs in which somebody waited at GST, or made a request after it: the others test nothing after GST. */
  readonly waited: number;
  /** The longest wait of anybody who was served, from GST or the request on, in microseconds. */
  readonly longestWait: number;
}

const none: TimedCounts = {
  served: 0,
  late: 0,
  round: 0,
  cutByActions: 0,
  cutByViews: 0,
  waited: 0,
  longestWait: 0,
};

/** Counts one more run; undefined if runs have no times. */
export function countTimed(counts: TimedCounts | undefined, world: RunnableWorld): TimedCounts | undefined {
  if (world.end === undefined) return counts;
  const before = counts ?? none;
  const wait = world.longestWait ?? 0;
  const longestWait = Math.max(before.longestWait, wait);
  if (world.end === null && world.violation !== null) return { ...before, longestWait };
  const place = placeOf(world.end?.kind);
  const waited = before.waited + (wait > 0 || place !== "served" ? 1 : 0);
  return { ...before, [place]: before[place] + 1, waited, longestWait };
}

function placeOf(
  end: "served" | "late" | "round" | "views" | undefined,
): Exclude<keyof TimedCounts, "longestWait" | "waited"> {
  if (end === undefined) return "cutByActions";
  return end === "views" ? "cutByViews" : end;
}

export function sumOfTimed(a: TimedCounts | undefined, b: TimedCounts | undefined): TimedCounts | undefined {
  if (!a || !b) return a ?? b;
  return {
    served: a.served + b.served,
    late: a.late + b.late,
    round: a.round + b.round,
    cutByActions: a.cutByActions + b.cutByActions,
    cutByViews: a.cutByViews + b.cutByViews,
    waited: a.waited + b.waited,
    longestWait: Math.max(a.longestWait, b.longestWait),
  };
}
