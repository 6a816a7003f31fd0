// Liveness beyond stuck states: a goal is also missed by an execution that goes round in a circle for ever, provided that
// it is fair. Looked for when the space is exhausted, in the graph of the states whose goal is not met.
//
// Which circles are fair. Weak fairness (fairness.ts) asks that no obligatory action is possible in every state of the
// circle without being taken on it. Let C be a strongly connected component with an edge inside.
//   - If each obligatory action is taken by some transition inside C, or impossible in some state of C, then a circle
//     through all states and transitions of C neglects nothing: it is fair.
//   - Otherwise some action is possible in every state of C and leads out of C wherever it is taken. That is so for every
//     circle inside C as well: none is fair.
// So it is enough to look at the maximal components, once, whatever joins and nests inside them. States are told apart by
// what the monitors have seen, so a branch that met its goal and one that did not never join.

import type { Action, Counterexample } from "../model/action.js";
import { isSame, neglected, type Obligation, obligations } from "../model/fairness.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList } from "../model/tables.js";
import { between, executionOf, pathTo } from "./counterexample.js";
import { StateIndex } from "./state-index.js";
import type { VisitedSet } from "./visited.js";

/** A fair circle on which an `eventually` property is never met, as a stem and a loop; null if there is none. */
export function fairCycle(system: TransitionSystem, visited: VisitedSet): Counterexample | null {
  const numbers = new StateIndex(visited);
  for (const [index, property] of system.observations.properties.entries()) {
    if (property.kind !== "eventually" || system.livenessOutside !== null) continue;
    const graph = new PendingGraph(system, visited, numbers, index);
    for (const component of graph.components()) {
      if (!isFair(graph, component)) continue;
      const loop = fairLoop(graph, component);
      const stem = executionOf(system, null, null, visited, pathTo(visited, component[0]!));
      const observation = graph.read(component[0]!)[system.width - 1]!;
      return {
        property: property.name,
        explanation: `the last ${loop.length} actions can go on for ever, and ${system.observations.explain(observation, index)}`,
        ...stem,
        loop,
      };
    }
  }
  return null;
}

/** The states in which one goal is not met, and the transitions between them. */
class PendingGraph {
  readonly system: TransitionSystem;
  readonly visited: VisitedSet;
  readonly #numbers: StateIndex;
  readonly #property: number;
  readonly #offsets = new IntList();
  readonly #targets = new IntList();

