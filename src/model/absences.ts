// Liveness for runs in which replicas crash for good. A replica that stays down is faulty, and nothing is
// owed to it. So there an `eventually` property is judged by a monitor of its own, which counts those
// replicas among the faulty ones and is told none of their events. Who stays down is known only at the end
// (in a state in which nothing has to happen, or on a loop). So all these monitors watch from the start,
// one for each set of replicas that may be down together.

import type { NodeId, Property, RunFacts } from "../protocol/index.js";
import { type GuardedMonitor, guardedMonitor } from "./guarded-monitor.js";

/** The sets of replicas that may be down for good, and the monitors for each. */
export interface Absences {
  readonly monitors: readonly GuardedMonitor[];
  /**
   * The index of the monitor that judges a property while the nodes of a bit mask stay down; undefined: its
   * ordinary one.
   */
  monitorOf(property: number, absent: number): number | undefined;
}

/** Nobody stays down. */
export const noAbsences: Absences = {
  monitors: [],
  monitorOf: () => undefined,
};

/**
 * For runs in which up to `most` of the nodes with these indices (of `facts.correct`) may stay down together.
 *
 * ```ts
 * absencesOf([termination], facts, [0, 1, 2, 3], 1).monitors.length // => 4
 * ```
 */
export function absencesOf(
  properties: readonly Property[],
  facts: RunFacts,
  replicas: readonly number[],
  most: number,
): Absences {
  const monitors: GuardedMonitor[] = [];
  const indices = new Map<string, number>();
  for (const absent of subsets(replicas, most)) {
    const isAbsent = (id: NodeId) => absent.some((index) => facts.correct[index] === id);
    const remaining = { ...facts, correct: facts.correct.filter((id) => !isAbsent(id)) };
    const mask = absent.reduce((bits, index) => bits | (1 << index), 0);
    for (const [index, property] of properties.entries()) {
      if (property.kind !== "eventually") continue;
      const judged = guardedMonitor(property, remaining);
      indices.set(`${index} ${mask}`, monitors.length);
      monitors.push({
        init: judged.init,
        on: (state, by, event) => (isAbsent(by) ? state : judged.on(state, by, event)),
        sees: (state, by, view) => (isAbsent(by) ? state : judged.sees(state, by, view)),
        verdict: (state) => judged.verdict(state),
        exercised: (state) => judged.exercised(state),
        explain: (state) => judged.explain(state),
      });
    }
  }
  return {
    monitors,
    monitorOf: (property, absent) => indices.get(`${property} ${absent}`),
  };
}

/** The subsets of one element up to `most`. */
function subsets(items: readonly number[], most: number): number[][] {
  if (most === 0) return [];
  return items.flatMap((item, index) => [
    [item],
    ...subsets(items.slice(index + 1), most - 1).map((rest) => [item, ...rest]),
  ]);
}
