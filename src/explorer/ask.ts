// Questions to the model about a state: the shortest way to something, a fair end, a random run. Answers are actions, which the page shows
// as a new branch. A search looks at every state that can be reached, breadth first, so the way that it finds is a shortest one.

import { between, pathTo } from "../explore/counterexample.js";
import { VisitedSet } from "../explore/visited.js";
import type { Action } from "../model/action.js";
import { obligations } from "../model/fairness.js";
import { isSame } from "../model/possible-action.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { violationAt } from "../model/walk.js";
import { watched } from "../watch/clock.js";
import { enabledIn } from "./enabled.js";

/** How far a question goes. */
export interface AskLimits {
  /** In actions; null: no limit. */
  readonly maxDepth: number | null;
  readonly maxStates: number;
  /** Ends the search at the next opportunity. Default: none. */
  readonly signal?: AbortSignal;
}

/** An answer. */
export interface Answer {
  /** The way; null if there is none, as far as `complete` says. */
  readonly actions: readonly Action[] | null;
  /** Without a way: whether there certainly is none (within `maxDepth`), because every state was looked at. */
  readonly complete: boolean;
  readonly states: number;
  /** What there is to say besides. */
  readonly note: string | null;
}

/** What is looked for: tested in every state, with the number of obligatory actions that are possible in it. */
export type Goal = (vector: Int32Array, obligatory: () => number) => boolean;

/** How long a search goes on before others have their turn, in milliseconds. */
const sliceMs = 30;

/** The shortest path from a state to one that is looked for. */
export async function shortestWay(
  system: TransitionSystem,
  from: Int32Array,
  isGoal: Goal,
  { maxDepth, maxStates, signal }: AskLimits,
): Promise<Answer> {
  const search = new SlicedSearch(system, from, isGoal, maxDepth);
  for (;;) {
    const found = watched(
      () => false,
      () => search.slice(maxStates),
    );
    const states = search.count;
    if (found) return { actions: found, complete: true, states, note: null };
    if (search.isDone) return { actions: null, complete: true, states, note: null };
    if (states >= maxStates || signal?.aborted) {
      const note = `not decided: ${signal?.aborted ? "stopped" : "the limit was reached"}`;
      return { actions: null, complete: false, states, note };
    }
    await new Promise(setImmediate);
  }
}

/** A breadth-first search that goes on for a slice of time whenever it is asked to. */
class SlicedSearch {
  readonly #system: TransitionSystem;
  readonly #isGoal: Goal;
  readonly #maxDepth: number | null;
  readonly #visited: VisitedSet;
  readonly #out = new Successors();
  readonly #present: Int32Array;
  readonly #next: Int32Array;
  /** How many states were expanded; how many there are up to the end of the current level; the depth of that level. */
  #expanded = 0;
  #levelEnd = 1;
  #depth = 0;

  constructor(system: TransitionSystem, from: Int32Array, isGoal: Goal, maxDepth: number | null) {
    this.#system = system;
    this.#isGoal = isGoal;
    this.#maxDepth = maxDepth;
    this.#visited = new VisitedSet(system.width, () => system.largestNumbers());
    this.#present = new Int32Array(system.width);
    this.#next = new Int32Array(system.width);
    this.#visited.add(from, -1);
  }

  /** How many states were visited. */
  get count(): number {
    return this.#visited.count;
  }

  /** Whether every state that can be reached was expanded. */
  get isDone(): boolean {
    return this.#expanded >= this.#visited.count;
  }

  /** Expands states until the slice or the number of states is used up. The actions that lead to a goal, or null if none was found. */
  slice(maxStates: number): readonly Action[] | null {
    const until = performance.now() + sliceMs;
    while (!this.isDone && this.count < maxStates && performance.now() < until) {
      if (this.#expanded === this.#levelEnd) [this.#levelEnd, this.#depth] = [this.count, this.#depth + 1];
      if (this.#expand()) return this.#actionsTo(this.#expanded);
      this.#expanded++;
    }
    return null;
  }

  /** Visits the successors of the next state, unless it is a goal. */
  #expand(): boolean {
    this.#visited.read(this.#expanded, this.#present);
    this.#system.successors(this.#present, 0, this.#out);
    if (this.#isGoal(this.#present, () => this.#out.obligatory)) return true;
    if (this.#maxDepth !== null && this.#depth >= this.#maxDepth) return false;
    for (let index = 0; index < this.#out.length; index++) {
      this.#next.set(this.#present);
      this.#out.writeTo(index, this.#next);
      this.#visited.add(this.#next, this.#expanded);
    }
    return false;
  }

  #actionsTo(goal: number): readonly Action[] {
    const path = pathTo(this.#visited, goal);
    return path.slice(1).flatMap((state, index) => between(this.#system, this.#visited, path[index]!, state));
  }
}

/** That some property is violated. `names`: one of these; all if there are none. */
export function violationGoal(system: TransitionSystem, names: readonly string[] = []): Goal {
  return (vector, obligatory) => {
    const violation = violationAt(system, vector, 0, obligatory);
    return violation !== null && (names.length === 0 || names.includes(violation.property));
  };
}

/**
 * Goes on fairly: what has to happen (deliveries between correct nodes, timers) happens, what has waited longest first, and the
 * adversary does nothing; until nothing is left, or the run goes round.
 */
export function fairEnd(system: TransitionSystem, from: Int32Array, maxSteps: number): Answer {
  const actions: Action[] = [];
  const waiting = new Map<string, number>();
  const seen = new Set<string>([from.join()]);
  let vector = from;
  while (actions.length < maxSteps) {
    const owed = obligations(system, vector);
    if (owed.length === 0) return ended(actions, "nothing that must happen is left to happen");
    const keys = new Set(owed.map(({ key }) => key));
    for (const key of waiting.keys()) if (!keys.has(key)) waiting.delete(key);
    for (const { key } of owed) if (!waiting.has(key)) waiting.set(key, actions.length);
    const first = owed.reduce((a, b) => (waiting.get(b.key)! < waiting.get(a.key)! ? b : a));
    waiting.delete(first.key);
    const next = [...first.chosen, ...first.toss].find((state) => !isSame(state, vector));
    const taken = next && enabledIn(system, vector).find((one) => isSame(one.next, next));
    if (!taken) return ended(actions, "what must happen next could not be taken");
    actions.push(taken.action);
    vector = taken.next;
    if (seen.has(vector.join())) return ended(actions, "it goes round from here");
    seen.add(vector.join());
  }
  return ended(actions, `it was ended after ${maxSteps} actions`);
}

/** A random run of so many actions, each of those that are possible as likely as the others. */
export function randomRun(
  system: TransitionSystem,
  from: Int32Array,
  steps: number,
  below: (n: number) => number,
): Answer {
  const actions: Action[] = [];
  let vector = from;
  while (actions.length < steps) {
    const enabled = enabledIn(system, vector);
    if (enabled.length === 0) return ended(actions, "nothing more can happen");
    const chosen = enabled[below(enabled.length)]!;
    actions.push(chosen.action);
    vector = chosen.next;
    if (violationAt(system, vector, 0, () => 1)) return ended(actions, "it violates a property");
  }
  return ended(actions, null);
}

function ended(actions: readonly Action[], note: string | null): Answer {
  return { actions, complete: true, states: actions.length + 1, note };
}
