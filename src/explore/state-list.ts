// States in an order in which they can be saved: those that were expanded, then the rest.

import type { Segment, VisitedSet } from "./visited.js";

/** A list of states. A visited set of one thread is such a list. */
export interface StateList {
  readonly width: number;
  readonly count: number;
  /** Writes the vector of the state with this index into `into`, and returns it. */
  read(index: number, into: Int32Array): Int32Array;
  /** The index of the state from which it was discovered, or -1. */
  parent(index: number): number;
}

/** The states of these segments, to be read from front to back. None of them knows its parent. */
export function statesIn(visited: VisitedSet, segments: readonly Segment[]): StateList {
  let [at, first] = [0, 0]; // the segment that was read last, and the index of its first state
  return {
    width: visited.width,
    count: segments.reduce((sum, { count }) => sum + count, 0),
    read: (index, into) => {
      if (index < first) [at, first] = [0, 0];
      while (index >= first + segments[at]!.count) first += segments[at++]!.count;
      return visited.read(segments[at]!.first + index - first, into);
    },
    parent: () => -1,
  };
}
