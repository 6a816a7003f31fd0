// Weak fairness: an action that must happen, and stays possible, happens in the end. An action here is a timer of a node
// or a packet for it, whatever its outcome; it is possible in a state if it would change that state.

import type { TransitionSystem } from "./system.js";
import { IntList } from "./tables.js";

/** An obligatory action that is possible in some state. */
export interface Obligation {
  /** Equal for the same action, in whatever state. */
  readonly key: string;
  readonly node: number;
  /** The states that it may lead to. */
  readonly outcomes: readonly Int32Array[];
}

/** The obligatory actions that are possible in a state. */
export function obligations(system: TransitionSystem, vector: Int32Array): Obligation[] {
  if (system.channelSteps) return system.channelSteps.obligations(vector);
  const { reactions, observations, width } = system;
  const observation = vector[width - 1]!;
  const lists = new IntList();
  return system.nodes.flatMap((_, node) => {
    const component = vector[node]!;
    system.inputs(vector, 0, node, lists);
    const obligatory = [...lists.items.subarray(0, lists.length)].filter((list) =>
      reactions.isObligatory(node, list),
    );
    return obligatory.flatMap((list) =>
      reactions.possible(node, component, list).flatMap(({ key, results }) => {
        const outcomes = results
          .map((result) => [result.component, observations.after(observation, node, result.events)] as const)
          .filter(([next, after]) => next !== component || after !== observation)
          .map(([next, after]) => {
            const outcome = vector.slice();
            outcome[node] = next;
            outcome[width - 1] = after;
            return outcome;
          });
        return outcomes.length === 0 ? [] : [{ key: `${node}:${key}`, node, outcomes }];
      }),
    );
  });
}

/**
 * The obligations that a way neglects: possible in each of its states, and never taken. A loop is weakly fair if it has
 * none. In a loop the last state is followed by the first, which is not listed again.
 */
export function neglected(
  system: TransitionSystem,
  states: readonly Int32Array[],
  isLoop: boolean,
): Obligation[] {
  let left: Map<string, Obligation> | null = null;
  const taken = new Set<string>();
  for (const [index, state] of states.entries()) {
    const next = states[index + 1] ?? (isLoop ? states[0] : undefined);
    const here = obligations(system, state);
    const keys = new Set(here.map(({ key }) => key));
    left ??= new Map(here.map((obligation) => [obligation.key, obligation]));
    for (const key of left.keys()) if (!keys.has(key)) left.delete(key);
    for (const { key, outcomes } of here)
      if (next && outcomes.some((outcome) => isSame(outcome, next))) taken.add(key);
  }
  return [...(left ?? new Map<string, Obligation>()).values()].filter(({ key }) => !taken.has(key));
}

/** Whether two vectors are the same state. */
export function isSame(a: Int32Array, b: Int32Array): boolean {
  return a.every((value, index) => value === b[index]);
}
