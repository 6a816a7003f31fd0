// Finds fair cycles: liveness beyond stuck states. A goal is also missed by an execution that repeats a
// cycle for ever, provided that it is fair. The search for them begins when the space is exhausted, in the
// graph of the states whose goal is not met.
//
// Which cycles are fair. Weak fairness (fairness.ts) asks that no obligatory action is possible in every
// state of the cycle without being taken on it. Let C be a strongly connected component with an edge
// inside.
//   - If each obligatory action is taken by some transition inside C, or impossible in some state of C,
//     then a cycle through all states and transitions of C neglects nothing: it is fair.
//   - Taken is an action, too, by an outcome that changes nothing, where the scheduler may choose another
//     one (`idle`); a single state in which all obligations have such an outcome is a cycle of its own.
//   - Otherwise some action is possible in every state of C and leads out of C wherever it is taken. That
//     is so for every cycle inside C as well: none is fair.
// So it is enough to look at the maximal components, once, whatever joins and nests inside them. States are
// told apart by what the monitors have seen, so a branch that met its goal and one that did not never join.
//
// Where chance decides (tosses: see chance.ts), the states are a Markov decision process, and "eventually"
// means with probability 1 under every fair scheduler. An end component is a set C of states with some of
// their transitions and tosses, such that every outcome of each toss stays in C, and C is strongly
// connected by them. (de Alfaro 1997; Baier and Katoen, Principles of Model Checking, section 10.6; for
// finite protocols already Hart, Sharir and Pnueli 1983, and Vardi 1985.)
//   - Whatever the scheduler does, with probability 1 the states and actions that recur for ever form an
//     end component. If the scheduler is fair, each obligatory action is impossible in some state of it or
//     is among its actions. So if every end component of pending states neglects something, the goal is met
//     with probability 1.
//   - If one neglects nothing, it can be reached with positive probability, for every finite execution has
//     one. From there a scheduler that takes all of its actions in turn stays inside with probability 1 and
//     is fair: the goal is missed.
//   - An end component that neglects nothing lies in a maximal one that neglects nothing either. So the
//     maximal ones are enough: components from which tosses that lead out are taken away, until none is
//     left that does. A toss that may meet the goal leads out, too. Strong fairness of each outcome would
//     not do: it promises nothing of several tosses in a row.
//
// The cycle that is shown takes every outcome of each toss on it. So it is a strategy of the scheduler:
// each of its states determines the next action, whatever chance has decided. Replay needs nothing else to
// see that it repeats for ever.

import type { Action, Counterexample } from "../model/action.js";
import { chanceIn } from "../model/chance.js";
import { isTakenTo, neglected, obligations, type Stays } from "../model/fairness.js";
import { lassoText } from "../model/lasso-text.js";
import type { Missed } from "../model/liveness.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList } from "../model/tables.js";
import { glance, look } from "../watch/clock.js";
import { between, executionOf, pathTo } from "./counterexample.js";
import { StateIndex } from "./state-index.js";
import type { VisitedSet } from "./visited.js";

/**
 * A fair cycle on which an `eventually` property is never met, as a stem and a loop; null if there is none.
 * A cycle for which the bounds may be to blame (see liveness.ts) is handed to `undecided`; then the search
 * goes on among the states for which they are not. Properties in `violated` are left out.
 */
