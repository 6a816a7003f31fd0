// Monitors and the adversary's knowledge in one state, for people who look at a run step by step.

import { guardedMonitor } from "../model/guarded-monitor.js";
import type { TransitionSystem } from "../model/system.js";
import type { Json, MonitorVerdict, Property, Signed } from "../protocol/index.js";

/** What a property says of a run up to some state. */
export interface MonitorStatus {
  readonly property: string;
  readonly kind: Property["kind"];
  readonly verdict: MonitorVerdict;
  /** Why it is violated or pending, in the property's own words; null if it holds. */
  readonly why: string | null;
  /** How many comparisons it has made: with 0 nothing was tested yet. */
  readonly exercised: number;
}

/** What can be said of a state besides where its nodes stand. */
export interface Moment {
  readonly monitors: readonly MonitorStatus[];
  /** The signed statements of correct nodes that the adversary can show. */
  readonly known: readonly Signed<Json>[];
}

/**
 * Returns a function that describes states. `properties`: those of the setting as it was asked for; a
 * replay mutes all but one of them in its system (see focus.ts), and here each speaks for itself.
 */
export function momentObserver(system: TransitionSystem, properties: readonly Property[]) {
  const { observations } = system;
  const monitors = properties.map((property) => guardedMonitor(property, observations.facts));
  const judged = new Map<number, readonly MonitorStatus[]>();
  const judge = (observation: number): readonly MonitorStatus[] => {
    const states = observations.monitorStates(observation);
    return properties.map(({ name, kind }, index) => {
      const [monitor, state] = [monitors[index]!, states[index]!];
      const verdict = monitor.verdict(state);
      const why = verdict === "holds" ? null : monitor.explain(state);
      return { property: name, kind, verdict, why, exercised: monitor.exercised(state) };
    });
  };
  return (vector: Int32Array): Moment => {
    const observation = vector[system.width - 1]!;
    const statuses = judged.get(observation) ?? judge(observation);
    judged.set(observation, statuses);
    return { monitors: statuses, known: system.knowledge(vector) };
  };
}
