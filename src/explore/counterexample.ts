// From a violating state back to how it comes about: the parents give the states on the way, and between two of them the
// transitions are made once more to find the action that was taken.

import type { Action, Counterexample, Execution, StartChoice } from "../model/action.js";
import { isSame } from "../model/fairness.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { violationAt } from "../model/walk.js";
import type { VisibleSteps } from "./visible-steps.js";
import type { VisitedSet } from "./visited.js";

/** The states from an initial one to this one. */
export function pathTo(visited: VisitedSet, last: number): number[] {
  const path: number[] = [];
  for (let state = last; state >= 0; state = visited.parent(state)) path.unshift(state);
  return path;
}

/** The execution along a path. `visible`: the macro-steps, if the search made those. */
export function executionOf(
  system: TransitionSystem,
  visible: VisibleSteps | null,
  visited: VisitedSet,
  path: readonly number[],
): Execution {
  const start = startOf(system, visited, path[0]!);
  const actions = path
    .slice(1)
    .flatMap((state, index) => between(system, visible, visited, path[index]!, state));
  return { start, actions };
}

/** The execution along a path, and what its last state violates. `visible`: the macro-steps, if the search made those. */
export function counterexampleOf(
  system: TransitionSystem,
  visible: VisibleSteps | null,
  visited: VisitedSet,
  path: readonly number[],
): Counterexample {
  const last = path.at(-1)!;
  const { start, actions } = executionOf(system, visible, visited, path);
  const final = read(visited, last);
  const safety = visible ? violationAt(system, final, 0, () => 1) : null;
  const resting = safety ? null : (visible?.resting(final, 0) ?? null);
  const silent = resting ? visible!.silentActions(final, 0, resting) : [];
  const violation = resting
    ? violationAt(system, resting, 0, () => 0)!
    : violationAt(system, final, 0, () => 0)!;
  return { ...violation, start, actions: [...actions, ...silent] };
}

function read(visited: VisitedSet, state: number): Int32Array {
  return visited.read(state, new Int32Array(visited.width));
}

/** How the run began that began in this state. */
export function startOf(system: TransitionSystem, visited: VisitedSet, state: number): StartChoice {
  const root = read(visited, state);
  return system.initial().find(({ vector }) => vector.every((value, at) => value === root[at]))!.choice;
}

/** The actions that lead from one state to the next on a path. */
export function between(
  system: TransitionSystem,
  visible: VisibleSteps | null,
  visited: VisitedSet,
  from: number,
  to: number,
): Action[] {
  const [a, b] = [read(visited, from), read(visited, to)];
  if (visible) {
    const observation = b[visited.width - 1]!;
    const node = system.nodes.findIndex((_, index) => a[index] !== b[index]);
    // Where nothing but the observation has changed, any node may have done it.
    for (const actor of node < 0 ? system.nodes.keys() : [node]) {
      const actions = visible.actions(a, 0, actor, b[actor]!, observation);
      if (actions) return actions;
    }
  }
  const out = new Successors();
  system.successors(a, 0, out);
  for (let index = 0; index < out.length; index++) {
    const next = a.slice();
    out.writeTo(index, next);
    if (isSame(next, b)) return [system.reactions.action(out.node(index), out.cause(index))];
  }
  throw new Error("a transition that was taken is gone");
}