export function fairCycle(
  system: TransitionSystem,
  visited: VisitedSet,
  undecided: (missed: Missed) => void,
  violated: readonly string[] = [],
): Counterexample | null {
  const { liveness } = system;
  if (liveness.outside !== null) return null;
  const numbers = new StateIndex(visited);
  const kinds = [
    () => true,
    (vector: Int32Array) => liveness.pinned(vector, 0) === null,
    (vector: Int32Array) => liveness.isLed(vector, 0),
  ];
  for (const [index, property] of system.observations.properties.entries()) {
    if (property.kind !== "eventually" || violated.includes(property.name)) continue;
    let isDecided = true;
    for (const isOfKind of kinds) {
      const graph = new PendingGraph(system, visited, numbers, index, isOfKind);
      for (const component of graph.components()) {
        if (!isFair(graph, component)) continue;
        const judged = liveness.judged(
          component.map((state) => graph.read(state)),
          "",
        );
        if (judged.verdict !== "violated") {
          undecided({ properties: [index], ...judged });
          isDecided = false;
          continue;
        }
        const loop = fairLoop(graph, component);
        const stem = executionOf(system, null, null, visited, pathTo(visited, component[0]!));
        const explanation = lassoText(system, graph.read(component[0]!), loop, index);
        return { property: property.name, explanation, ...stem, loop };
      }
      if (isDecided) break;
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
  /** Where chance decides anything: the tosses of a state, each the pending states that it may lead to. */
  readonly #tosses = new Map<number, Toss[]>();
  /** For the same states: to which of them the scheduler can go. */
  readonly #chosen = new Map<number, ReadonlySet<number>>();
  /** States of different groups are in different components. */
  readonly #groups: Int32Array;

  /** Whether somebody may choose to change nothing. */
  readonly #mayIdle: boolean;

  /** Of the states in which the goal is not met only those of a kind. */
  readonly #isOfKind: (vector: Int32Array) => boolean;

  constructor(
    system: TransitionSystem,
    visited: VisitedSet,
    numbers: StateIndex,
    property: number,
    isOfKind: (vector: Int32Array) => boolean,
  ) {
    this.system = system;
    this.#isOfKind = isOfKind;
    this.visited = visited;
    this.#numbers = numbers;
    this.#property = property;
    const out = new Successors();
    const vector = new Int32Array(visited.width);
    for (let state = 0; state < visited.count; state++) {
      glance();
      this.#offsets.push(this.#targets.length);
      visited.read(state, vector);
      if (!this.#isPending(vector)) continue;
      system.successors(vector, 0, out);
      for (let index = 0; index < out.length; index++) {
        const next = vector.slice();
        out.writeTo(index, next);
        if (this.#isPending(next)) this.#targets.push(this.find(next));
      }
    }
    this.#offsets.push(this.#targets.length);
    this.#mayIdle = system.channelSteps !== null || system.reactions.mayIdle;
    this.#groups = new Int32Array(visited.count);
    for (let state = 0; state < visited.count; state++) this.#findTosses(state, visited.read(state, vector));
  }

  #findTosses(state: number, vector: Int32Array): void {
    if (!this.#isPending(vector)) return;
    const chance = chanceIn(this.system, vector);
    if (chance === null) return;
    const tosses = chance.tosses.map((outcomes) => ({
      isInside: outcomes.every((outcome) => this.#isPending(outcome)),
      targets: outcomes.map((outcome) => this.find(outcome)),
    }));
    this.#tosses.set(state, tosses);
    this.#chosen.set(state, new Set(chance.chosen.map((outcome) => this.find(outcome))));
  }

  /**
   * Whether the scheduler can go from one state to another, by its own choice or by a toss of which every
   * outcome is inside.
   */
  leadsTo(from: number, to: number): boolean {
    if (this.#groups[from] !== this.#groups[to]) return false;
    return this.isChosen(from, to) || this.tossesTo(from, to).length > 0;
  }

  isChosen(from: number, to: number): boolean {
    return this.#chosen.get(from)?.has(to) ?? true;
  }

  /** The tosses that lead from one state to another, of which every outcome is inside. */
  tossesTo(from: number, to: number): Toss[] {
    return (this.#tosses.get(from) ?? []).filter(({ isInside, targets }) => isInside && targets.includes(to));
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

  /**
   * The maximal end components of two states or more, or in whose only state one may idle; each in
   * ascending order.
   */
  *components(): Iterable<number[]> {
    const all = Array.from({ length: this.visited.count }, (_, state) => state);
    const parts: Iterator<number[]>[] = [this.#connected(all)];
    let groups = 0;
    while (parts.length > 0) {
      const { value: component } = parts.at(-1)!.next() as IteratorResult<number[], undefined>;
      if (component === undefined) parts.pop();
      else if (!this.#dropTosses(component)) yield component;
      else {
        groups++;
        for (const state of component) this.#groups[state] = groups;
        parts.push(this.#connected(component));
      }
    }
  }

  /** Takes away the tosses that lead out of a component; whether there were any. */
  #dropTosses(component: readonly number[]): boolean {
    if (this.#tosses.size === 0) return false;
    const members = new Set(component);
    let dropped = false;
    for (const state of component)
      for (const toss of this.#tosses.get(state) ?? []) {
        if (!toss.isInside || toss.targets.every((target) => members.has(target))) continue;
        toss.isInside = false;
        dropped = true;
      }
    return dropped;
  }

  /**
   * Strongly connected components with a circle inside, each in ascending order: Tarjan (1972), without
   * recursion.
   */
  *#connected(states: readonly number[]): Generator<number[], undefined> {
    const count = this.visited.count;
    const order = new Int32Array(count); // when a state was entered, from 1; 0: not yet
    const low = new Int32Array(count);
    const onStack = new Uint8Array(count);
    const stack: number[] = [];
    let entered = 0;
    for (const root of states) {
      if (order[root] !== 0) continue;
      glance();
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
          if (!this.leadsTo(call.state, target)) continue;
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
        if (component.length > 1 || this.#mayIdleIn(component[0]!)) yield component.sort((a, b) => a - b);
      }
    }
    return undefined;
  }

  /**
   * Whether nothing need change in a state: each of its obligations, and there are some, has an outcome
   * that changes nothing.
   */
  #mayIdleIn(state: number): boolean {
    if (!this.#mayIdle) return false;
    const vector = this.read(state);
    if (!this.#isPending(vector)) return false;
    const here = obligations(this.system, vector);
    return here.length > 0 && here.every(({ idle }) => idle !== null);
  }

  #isPending(vector: Int32Array): boolean {
    return this.system.liveness.pending(vector, 0).includes(this.#property) && this.#isOfKind(vector);
  }
}

/**
 * What chance decides in a state: pending states, if every outcome is one of the same component; see
 * `isInside`.
 */
interface Toss {
  readonly targets: readonly number[];
  isInside: boolean;
}

/** Whether a circle through all of a component neglects nothing. */
function isFair(graph: PendingGraph, component: readonly number[]): boolean {
  const members = new Set(component);
  const stays = staysIn(graph, members);
  let everywhere: Set<string> | null = null;
  const taken = new Set<string>();
  for (const state of component) {
    look();
    const vector = graph.read(state);
    const here = obligations(graph.system, vector);
    const keys = new Set(here.map(({ key }) => key));
    everywhere ??= keys;
    for (const key of everywhere) if (!keys.has(key)) everywhere.delete(key);
    for (const obligation of here) {
      const outcomes = [...obligation.chosen, ...obligation.toss];
      const isTaken = (outcome: Int32Array) =>
        stays(vector, outcome) && isTakenTo(obligation, vector, outcome, stays);
      if (obligation.idle !== null || outcomes.some(isTaken)) taken.add(obligation.key);
    }
  }
  return [...everywhere!].every((key) => taken.has(key));
}

function staysIn(graph: PendingGraph, members: ReadonlySet<number>): Stays {
  return (_, to) => members.has(graph.find(to));
}

/**
 * A fair circle inside a component, from its first state back to it: as long as something is missing, on to
 * the nearest cure.
 */
function fairLoop(graph: PendingGraph, component: readonly number[]): Action[] {
  const members = new Set(component);
  const first = component[0]!;
  const way = new Tour(graph, members, first);
  let isClosed = component.length === 1;
  for (;;) {
    look();
    if (way.takeMissingOutcome()) continue;
    const [obligation] = neglected(
      graph.system,
      way.states.map((state) => graph.read(state)),
      false,
      staysIn(graph, members),
    );
    if (obligation) way.cure(obligation.key);
    else if (isClosed && way.states.at(-1) === first) break;
    else {
      way.goTo(first);
      isClosed = true;
    }
  }
  return way.states
    .slice(1)
    .flatMap(
      (state, index) =>
        way.idled.get(index) ?? between(graph.system, graph.visited, way.states[index]!, state),
    );
}

/** A way inside a component that is to become a fair circle. */
class Tour {
  readonly states: number[];
  /** By the index of a state that is followed by itself: the choices in between that change nothing. */
  readonly idled = new Map<number, Action[]>();
  readonly #graph: PendingGraph;
  readonly #members: ReadonlySet<number>;
  /** Outcomes of tosses on the way that are not on it yet. */
  readonly #missing: (readonly [from: number, to: number])[] = [];
  readonly #steps = new Set<string>();

  constructor(graph: PendingGraph, members: ReadonlySet<number>, first: number) {
    this.#graph = graph;
    this.#members = members;
    this.states = [first];
  }

  /**
   * Goes back to where a toss was thrown and takes an outcome that it did not have. False if there is none.
   */
  takeMissingOutcome(): boolean {
    for (let next = this.#missing.shift(); next; next = this.#missing.shift()) {
      const [from, to] = next;
      if (this.#steps.has(`${from} ${to}`)) continue;
      if (this.states.at(-1) !== from) this.goTo(from);
      this.#step(to);
      return true;
    }
    return false;
  }

  /**
   * On to where an obligation is impossible, or has just been taken; if there is no such place, to where it
   * can be taken to no effect.
   */
  cure(key: string): void {
    const graph = this.#graph;
    const stays = staysIn(graph, this.#members);
    const isCured = this.#go((state, from) => {
      const vector = graph.read(state);
      if (!obligations(graph.system, vector).some((here) => here.key === key)) return true;
      const before = graph.read(from);
      const taken = obligations(graph.system, before).find((here) => here.key === key);
      return taken !== undefined && isTakenTo(taken, before, vector, stays);
    });
    if (!isCured) this.#idle(key);
  }

  #idle(key: string): void {
    const idlesIn = (state: number) =>
      obligations(this.#graph.system, this.#graph.read(state)).some(
        (here) => here.key === key && here.idle !== null,
      );
    const at = this.states.at(-1)!;
    if (!idlesIn(at)) this.#go(idlesIn);
    const state = this.states.at(-1)!;
    const here = obligations(this.#graph.system, this.#graph.read(state));
    this.idled.set(
      this.states.length - 1,
      here.flatMap(({ idle }) => idle ?? []),
    );
    this.states.push(state);
  }

  goTo(state: number): void {
    if (!this.#go((reached) => reached === state)) throw new Error("a component is not strongly connected");
  }

  /** Rather without a toss that is not on the way yet, for all of its outcomes would have to be. */
  #go(isGoal: (state: number, from: number) => boolean): boolean {
    const graph = this.#graph;
    const from = this.states.at(-1)!;
    const isKnown = (before: number, after: number) =>
      graph.tossesTo(before, after).every(({ targets }) => targets.every((to) => this.#isTaken(before, to)));
    const way =
      towards(graph, this.#members, from, isGoal, isKnown) ??
      towards(graph, this.#members, from, isGoal, () => true);
    if (way === null) return false;
    for (const state of way) this.#step(state);
    return true;
  }

  #isTaken(from: number, to: number): boolean {
    return (
      this.#steps.has(`${from} ${to}`) || this.#missing.some((other) => other[0] === from && other[1] === to)
    );
  }

  #step(to: number): void {
    const from = this.states.at(-1)!;
    this.states.push(to);
    this.#steps.add(`${from} ${to}`);
    for (const { targets } of this.#graph.tossesTo(from, to))
      for (const other of targets) if (!this.#isTaken(from, other)) this.#missing.push([from, other]);
  }
}

/**
 * The states of a shortest way, of one step at least, inside the component to one that `isGoal` likes, by
 * the step to it; only by steps that `isOpen` admits. Null if there is none.
 */
function towards(
  graph: PendingGraph,
  members: ReadonlySet<number>,
  from: number,
  isGoal: (state: number, from: number) => boolean,
  isOpen: (from: number, to: number) => boolean,
): number[] | null {
  const cameFrom = new Map<number, number>();
  const queue = [from];
  for (const state of queue) {
    glance();
    for (const target of graph.targets(state)) {
      if (!members.has(target) || !graph.leadsTo(state, target) || !isOpen(state, target)) continue;
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
  return null;
}
