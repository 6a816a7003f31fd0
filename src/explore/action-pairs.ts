// Executions of a model that cover every pair of adjacent actions, by kind: a deliver of a vote after the expiry of a timer, say. For drivers of
// other implementations, which want few runs that differ, and not many that are alike.
//
// All states within the bounds are found, breadth first, with the kinds of actions that lead into each and out of it. A pair can happen
// exactly if some state has the one and the other. Then executions are chosen greedily: each time the shortest way to a pair that
// covers most pairs that are still missing, and on from there as long as the next action makes a new pair. Actions that do the same to the same
// node count as one: the first of them stands for all.

import { type Action, type Execution, messageOf } from "../model/action.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { typeNameOf } from "../model/terms.js";

/** Two kinds of actions, one after the other. */
export type ActionPair = readonly [first: string, second: string];

/** What was found. */
export interface PairCoverage {
  /** The executions, in the order in which they were chosen. */
  readonly executions: readonly Execution[];
  /** All kinds of actions that happen within the bounds. */
  readonly kinds: readonly string[];
  readonly covered: readonly ActionPair[];
  /** Pairs that can happen, and for which no execution was left, or only a longer one than is wanted. */
  readonly left: readonly ActionPair[];
  /** Pairs whose second action violates a property wherever they happen. No execution has them, since it would end with a violation. */
  readonly violating: readonly ActionPair[];
  /** Pairs of these kinds that never happen one after the other in a state that was looked at. What comes after a violation is not looked at. */
  readonly absent: readonly ActionPair[];
  /** Whether all states within the bounds were looked at: then absent pairs cannot happen. */
  readonly isExhaustive: boolean;
  readonly states: number;
}

/** What limits it. */
export interface PairLimits {
  /** How many executions there may be. */
  readonly executions: number;
  /** How many states are looked at. */
  readonly states: number;
  /** The most actions of an execution. */
  readonly length: number;
}

/**
 * The kind of an action: what happens, and the type of the message or the name of the timer.
 *
 * ```ts
 * actionKind({ kind: "timer", node: "r0", timer: "view-change" }) // => "timer view-change"
 * ```
 */
export function actionKind(action: Action): string {
  const message = messageOf(action);
  if (message !== undefined)
    return `${action.kind} ${typeof message === "string" ? message : typeNameOf(message)}`;
  return action.kind === "timer" ? `timer ${action.timer}` : action.kind;
}

/** A transition, by the index of the state at its other end. */
interface Link {
  readonly action: Action;
  readonly state: number;
}

/** A state that was found. */
interface Found {
  readonly vector: Int32Array;
  /** The way that led here first; null: a start. */
  readonly parent: Link | null;
  readonly depth: number;
  readonly start: Execution["start"];
  /** By kind, the first transition that leads here, and the first that leads on. */
  readonly incoming: Map<string, Link>;
  readonly outgoing: Map<string, Link>;
  /** The kinds of the actions with which a property is violated. */
  readonly violating: Set<string>;
}

/** Covers the pairs of adjacent actions of a system. */
export function coverPairs(system: TransitionSystem, limits: PairLimits): PairCoverage {
  return new PairSearch(system, limits).coverage();
}

class PairSearch {
  readonly #system: TransitionSystem;
  readonly #limits: PairLimits;
  readonly #states: Found[] = [];
  readonly #indices = new Map<string, number>();
  #isCut = false;

  constructor(system: TransitionSystem, limits: PairLimits) {
    this.#system = system;
    this.#limits = limits;
    for (const { vector, choice } of system.initial()) this.#discover(vector, null, choice);
    const successors = new Successors();
    for (let next = 0; next < this.#states.length; next++) this.#expand(next, successors);
  }

  #expand(index: number, successors: Successors): void {
    const { vector, outgoing, violating, start } = this.#states[index]!;
    this.#system.successors(vector, 0, successors);
    for (let at = 0; at < successors.length; at++) {
      const next = vector.slice();
      successors.writeTo(at, next);
      const action = this.#system.reactions.action(successors.node(at), successors.cause(at));
      if (this.#system.observations.violated(next[this.#system.width - 1]!) >= 0) {
        violating.add(actionKind(action));
        continue;
      }
      const state = this.#discover(next, { action, state: index }, start);
      if (state === null) continue;
      const kind = actionKind(action);
      if (!outgoing.has(kind)) outgoing.set(kind, { action, state });
      const { incoming } = this.#states[state]!;
      if (!incoming.has(kind)) incoming.set(kind, { action, state: index });
    }
  }

