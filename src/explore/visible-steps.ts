// Visible steps: the reduction that makes n=4 small. Most deliveries only count a vote. An action is *silent*
// when nobody else can tell that it happened: it sends nothing, is no crash or restart, and shows nothing to
// the properties: no event that one of them hears, and no change of what one of them sees of the node's state.
// (Otherwise its local state, view and timers are its own affair.) Silent actions are postponed: a macro-step of
// a node is zero or more silent actions and then one visible action, and a state is stored after visible
// actions only.
//
// Why it is sound for safety on the `async` network. What is deliverable to a node depends on what other
// nodes have sent, and only grows (of the adversary's moves that is checked as the search goes); a silent
// action sends nothing, so it commutes with every action of every other node. Let s be a state of the plain
// system, and give each of its nodes the component it had after its last visible action: call that s'. Then
// s' has the same observation and the same outboxes, and each component of s is reachable from that of s' by
// silent actions on what is deliverable in s. By induction over the plain execution, s' is reachable by
// macro-steps: a silent step leaves s' as it is, a visible one is the end of a macro-step. So both searches
// reach exactly the same observations.
//
// Crashes are the one thing that gets less: there is a budget for all nodes together. Whether a node can
// crash depends on how many crashes there have been, hence on visible actions only, whose order stays; and a
// node's silent actions are never postponed beyond its own crash. So the argument holds.
//
// Which macro-steps stand for others: see dominance.ts. How they are found: see local-search.ts.
//
// Liveness. A silent action may disable something (a lying vote that takes a sender's only slot), so a stuck
// state may lie between two visible actions. It is not lost: by the same argument every plain state s is a
// stored state s' plus silent actions of each node, chosen independently of the other nodes, and everything
// of that form is a plain state. Hence a state in which nothing obligatory is left is reachable behind s' if
// and only if the silent closure of every node's component has a member without an obligatory action; and
// somebody has left the last view behind s' if and only if some closure has a member beyond it. Both are
// asked of every stored state whose goal is pending, so the verdict is that of the plain search (as long as
// no node has a cycle of components: see acyclic.ts).
//
// Hot file: typed arrays and numbered components throughout.

import type { NodeTable } from "../model/node-table.js";
import type { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList, PairTable } from "../model/tables.js";
import { dominantSelection, visibleSelection } from "./dominance.js";
import { growingFields } from "./growth.js";
import { LocalSearch } from "./local-search.js";
import { MacroStepCache } from "./macro-step-cache.js";
import type { LocalProgress } from "./progress.js";
import { SilentSteps } from "./silent-steps.js";
import { TalliedSearch } from "./tallies/tallied-search.js";
import type { TallyBook } from "./tallies/tally-book.js";

/** Stands in the place of an offset where a component sends again what it has sent before. */
const sendsAgain = 0;

/** Macro-steps over a transition system. */
export class VisibleSteps {
  /** What macro-steps consist of. */
  readonly silent: SilentSteps;
  readonly #system: TransitionSystem;
  /** Per node: what was found out about the component alone. */
  readonly #cache: readonly MacroStepCache[];
  /**
   * Per node: (component, number of its macro-steps) -> offset into its arena of (target, events) pairs, or
   * that it sends something again.
   */
  readonly #memo: readonly PairTable[];
  readonly #arenas: readonly IntList[];
  readonly #lists = new IntList();

  /**
   * `isDominant`: whether dominated macro-steps are left out as well, which is sound for safety only.
   * `maxLocalStates`: a search inside one node is given up (`Abandoned`) with so many states. `book`: what is
   * known about tallies; null: they are not used.
   */
  constructor(system: TransitionSystem, isDominant: boolean, maxLocalStates: number, book: TallyBook | null) {
    this.#system = system;
    this.silent = new SilentSteps(system, isDominant, (node, ...asked) => this.#cache[node]!.path(...asked));
    const select = isDominant ? dominantSelection() : visibleSelection();
    this.#cache = system.nodes.map((_, node) => {
      const search = new LocalSearch(system, node);
      const tallied = book && new TalliedSearch(search, select, node, book, maxLocalStates);
      return new MacroStepCache(system, search, select, maxLocalStates, tallied);
    });
    this.#memo = system.nodes.map(() => new PairTable());
    this.#arenas = system.nodes.map(() => {
      const arena = new IntList();
      arena.push(sendsAgain); // no macro-steps stand at this offset
      return arena;
    });
  }

  /** The search inside one node that is under way or was abandoned; null if there is none. */
  get local(): (LocalProgress & { readonly growing: readonly string[] }) | null {
    for (const [node, { underWay }] of this.#cache.entries()) {
      if (underWay === null) continue;
      const table = this.#system.nodes[node]!;
      const { members } = underWay;
      return {
        node: table.spec.id,
        states: members.size,
        get growing() {
          return growingFields([...members.all()].map((component) => table.local(component)));
        },
      };
    }
    return null;
  }

  /** How many searches inside nodes were made. */
  get searches(): number {
    return this.#cache.reduce((sum, { macroSteps }) => sum + macroSteps.length, 0);
  }

  /** From now on every search inside a node looks at all that it can reach. */
  forgoTallies(): void {
    for (const cache of this.#cache) cache.forgoTallies();
  }

  /** Fills `out` with the macro-steps of a state. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    out.clear();
    const system = this.#system;
    const observation = vectors[offset + system.nodes.length] as number;
    system.asyncSteps.look(vectors, offset);
    for (let node = 0; node < system.nodes.length; node++) {
      const component = vectors[offset + node] as number;
      system.asyncSteps.inputsTo(node, component, this.#lists);
      let at = this.#macroSteps(node, component);
      const arena = (this.#arenas[node] as IntList).items;
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
   * Where the macro-steps of a component stand in its node's arena, under the inputs at hand. It is taken
   * without what it has sent before, for that changes nothing about its macro-steps; unless it sends the same
   * again: then it is taken as it is.
   */
  #macroSteps(node: number, component: number): number {
    const cache = this.#cache[node] as MacroStepCache;
    const memo = this.#memo[node] as PairTable;
    const bare = (this.#system.nodes[node] as NodeTable).bare(component);
    const result = cache.from(bare, this.#lists);
    let at = memo.get(component, result);
    if (at < 0) at = this.#keep(node, component, result, bare);
    if (at !== sendsAgain) return at;
    const own = cache.from(component, this.#lists);
    at = memo.get(component, own);
    return at >= 0 ? at : this.#keep(node, component, own, component);
  }

  #keep(node: number, component: number, result: number, start: number): number {
    const table = this.#system.nodes[node]!;
    const macroSteps = this.#cache[node]!.macroSteps[result]!;
    const isOther = start !== component;
    const isAgain = isOther && macroSteps.some(({ target }) => table.haveSentTheSame(component, target));
    const arena = this.#arenas[node]!;
    const at = isAgain ? sendsAgain : arena.length;
    this.#memo[node]!.set(component, result, at);
    if (isAgain) return at;
    arena.push(macroSteps.length);
    for (const { target, events } of macroSteps) {
      arena.push(isOther ? table.joined(component, target) : target);
      arena.push(events);
    }
    return at;
  }
}
