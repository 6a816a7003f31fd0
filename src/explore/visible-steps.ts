// Visible steps: the reduction that makes n=4 small. Most deliveries only count a vote. An action is *silent* when nobody
// else can tell that it happened: it sends nothing, shows no event and is no crash or restart (the node's local state,
// view and timers are its own affair). Silent actions are postponed: a macro-step of a node is zero or more silent actions and then one visible
// action, and a state is stored after visible actions only.
//
// Why it is sound for safety on the `async` network. What is deliverable to a node depends on what other nodes have sent,
// and only grows (of the adversary's moves that is checked as the search goes); a silent action sends nothing, so it
// commutes with every action of every other node. Let s be a state of the plain system, and give each of its nodes the
// component it had after its last visible action: call that s'. Then s' has the same observation and the same outboxes,
// and each component of s is reachable from that of s' by silent actions on what is deliverable in s. By induction over
// the plain execution, s' is reachable by macro-steps: a silent step leaves s' as it is, a visible one is the end of a
// macro-step. So both searches reach exactly the same observations.
//
// Crashes are the one thing that gets less: there is a budget for all nodes together. Whether a node can crash depends on
// how many crashes there have been, hence on visible actions only, whose order stays; and a node's silent actions are never
// postponed beyond its own crash. So the argument holds.
//
// Which macro-steps stand for others: see dominance.ts. How they are found: see local-search.ts.
//
// Liveness. A silent action may disable something (a lying vote that takes a sender's only slot), so a stuck state may
// lie between two visible actions. It is not lost: by the same argument every plain state s is a stored state s' plus
// silent actions of each node, chosen independently of the other nodes, and everything of that form is a plain state.
// Hence a state in which nothing obligatory is left is reachable behind s' if and only if the silent closure of every
// node's component has a member without an obligatory action; and somebody has left the last view behind s' if and only
// if some closure has a member beyond it. Both are asked of every stored state whose goal is pending, so the verdict is
// that of the plain search (as long as no node can go round in circles: see acyclic.ts).
//
// Hot file: typed arrays and numbered components throughout.

import type { Action } from "../model/action.js";
import type { SharedTables } from "../model/dictionary.js";
import { Numbering } from "../model/intern.js";
import { reactionStride } from "../model/reactions.js";
import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList, PairTable } from "../model/tables.js";
import { dominantExits, visibleExits } from "./dominance.js";
import { LocalSearch } from "./local-search.js";

/** How each component was first reached by silent actions; null for where they begin. */
type Reached = Map<number, { readonly from: number; readonly cause: number } | null>;

/** A member of a silent closure in which nothing obligatory is left, unless one of these event lists tells a monitor anything. */
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