  constructor(system: TransitionSystem, visited: VisitedSet, numbers: StateIndex, property: number) {
    this.system = system;
    this.visited = visited;
    this.#numbers = numbers;
    this.#property = property;
    const out = new Successors();
    const vector = new Int32Array(visited.width);
    const last = visited.width - 1;
    for (let state = 0; state < visited.count; state++) {
      this.#offsets.push(this.#targets.length);
      visited.read(state, vector);
      if (!this.#isPending(vector[last]!)) continue;
      system.successors(vector, 0, out);
      for (let index = 0; index < out.length; index++) {
        if (!this.#isPending(out.observation(index))) continue;
        const next = vector.slice();
        out.writeTo(index, next);
        this.#targets.push(this.find(next));
      }
    }
    this.#offsets.push(this.#targets.length);
  }

  read(state: number): Int32Array {
    return this.visited.read(state, new Int32Array(this.visited.width));
  }

  find(vector: Int32Array): number {
    return this.#numbers.find(vector);
  }

  targets(state: number): Int32Array {
    return this.#targets.items.subarray(this.#offsets.items[state], this.#offsets.items[state + 1]);
  }

  /** Strongly connected components of two states or more, each in ascending order: Tarjan (1972), without recursion. */
  *components(): Iterable<number[]> {
    const count = this.visited.count;
    const order = new Int32Array(count); // when a state was entered, from 1; 0: not yet
    const low = new Int32Array(count);
    const onStack = new Uint8Array(count);
    const stack: number[] = [];
    let entered = 0;
    for (let root = 0; root < count; root++) {
      if (order[root] !== 0) continue;
      const calls: { state: number; next: number }[] = [];
      const enter = (state: number) => {
        low[state] = order[state] = ++entered;
        onStack[state] = 1;
        stack.push(state);
        calls.push({ state, next: 0 });
      };
      enter(root);
      while (calls.length > 0) {
        const call = calls.at(-1)!;
        const target = this.targets(call.state)[call.next++];
        if (target !== undefined) {
          if (order[target] === 0) enter(target);
          else if (onStack[target]) low[call.state] = Math.min(low[call.state]!, order[target]!);
          continue;
        }
        calls.pop();
        const caller = calls.at(-1);
        if (caller) low[caller.state] = Math.min(low[caller.state]!, low[call.state]!);
        if (low[call.state] !== order[call.state]) continue;
        const component = stack.splice(stack.lastIndexOf(call.state));
        for (const state of component) onStack[state] = 0;
        if (component.length > 1) yield component.sort((a, b) => a - b);
      }
    }
  }

  #isPending(observation: number): boolean {
    return this.system.observations.pending(observation).includes(this.#property);
  }
}

/** Whether a circle through all of a component neglects nothing. */
function isFair(graph: PendingGraph, component: readonly number[]): boolean {
  const members = new Set(component);
  let everywhere: Set<string> | null = null;
  const taken = new Set<string>();
  for (const state of component) {
    const here = obligations(graph.system, graph.read(state));
    const keys = new Set(here.map(({ key }) => key));
    everywhere ??= keys;
    for (const key of everywhere) if (!keys.has(key)) everywhere.delete(key);
    for (const obligation of here) if (staysIn(graph, members, obligation)) taken.add(obligation.key);
  }
  return [...everywhere!].every((key) => taken.has(key));
}

function staysIn(graph: PendingGraph, members: ReadonlySet<number>, { outcomes }: Obligation): boolean {
  return outcomes.some((next) => members.has(graph.find(next)));
}

/** A fair circle inside a component, from its first state back to it: as long as something is neglected, on to the nearest cure. */
function fairLoop(graph: PendingGraph, component: readonly number[]): Action[] {
  const members = new Set(component);
  const first = component[0]!;
  const states = [first];
  const { system } = graph;
  for (;;) {
    const [obligation] = neglected(
      system,
      states.map((state) => graph.read(state)),
      false,
    );
    if (!obligation) break;
    states.push(
      ...towards(graph, members, states.at(-1)!, (state, from) => {
        const here = obligations(system, graph.read(state));
        if (!here.some(({ key }) => key === obligation.key)) return true;
        const vector = graph.read(from);
        const taken = obligations(system, vector).find(({ key }) => key === obligation.key);
        return taken?.outcomes.some((outcome) => isSame(outcome, graph.read(state))) ?? false;
      }),
    );
  }
  states.push(...towards(graph, members, states.at(-1)!, (state) => state === first));
  return states.slice(1).flatMap((state, index) => between(system, graph.visited, states[index]!, state));
}

/** The states of a shortest way, of one step at least, inside the component to one that `isGoal` likes, by the step to it. */
function towards(
  graph: PendingGraph,
  members: ReadonlySet<number>,
  from: number,
  isGoal: (state: number, from: number) => boolean,
): number[] {
  const cameFrom = new Map<number, number>();
  const queue = [from];
  for (const state of queue) {
    for (const target of graph.targets(state)) {
      if (!members.has(target)) continue;
      if (isGoal(target, state)) {
        const way = [target];
        for (let at = state; at !== from; at = cameFrom.get(at)!) way.unshift(at);
        return way;
      }
      if (target === from || cameFrom.has(target)) continue;
      cameFrom.set(target, state);
      queue.push(target);
    }
  }
  throw new Error("a component is not strongly connected");
}