  /** The index of a state; null if there are too many. */
  #discover(vector: Int32Array, parent: Link | null, start: Execution["start"]): number | null {
    const key = vector.join();
    const known = this.#indices.get(key);
    if (known !== undefined) return known;
    if (this.#states.length >= this.#limits.states) {
      this.#isCut = true;
      return null;
    }
    const depth = parent === null ? 0 : this.#states[parent.state]!.depth + 1;
    const links = { incoming: new Map(), outgoing: new Map(), violating: new Set<string>() };
    const found = { vector: vector.slice(), parent, depth, start, ...links };
    this.#indices.set(key, this.#states.length);
    return this.#states.push(found) - 1;
  }

  coverage(): PairCoverage {
    const witnesses = this.#witnesses();
    const isFar = (pair: string) => witnesses.get(pair)!.depth > this.#limits.length;
    const far = [...witnesses.keys()].filter(isFar);
    const missing = new Set([...witnesses.keys()].filter((pair) => !isFar(pair)));
    const covered: string[] = [];
    const executions: Execution[] = [];
    while (missing.size > 0 && executions.length < this.#limits.executions) {
      const way = this.#best(witnesses, missing);
      const { actions, pairs } = this.#extended(way, missing);
      for (const pair of pairs) if (missing.delete(pair)) covered.push(pair);
      executions.push({ start: this.#states[way.state]!.start, actions });
    }
    const kindsOf = ({ outgoing, violating }: Found) => [...outgoing.keys(), ...violating];
    const kinds = [...new Set(this.#states.flatMap(kindsOf))].sort();
    const all = kinds.flatMap((first) => kinds.map((second) => pairText(first, second)));
    const violating = new Set(
      this.#states.flatMap((state) =>
        [...state.incoming.keys()].flatMap((first) =>
          [...state.violating].map((second) => pairText(first, second)),
        ),
      ),
    );
    const isAbsent = (pair: string) => !witnesses.has(pair);
    return {
      ...{ executions, kinds, covered: covered.map(pairOf), left: [...missing, ...far].map(pairOf) },
      violating: [...violating].filter(isAbsent).map(pairOf),
      absent: all.filter((pair) => isAbsent(pair) && !violating.has(pair)).map(pairOf),
      ...{ isExhaustive: !this.#isCut, states: this.#states.length },
    };
  }

  /** For each pair that happens, the state between the two that is reached soonest. */
  #witnesses(): Map<string, { readonly state: number; readonly depth: number }> {
    const best = new Map<string, { readonly state: number; readonly depth: number }>();
    for (const [state, { incoming, outgoing }] of this.#states.entries())
      for (const [first, { state: before }] of incoming)
        for (const second of outgoing.keys()) {
          const depth = this.#states[before]!.depth + 2;
          const pair = pairText(first, second);
          if (depth < (best.get(pair)?.depth ?? Number.POSITIVE_INFINITY)) best.set(pair, { state, depth });
        }
    return best;
  }

  /** Of the shortest ways to missing pairs the one that covers most of them. */
  #best(witnesses: ReadonlyMap<string, { readonly state: number }>, missing: ReadonlySet<string>): Way {
    let best: (Way & { readonly count: number }) | null = null;
    for (const pair of missing) {
      const [first, second] = pairOf(pair);
      const { state } = witnesses.get(pair)!;
      const into = this.#states[state]!.incoming.get(first)!;
      const on = this.#states[state]!.outgoing.get(second)!;
      const actions = [...this.#wayTo(into.state), into.action, on.action];
      const count = new Set(pairsOf(actions).filter((one) => missing.has(one))).size;
      if (best === null || count > best.count) best = { actions, state: on.state, count };
    }
    return best!;
  }

  #wayTo(state: number): Action[] {
    const actions: Action[] = [];
    for (let at = this.#states[state]!.parent; at !== null; at = this.#states[at.state]!.parent)
      actions.push(at.action);
    return actions.reverse();
  }

  /** The way, and on as long as the next action makes a pair that is missing. */
  #extended({ actions, state }: Way, missing: ReadonlySet<string>) {
    const longer = [...actions];
    const pairs = new Set(pairsOf(actions));
    for (let at = state; longer.length < this.#limits.length; ) {
      const last = actionKind(longer.at(-1)!);
      const next = [...this.#states[at]!.outgoing].find(([kind]) => {
        const pair = pairText(last, kind);
        return missing.has(pair) && !pairs.has(pair);
      });
      if (next === undefined) break;
      const [kind, link] = next;
      pairs.add(pairText(last, kind));
      longer.push(link.action);
      at = link.state;
    }
    return { actions: longer, pairs };
  }
}

/** Actions, and the state that they lead to. */
interface Way {
  readonly actions: readonly Action[];
  readonly state: number;
}

function pairsOf(actions: readonly Action[]): string[] {
  return actions.slice(1).map((action, index) => pairText(actionKind(actions[index]!), actionKind(action)));
}

const separator = "\n";

function pairText(first: string, second: string): string {
  return `${first}${separator}${second}`;
}

function pairOf(text: string): ActionPair {
  const [first, second] = text.split(separator) as [string, string];
  return [first, second];
}
