// Silent actions between stored states (see visible-steps.ts): those that a macro-step consists of, for
// showing an execution action by action; and those after a stored state, for liveness.

import type { Action } from "../model/action.js";
import { causeAt, eventsAt, reactionStride } from "../model/reactions.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList, PairTable } from "../model/tables.js";
import { glance } from "../watch/clock.js";

/** How each component was first reached by silent actions; null for where they begin. */
type Reached = Map<number, { readonly from: number; readonly cause: number } | null>;

/**
 * A member of a silent closure in which nothing obligatory is left, unless one of these event lists tells a
 * monitor anything.
 */
interface Rest {
  readonly component: number;
  readonly events: readonly number[];
}

/** What liveness asks about the silent closure of a component. */
interface Closure {
  readonly rests: readonly Rest[];
  /** A member beyond the last view, or -1. */
  readonly beyond: number;
}

/** Actions of one node, and its component and the observation behind them. */
interface Way {
  readonly actions: Action[];
  readonly component: number;
  readonly observation: number;
}

/** One step of a node: from one component to another one, showing a list of events. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  readonly events: number;
}

/**
 * The shortest way from a component to a target; null where searches look at every component, as is done
 * here then.
 */
export type TalliedPath = (
  node: number,
  start: number,
  lists: readonly number[],
  isTarget: (to: number, events: number) => boolean,
  isOnTheWay: (from: number, to: number, events: number) => boolean,
) => readonly Hop[] | null;

/** Silent actions between stored states. */
export class SilentSteps {
  readonly #system: TransitionSystem;
  /** Whether actions that send something are on the way of a macro-step, too. */
  readonly #isDominant: boolean;
  readonly #tallied: TalliedPath;
  /** A set of input lists is a path in a trie: (set so far, list) -> set. */
  readonly #setIds = new PairTable();
  readonly #sets: (readonly number[])[] = [[]];
  readonly #lists = new IntList();
  /** Per node: (component, set of inputs) -> index of its closure. */
  readonly #closureIds: readonly PairTable[];
  readonly #closures: Closure[] = [];

  /** `tallied`: the components on the way to a macro-step where searches are made by tallies. */
  constructor(system: TransitionSystem, isDominant: boolean, tallied: TalliedPath) {
    this.#system = system;
    this.#isDominant = isDominant;
    this.#tallied = tallied;
    this.#closureIds = system.nodes.map(() => new PairTable());
  }

  /**
   * A state reached from this one by silent actions in which no obligatory action is left, or a node has
   * left the last view; null if there is none. Which of the two, and who is to blame, is for the caller to
   * say: see `Liveness.missed`. Of several the first, unless the bounds may be to blame for it and not for
   * another.
   */
  resting(vectors: Int32Array, offset: number): Int32Array | null {
    const { liveness, nodes } = this.#system;
    const closures = nodes.map((_, node) => this.#closure(vectors, offset, node));
    const present = vectors.slice(offset, offset + nodes.length + 1);
    const gone = closures.findIndex(({ beyond }) => beyond >= 0);
    if (gone >= 0 && !liveness.isLeaderAbsent(present, 0)) {
      present[gone] = closures[gone]!.beyond;
      return present;
    }
    const rests: number[][] = [];
    for (const [node, closure] of closures.entries()) {
      const resting = this.#restsOf(closure, node, present.at(-1)!);
      if (resting.length === 0) return null;
      rests.push(resting);
    }
    const choices = [
      (): boolean => true,
      (node: number, component: number) => !liveness.isPinned(node, component),
      (node: number, component: number) => liveness.leads(node, component),
    ];
    const candidates = choices.map((isPreferred) => {
      const candidate = present.slice();
      for (const [node, components] of rests.entries())
        candidate[node] = components.find((component) => isPreferred(node, component)) ?? components[0]!;
      return candidate;
    });
    const isBlamed = (candidate: Int32Array) => liveness.judged([candidate], "").verdict === "violated";
    return candidates.find(isBlamed) ?? candidates[0]!;
  }

  /** The members of a silent closure in which nothing obligatory is left that a monitor would see. */
  #restsOf({ rests }: Closure, node: number, observation: number): number[] {
    const { observations } = this.#system;
    return rests
      .filter(({ events }) =>
        events.every((list) => observations.after(observation, node, list) === observation),
      )
      .map(({ component }) => component);
  }