/** Macro-steps over a transition system. */
export class VisibleSteps {
  readonly #system: TransitionSystem;
  /** A set of input lists is a path in a trie: (set so far, list) -> set. */
  readonly #setIds = new PairTable();
  readonly #sets: (readonly number[])[] = [[]];
  readonly #setNumbers = new Numbering((key) => {
    if (key === "") return;
    const [set, list] = key.split(",").map(Number) as [number, number];
    this.#keepSet(set, list);
  });
  /** Per node: (component, set of inputs) -> offset into its arena of (target, events) pairs. */
  readonly #memo: PairTable[];
  readonly #arenas: IntList[];
  readonly #publish: ((entry: readonly number[]) => void)[] = [];
  readonly #lists = new IntList();
  readonly #isDominant: boolean;
  readonly #searches: readonly LocalSearch[];
  /** Per node: (component, set of inputs) -> index of its closure; for liveness only. */
  readonly #closureIds: PairTable[];
  readonly #closures: Closure[] = [];

  /** `isDominant`: whether dominated macro-steps are left out as well, which is sound for safety only. */
  constructor(system: TransitionSystem, isDominant: boolean) {
    this.#system = system;
    this.#isDominant = isDominant;
    const select = isDominant ? dominantExits : visibleExits;
    this.#searches = system.nodes.map((_, node) => new LocalSearch(system, node, select));
    this.#memo = system.nodes.map(() => new PairTable());
    this.#arenas = system.nodes.map(() => new IntList());
    this.#closureIds = system.nodes.map(() => new PairTable());
    this.#setNumbers.id("");
  }

  /** Fills `out` with the macro-steps of a state. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    out.clear();
    const system = this.#system;
    const observation = vectors[offset + system.nodes.length] as number;
    for (let node = 0; node < system.nodes.length; node++) {
      const component = vectors[offset + node] as number;
      const inputs = this.#inputSet(vectors, offset, node);
      let at = this.#memo[node]!.get(component, inputs);
      if (at < 0) at = this.#compute(node, component, inputs);
      const arena = this.#arenas[node]!.items;
      const end = at + 1 + (arena[at] as number) * 2;
      for (at++; at < end; at += 2) {
        const events = arena[at + 1] as number;
        const after = events === 0 ? observation : system.observations.after(observation, node, events);
        if (system.decides(events)) out.decisions++;
        out.push(node, arena[at] as number, after, 1, 0);
      }
    }
  }

  /**
   * A state reached from this one by silent actions in which no obligatory action is left, or a node has left the last
   * view; null if there is none. Which of the two is for the caller to say: see `violationAt`.
   */
  resting(vectors: Int32Array, offset: number): Int32Array | null {
    const count = this.#system.nodes.length;
    const observation = vectors[offset + count] as number;
    const resting = vectors.slice(offset, offset + count + 1);
    let isStuck = true;
    for (let node = 0; node < count; node++) {
      const { rests, beyond } = this.#closure(vectors, offset, node);
      if (beyond >= 0) {
        const left = vectors.slice(offset, offset + count + 1);
        left[node] = beyond;
        return left;
      }
      const rest = rests.find(({ events }) =>
        events.every((list) => this.#system.observations.after(observation, node, list) === observation),
      );
      if (rest) resting[node] = rest.component;
      else isStuck = false;
    }
    return isStuck ? resting : null;
  }

  /** The silent actions that lead from a state to one that {@link resting} has found. */
  silentActions(vectors: Int32Array, offset: number, resting: Int32Array): Action[] {
    return this.#system.nodes.flatMap((_, node) => {
      const reached = this.#silentlyReached(vectors, offset, node);
      return this.#path(node, reached, resting[node]!);
    });
  }

  /** A macro-step of a node as single actions, as few as possible; null if there is none. */
  actions(
    vectors: Int32Array,
    offset: number,
    node: number,
    target: number,
    observation: number,
  ): Action[] | null {
    const system = this.#system;
    const before = vectors[offset + system.nodes.length] as number;
    const start = vectors[offset + node] as number;
    const lists = this.#sets[this.#inputSet(vectors, offset, node)]!;
    const reached: Reached = new Map([[start, null]]);
    for (const component of reached.keys()) {
      for (const list of lists) {
        const at = system.reactions.of(node, component, list);
        const arena = system.reactions.array(node);
        for (let entry = at + 1; entry < at + 1 + arena[at]! * reactionStride; entry += reactionStride) {
          const next = arena[entry]!;
          const events = arena[entry + 1]!;
          const cause = arena[entry + 3]!;
          const isTarget = next === target && system.observations.after(before, node, events) === observation;
          if (isTarget)
            return [...this.#path(node, reached, component), system.reactions.action(node, cause)];
          const isOnTheWay = this.#isDominant ? events === 0 : this.#isSilent(node, component, next, events);
          if (isOnTheWay && !reached.has(next)) reached.set(next, { from: component, cause });
        }
      }
    }
    return null;
  }

  #silentlyReached(vectors: Int32Array, offset: number, node: number): Reached {
    const lists = this.#sets[this.#inputSet(vectors, offset, node)]!;
    const reached: Reached = new Map([[vectors[offset + node] as number, null]]);
    for (const component of reached.keys()) {
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
      const moves = this.#reactions(node, member, obligatory, (next, shown) => {
        if (next === member) events.push(shown);
        return next !== member;
      });
      if (!moves) rests.push({ component: member, events });
    }
    const { viewOf, puppetry } = nodes[node]!;
    const isBeyond = (member: number) => puppetry === null && viewOf[member]! > setting.bounds.views;
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
        const { id, isNew } = this.#setNumbers.id(`${set},${list}`);
        if (isNew) this.#keepSet(set, list);
        next = id;
      }
      set = next;
    }
    return set;
  }

  #keepSet(set: number, list: number): void {
    this.#setIds.set(set, list, this.#sets.push([...this.#sets[set]!, list]) - 1);
  }

  /** What threads have in common: sets of inputs, and for each node all macro-steps that are known. */
  sharedTables(): SharedTables {
    const memos = this.#memo.map((memo, node) => ({
      entries: () => this.#entries(node),
      adopt: (items: Int32Array, at: number, length: number) => {
        const [start, inputs] = [items[at]!, items[at + 1]!];
        if (memo.get(start, inputs) < 0) this.#keep(node, start, inputs, items.subarray(at + 2, at + length));
      },
      share: (publish: (entry: readonly number[]) => void) => {
        this.#publish[node] = publish;
      },
    }));
    return { numberings: [this.#setNumbers], memos };
  }

  *#entries(node: number): Iterable<readonly number[]> {
    const arena = this.#arenas[node]!.items;
    for (const [start, inputs, offset] of this.#memo[node]!.entries())
      yield [start, inputs, ...arena.subarray(offset + 1, offset + 1 + arena[offset]! * 2)];
  }

  #isSilent(node: number, from: number, to: number, events: number): boolean {
    const { outboxOf, crashesOf } = this.#system.nodes[node]!;
    return events === 0 && outboxOf[from] === outboxOf[to] && crashesOf[from] === crashesOf[to];
  }

  #compute(node: number, component: number, inputs: number): number {
    const exits = this.#searches[node]!.exits(component, inputs, this.#sets[inputs]!);
    const memo = this.#memo[node]!;
    const known = memo.get(component, inputs);
    if (known >= 0) return known; // taken over from another thread meanwhile
    const numbers = exits.flatMap(({ target, events }) => [target, events]);
    this.#keep(node, component, inputs, numbers);
    this.#publish[node]?.([component, inputs, ...numbers]);
    return memo.get(component, inputs);
  }

  /** Calls `visit` for everything that these inputs do to a component, until it returns true. Returns whether it did. */
  #reactions(
    node: number,
    component: number,
    lists: readonly number[],
    visit: (next: number, events: number, cause: number) => boolean,
  ): boolean {
    for (const list of lists) {
      const offset = this.#system.reactions.of(node, component, list);
      const arena = this.#system.reactions.array(node);
      const end = offset + 1 + (arena[offset] as number) * reactionStride;
      for (let at = offset + 1; at < end; at += reactionStride)
        if (visit(arena[at] as number, arena[at + 1] as number, arena[at + 3] as number)) return true;
    }
    return false;
  }

  #keep(node: number, start: number, inputs: number, exits: ArrayLike<number>): void {
    const arena = this.#arenas[node]!;
    const offset = arena.length;
    arena.push(exits.length / 2);
    for (let at = 0; at < exits.length; at++) arena.push(exits[at]!);
    this.#memo[node]!.set(start, inputs, offset);
  }
}
