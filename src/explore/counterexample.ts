// Reconstructs a counterexample from a violating state: the parents give the states on the way, and between
// two of them the transitions are computed again to find the action.

import type { Action, Counterexample, Execution } from "../model/action.js";
import { isSame } from "../model/possible-action.js";
import type { Representatives } from "../model/representatives.js";
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

/** How a search has made its states. */
interface Method {
  readonly system: TransitionSystem;
  /** The macro-steps, if it made those. */
  readonly visible: VisibleSteps | null;
  /**
   * If states stand for others: then the execution begins with a real one, and goes where the representatives
   * go.
   */
  readonly representatives: Representatives | null;
}

/** The execution along a path. */
export function executionOf(
  system: TransitionSystem,
  visible: VisibleSteps | null,
  representatives: Representatives | null,
  visited: VisitedSet,
  path: readonly number[],
): Execution {
  return alongPath({ system, visible, representatives }, visited, path).execution;
}

/** The execution along a path, and the state to which it leads. */
export function alongPath(
  method: Method,
  visited: VisitedSet,
  path: readonly number[],
): { readonly execution: Execution; readonly last: Int32Array } {
  const { system, representatives } = method;
  const root = read(visited, path[0]!);
  const begin = system.initial().find(({ vector }) => isSame(representative(representatives, vector), root))!;
  let at = begin.vector;
  const actions: Action[] = [];
  for (const state of path.slice(1)) {
    const step = stepTo(method, at, read(visited, state));
    actions.push(...step.actions);
    at = step.next;
  }
  return { execution: { start: begin.choice, actions }, last: at };
}

/** The execution along a path, once for each property that its last state violates. */
export function counterexamplesOf(
  system: TransitionSystem,
  visible: VisibleSteps | null,
  representatives: Representatives | null,
  visited: VisitedSet,
  path: readonly number[],
): Counterexample[] {
  const { execution, last: final } = alongPath({ system, visible, representatives }, visited, path);
  const { start, actions } = execution;
  const safety = visible ? violationAt(system, final, 0, () => 1) : null;
  const resting = safety ? null : (visible?.silent.resting(final, 0) ?? null);
  const silent = resting ? visible!.silent.silentActions(final, 0, resting) : [];
  const violation = resting
    ? violationAt(system, resting, 0, () => 0)!
    : violationAt(system, final, 0, () => 0)!;
  const first = { ...violation, start, actions: [...actions, ...silent] };
  const { observations } = system;
  const observation = final[system.width - 1]!;
  const others = observations
    .allViolated(observation)
    .filter((property) => observations.properties[property]!.name !== violation.property)
    .map((property) => ({
      ...first,
      property: observations.properties[property]!.name,
      explanation: observations.explain(observation, property),
    }));
  return [first, ...others];
}

function representative(representatives: Representatives | null, vector: Int32Array): Int32Array {
  const copy = vector.slice();
  representatives?.canonicalize(copy);
  return copy;
}

/** What leads from a state to one for which `target` stands. */
function stepTo(
  { system, visible, representatives }: Method,
  from: Int32Array,
  target: Int32Array,
): { readonly actions: Action[]; readonly next: Int32Array } {
  const out = new Successors();
  (visible ?? system).successors(from, 0, out);
  for (let index = 0; index < out.length; index++) {
    const next = from.slice();
    out.writeTo(index, next);
    if (!isSame(representative(representatives, next), target)) continue;
    const node = out.node(index);
    if (!visible) return { actions: [system.reactions.action(node, out.cause(index))], next };
    const isNext = (component: number, observation: number) =>
      component === next[node] && observation === next.at(-1);
    const way = visible.silent.way(from, 0, node, isNext);
    if (way) return { actions: way.actions, next };
  }
  // What stands for this state has forgotten dead messages. To send one again ends a macro-step there, and none here.
  for (let node = 0; visible && node < system.nodes.length; node++) {
    const behind = (component: number, observation: number) => {
      const next = from.slice();
      next[node] = component;
      next[next.length - 1] = observation;
      return next;
    };
    const isThere = (...place: [component: number, observation: number]) =>
      isSame(representative(representatives, behind(...place)), target);
    const way = visible.silent.way(from, 0, node, isThere);
    if (way) return { actions: way.actions, next: behind(way.component, way.observation) };
  }
  throw new Error("a transition that was taken is gone");
}

function read(visited: VisitedSet, state: number): Int32Array {
  return visited.read(state, new Int32Array(visited.width));
}

/** The actions that lead from one state to the next in a plain search. */
export function between(system: TransitionSystem, visited: VisitedSet, from: number, to: number): Action[] {
  const method = { system, visible: null, representatives: null };
  return stepTo(method, read(visited, from), read(visited, to)).actions;
}