  /** The silent actions that lead from a state to one that {@link resting} has found. */
  silentActions(vectors: Int32Array, offset: number, resting: Int32Array): Action[] {
    return this.#system.nodes.flatMap((_, node) => {
      const reached = this.#silentlyReached(vectors, offset, node);
      return this.#path(node, reached, resting[node]!);
    });
  }

  /**
   * What a node does to get to where it is wanted, as single actions, as few as possible: those of a macro-step, or part of
   * one. `isWanted` is asked about the component and the observation behind each. Null if there is no way.
   */
  way(
    vectors: Int32Array,
    offset: number,
    node: number,
    isWanted: (component: number, observation: number) => boolean,
  ): Way | null {
    const system = this.#system;
    const before = vectors[offset + system.nodes.length] as number;
    const start = vectors[offset + node] as number;
    const lists = this.#sets[this.#inputSet(vectors, offset, node)]!;
    const after = (events: number) => system.observations.after(before, node, events);
    const isTarget = (next: number, events: number) => isWanted(next, after(events));
    const isOnTheWay = (from: number, next: number, events: number) =>
      this.#isDominant ? events === 0 : this.#isSilent(node, from, next, events);
    const hops = this.#tallied(node, start, lists, isTarget, isOnTheWay);
    if (hops) {
      const actions = hops.map((hop) => system.reactions.action(node, this.#cause(node, hop, lists)));
      const { to, events } = hops.at(-1)!;
      return { actions, component: to, observation: after(events) };
    }
    const reached: Reached = new Map([[start, null]]);
    for (const component of reached.keys()) {
      for (const list of lists) {
        const at = system.reactions.of(node, component, list);
        const arena = system.reactions.array(node);
        for (let entry = at + 1; entry < at + 1 + arena[at]! * reactionStride; entry += reactionStride) {
          const next = arena[entry]!;
          const events = system.observations.heard(arena[entry + eventsAt]!);
          const cause = arena[entry + causeAt]!;
          if (isTarget(next, events)) {
            const actions = [...this.#path(node, reached, component), system.reactions.action(node, cause)];
            return { actions, component: next, observation: after(events) };
          }
          if (isOnTheWay(component, next, events) && !reached.has(next))
            reached.set(next, { from: component, cause });
        }
      }
    }
    return null;
  }

  /** The first action in these lists that leads along a hop. */
  #cause(node: number, { from, to, events }: Hop, lists: readonly number[]): number {
    let found = -1;
    this.#reactions(node, from, lists, (next, emitted, cause) => {
      if (next === to && emitted === events) found = cause;
      return found >= 0;
    });
    return found;
  }

  #silentlyReached(vectors: Int32Array, offset: number, node: number): Reached {
    const lists = this.#sets[this.#inputSet(vectors, offset, node)]!;
    const reached: Reached = new Map([[vectors[offset + node] as number, null]]);
    for (const component of reached.keys()) {
      glance();
      this.#reactions(node, component, lists, (next, events, cause) => {
        if (this.#isSilent(node, component, next, events) && !reached.has(next))
          reached.set(next, { from: component, cause });
        return false;
      });
    }
    return reached;
  }

  /** What liveness asks about a node's silent closure in a state. */
  #closure(vectors: Int32Array, offset: number, node: number): Closure {
    const component = vectors[offset + node] as number;
    const inputs = this.#inputSet(vectors, offset, node);
    const known = this.#closureIds[node]!.get(component, inputs);
    if (known >= 0) return this.#closures[known]!;
    const { nodes, setting, reactions } = this.#system;
    const obligatory = this.#sets[inputs]!.filter((list) => reactions.isObligatory(node, list));
    const members = [...this.#silentlyReached(vectors, offset, node).keys()];
    const rests: Rest[] = [];
    for (const member of members) {
      const events: number[] = [];
      const moves = this.#reactions(node, member, obligatory, (next, emitted) => {
        if (next === member) events.push(emitted);
        return next !== member;
      });
      if (!moves) rests.push({ component: member, events });
    }
    const { viewOf, stepFaults } = nodes[node]!;
    const isBeyond = (member: number) => stepFaults === null && viewOf[member]! > setting.bounds.views;
    const beyond = members.find(isBeyond) ?? -1;
    const id = this.#closures.push({ rests, beyond }) - 1;
    this.#closureIds[node]!.set(component, inputs, id);
    return this.#closures[id]!;
  }

  #path(node: number, reached: Reached, component: number): Action[] {
    const step = reached.get(component);
    if (!step) return [];
    return [...this.#path(node, reached, step.from), this.#system.reactions.action(node, step.cause)];
  }

  #inputSet(vectors: Int32Array, offset: number, node: number): number {
    const lists = this.#lists;
    this.#system.inputs(vectors, offset, node, lists);
    let set = 0;
    for (let at = 0; at < lists.length; at++) {
      const list = lists.items[at] as number;
      let next = this.#setIds.get(set, list);
      if (next < 0) {
        next = this.#sets.push([...this.#sets[set]!, list]) - 1;
        this.#setIds.set(set, list, next);
      }
      set = next;
    }
    return set;
  }

  #isSilent(node: number, from: number, to: number, events: number): boolean {
    const { outboxOf, crashesOf } = this.#system.nodes[node]!;
    return events === 0 && outboxOf[from] === outboxOf[to] && crashesOf[from] === crashesOf[to];
  }

  /**
   * Calls `visit` for everything that these inputs do to a component, with the events that a property hears,
   * until it returns true. Returns whether it did.
   */
  #reactions(
    node: number,
    component: number,
    lists: readonly number[],
    visit: (next: number, events: number, cause: number) => boolean,
  ): boolean {
    const { reactions, observations } = this.#system;
    for (const list of lists) {
      const offset = reactions.of(node, component, list);
      const arena = reactions.array(node);
      const end = offset + 1 + (arena[offset] as number) * reactionStride;
      for (let at = offset + 1; at < end; at += reactionStride) {
        const events = observations.heard(arena[at + eventsAt] as number);
        if (visit(arena[at] as number, events, arena[at + causeAt] as number)) return true;
      }
    }
    return false;
  }
}
