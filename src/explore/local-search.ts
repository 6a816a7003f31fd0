// The search inside one node: where a macro-step can end, given what is deliverable. It goes through the node's components
// one by one, by actions that nobody else can tell apart (see visible-steps.ts), and gathers the visible ways out.
//
// What is found is remembered by what it depends on. A component is taken without what it has sent before, for that
// changes nothing about its ways out (unless it sends the same again: then it is taken as it is). Of what is deliverable only
// what has an effect on some component of the search counts: two sets of inputs that differ in others have the same ways
// out. So most of what is deliverable, old votes and messages that came too late, costs one look for each component.
// Nothing is assumed about them: that an input is without effect is seen by making the step.
//
// Hot file: typed arrays and numbered components throughout.

import type { DeliveryKind } from "../model/action.js";
import { crashList, restartList, timerList } from "../model/inputs.js";
import type { NodeTable } from "../model/node-table.js";
import { reactionStride } from "../model/reactions.js";
import { inputId } from "../model/starts.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList, PairTable } from "../model/tables.js";

/** A visible way out: the component behind it, and the list of events that it shows. */
export interface Exit {
  readonly target: number;
  readonly events: number;
}

/** Which of the ways out of a component are kept. */
export type Selection = (exploration: Exploration, start: number) => readonly Exit[];

/** The ways out of a component, and what that depends on. */
interface WaysOut {
  readonly exits: readonly Exit[];
  /** The components that were looked at, and the inputs that did something to one of them. */
  readonly members: readonly number[];
  readonly effective: ReadonlySet<number>;
  /** Other inputs, and lists of inputs, that were seen to do nothing to any of them. */
  readonly idle: Set<number>;
  readonly idleLists: Set<number>;
  /** The lists whose effective inputs the system has been told of. */
  readonly announced: Set<number>;
}

/** All ways out of one component that were found so far. */
interface Shelf {
  /** The inputs that had an effect in some search from here. */
  readonly effective: Set<number>;
  /** Per list: those of its inputs that are among them. To be made anew when there are more of them. */
  readonly filtered: Map<number, readonly number[]>;
  /** By the effective inputs among those that were deliverable. */
  readonly byInputs: Map<string, WaysOut>;
}

/** What a local state does not ignore, among the lists of inputs that it was asked about. */
interface Heeded {
  /** The lists whose packets have been tried, and the packets. */
  readonly lists: Set<number>;
  readonly packets: Set<number>;
  /** The inputs that are not ignored, in the order of their numbers; a node's own ones are always among them. */
  inputs: number[];
}

/** Inputs have numbers: first those of a node's timers, its crash and its restart, each a list of its own; then of packets. */
const ownLists = [timerList, crashList, restartList];
const ownInputs = ownLists.length;

/** The kinds of lists whose inputs are packets. */
const deliveryKinds: readonly DeliveryKind[] = ["deliver", "relay", "inject"];

/** See the file comment. */
export class LocalSearch {
  readonly table: NodeTable;
  readonly #system: TransitionSystem;
  readonly #node: number;
  readonly #select: Selection;
  /** (component, set of lists) -> index of its ways out. */
  readonly #foundIds = new PairTable();
  readonly #found: (readonly Exit[])[] = [];
  /** The numbers of its own inputs that can ever happen to it: effects are looked up before it is asked whether they may now. */
  readonly #own: readonly number[];
  readonly #shelves: (Shelf | undefined)[] = [];
  /** Per local state: what it does not ignore. */
  readonly #heeded: (Heeded | undefined)[] = [];
  /** (component, input) -> where its effects stand in `effects`, + 1; 0: there are none. */
  readonly #effectIds = new PairTable();
  /** A number of effects, and for each the next component and the list of events. */
  readonly effects = new IntList();
  /** Per component: of the first `tried` inputs that it heeds, those that have an effect, each with where it stands. */
  readonly #effective: ({ tried: number; readonly pairs: number[] } | undefined)[] = [];
  /** Per input: the number of the last search in which it was deliverable. */
  #deliverable = new Int32Array(1024);
  #searches = 0;
  /** Per input: the labels of its outcomes, where it had an effect. */
  readonly #labels: (Set<string | undefined> | undefined)[] = [];
  readonly #announced = new Set<number>();

  constructor(system: TransitionSystem, node: number, select: Selection) {
    this.#system = system;
    this.#node = node;
    this.#select = select;
    this.table = system.nodes[node]!;
    const { puppetry } = this.table;
    const mayCrash = puppetry === null && (system.setting.bounds.crashes ?? 0) > 0;
    const mayBeginAnew = mayCrash || (puppetry?.forgets ?? false);
    const lists = [timerList, ...(mayCrash ? [crashList] : []), ...(mayBeginAnew ? [restartList] : [])];
    this.#own = lists.map((list) => ownLists.indexOf(list));
  }

  /** The ways out of a component under the inputs of these lists, a set that has the number `set`. */
  exits(component: number, set: number, lists: readonly number[]): readonly Exit[] {
    const { table } = this;
    const bare = table.bare(component);
    const exits = this.#exits(bare, set, lists);
    if (bare === component) return exits;
    if (exits.some(({ target }) => table.haveSentTheSame(component, target)))
      return this.#exits(component, set, lists);
    return exits.map(({ target, events }) => ({ target: table.joined(component, target), events }));
  }

  #exits(component: number, set: number, lists: readonly number[]): readonly Exit[] {
    const known = this.#foundIds.get(component, set);
    if (known >= 0) return this.#found[known]!;
    const { exits } = this.#waysOut(component, lists);
    this.#foundIds.set(component, set, this.#found.push(exits) - 1);
    return exits;
  }

  /** The inputs that a component does not ignore, at least as far as these lists go. */
  heeded(component: number, lists: readonly number[]): readonly number[] {
    const local = this.table.localOf[component]!;
    this.#heeded[local] ??= { lists: new Set(ownLists), packets: new Set(), inputs: [...this.#own] };
    const heeded = this.#heeded[local];
    for (const list of lists) if (!heeded.lists.has(list)) this.#try(local, heeded, list);
    return heeded.inputs;
  }

  #try(local: number, heeded: Heeded, list: number): void {
    heeded.lists.add(list);
    const before = heeded.inputs.length;
    for (const packet of this.#system.listOf(list).items) {
      if (heeded.packets.has(packet)) continue;
      heeded.packets.add(packet);
      const input = inputId.packet(packet);
      if (!this.table.ignores(local, input, () => this.#system.inputOf(packet)))
        heeded.inputs.push(packet + ownInputs);
    }
    if (heeded.inputs.length > before) heeded.inputs.sort((a, b) => a - b);
  }

  /**
   * The inputs that have an effect on a component, at least as far as these lists go: for each its number, and where its
   * effects stand in `effects`.
   */
  effectiveOn(component: number, lists: readonly number[]): readonly number[] {
    const inputs = this.heeded(component, lists);
    this.#effective[component] ??= { tried: 0, pairs: [] };
    const known = this.#effective[component];
    if (known.tried < inputs.length) {
      known.tried = inputs.length;
      known.pairs.length = 0;
      for (const input of inputs) {
        const offset = this.effectsOf(component, input);
        if (offset >= 0) known.pairs.push(input, offset);
      }
    }
    return known.pairs;
  }

  /** Begins a search in which these inputs are deliverable. */
  begin(inputs: Iterable<number>): void {
    this.#searches++;
    for (const input of inputs) {
      if (input >= this.#deliverable.length) {
        const more = new Int32Array(Math.max(input + 1, 2 * this.#deliverable.length));
        more.set(this.#deliverable);
        this.#deliverable = more;
      }
      this.#deliverable[input] = this.#searches;
    }
  }

  /** Whether an input is deliverable in the search that was begun last. */
  isDeliverable(input: number): boolean {
    return this.#deliverable[input] === this.#searches;
  }

  /** Where the effects of an input that is not ignored stand in `effects`, or -1 if there are none. */
  effectsOf(component: number, input: number): number {
    const known = this.#effectIds.get(component, input);
    return (known >= 0 ? known : this.#computeEffects(component, input)) - 1;
  }

  /** Whether a step of the node is its own affair: it shows nothing and sends nothing. */
  isSilent(from: number, to: number, events: number): boolean {
    const { outboxOf, crashesOf } = this.table;
    return events === 0 && outboxOf[from] === outboxOf[to] && crashesOf[from] === crashesOf[to];
  }

  #waysOut(start: number, lists: readonly number[]): WaysOut {
    this.#shelves[start] ??= { effective: new Set(), filtered: new Map(), byInputs: new Map() };
    const shelf = this.#shelves[start];
    const known = shelf.byInputs.get(this.#key(shelf, lists));
    if (known && this.#isIdleOtherwise(known, lists)) {
      this.#announce(known, lists);
      return known;
    }
    this.begin(lists.flatMap((list) => this.#inputsOf(list)));
    const exploration = new Exploration(this, lists);
    const found: WaysOut = {
      exits: this.#select(exploration, start),
      members: exploration.members(),
      effective: exploration.effective,
      idle: new Set(),
      idleLists: new Set(),
      announced: new Set(),
    };
    for (const input of found.effective) {
      if (shelf.effective.has(input)) continue;
      shelf.effective.add(input);
      shelf.filtered.clear();
    }
    shelf.byInputs.set(this.#key(shelf, lists), found);
    this.#announce(found, lists);
    return found;
  }

  /** The inputs of these lists that have had an effect in some search from here. */
  #key({ effective, filtered }: Shelf, lists: readonly number[]): string {
    const inputs = new Set<number>();
    for (const list of lists) {
      let some = filtered.get(list);
      if (!some) {
        some = this.#inputsOf(list).filter((input) => effective.has(input));
        filtered.set(list, some);
      }
      for (const input of some) inputs.add(input);
    }
    return [...inputs].sort((a, b) => a - b).join();
  }

  /** Whether all other inputs of these lists do nothing to anything that was looked at. */
  #isIdleOtherwise({ members, effective, idle, idleLists }: WaysOut, lists: readonly number[]): boolean {
    for (const list of lists) {
      if (idleLists.has(list)) continue;
      const others = new Set(
        this.#inputsOf(list).filter((input) => !effective.has(input) && !idle.has(input)),
      );
      const lists = [list];
      for (const member of others.size === 0 ? [] : members)
        for (const input of this.heeded(member, lists))
          if (others.has(input) && this.effectsOf(member, input) >= 0) return false;
      for (const input of others) idle.add(input);
      idleLists.add(list);
    }
    return true;
  }

  /** The numbers of all inputs of a list. */
  #inputsOf(list: number): readonly number[] {
    const own = ownLists.indexOf(list);
    return own >= 0 ? [own] : this.#system.listOf(list).items.map((packet) => packet + ownInputs);
  }

  #computeEffects(component: number, input: number): number {
    const { reactions } = this.#system;
    const found: Exit[] = [];
    const own = ownLists[input];
    if (own !== undefined) {
      const offset = reactions.of(this.#node, component, own);
      const arena = reactions.array(this.#node);
      const end = offset + 1 + arena[offset]! * reactionStride;
      for (let at = offset + 1; at < end; at += reactionStride)
        found.push({ target: arena[at]!, events: arena[at + 1]! });
    } else {
      for (const { component: target, events, label } of reactions.react(
        this.#node,
        component,
        "deliver",
        input - ownInputs,
      )) {
        if ((target === component && events === 0) || reactions.isOutside(this.#node, target)) continue;
        this.#labels[input] ??= new Set();
        this.#labels[input].add(label);
        if (!found.some((other) => other.target === target && other.events === events))
          found.push({ target, events });
      }
    }
    const id = found.length === 0 ? 0 : this.effects.length + 1;
    if (id > 0) {
      this.effects.push(found.length);
      for (const { target, events } of found) {
        this.effects.push(target);
        this.effects.push(events);
      }
    }
    this.#effectIds.set(component, input, id);
    return id;
  }

  /** Tells the system which actions have had an effect: see `Reactions.causes`. */
  #announce({ effective, announced }: WaysOut, lists: readonly number[]): void {
    for (const list of lists) {
      if (announced.has(list)) continue;
      announced.add(list);
      const { kind, items } = this.#system.listOf(list);
      const kindId = deliveryKinds.indexOf(kind as DeliveryKind);
      if (kindId < 0) continue; // reactions to other inputs are announced where they are computed
      for (const packet of items) {
        const labels = effective.has(packet + ownInputs) ? this.#labels[packet + ownInputs] : undefined;
        if (!labels) continue;
        const key = (packet * deliveryKinds.length + kindId) * 64 + labels.size;
        if (this.#announced.has(key)) continue;
        this.#announced.add(key);
        for (const label of labels) this.#system.reactions.causeId(kind, packet, label);
      }
    }
  }
}

/** One search from one component under certain inputs. */
export class Exploration {
  readonly search: LocalSearch;
  /** The inputs that have done something to a component that was looked at. */
  readonly effective = new Set<number>();
  readonly #lists: readonly number[];
  readonly #steps = new Map<number, readonly Exit[]>();
  readonly #closures = new Map<number, ReadonlySet<number>>();

  constructor(search: LocalSearch, lists: readonly number[]) {
    this.search = search;
    this.#lists = lists;
  }

  /** The components that were looked at. */
  members(): readonly number[] {
    return [...this.#steps.keys()];
  }

  /** Everything that one of the inputs does to a component. */
  steps(component: number): readonly Exit[] {
    const known = this.#steps.get(component);
    if (known) return known;
    const steps: Exit[] = [];
    const pairs = this.search.effectiveOn(component, this.#lists);
    const { items } = this.search.effects;
    for (let pair = 0; pair < pairs.length; pair += 2) {
      if (!this.search.isDeliverable(pairs[pair]!)) continue;
      this.effective.add(pairs[pair]!);
      const offset = pairs[pair + 1]!;
      const end = offset + 1 + items[offset]! * 2;
      for (let at = offset + 1; at < end; at += 2) steps.push({ target: items[at]!, events: items[at + 1]! });
    }
    this.#steps.set(component, steps);
    return steps;
  }

  /** A component and all that silent steps lead to from there, in the order of the number of steps. */
  silentClosure(start: number): ReadonlySet<number> {
    const known = this.#closures.get(start);
    if (known) return known;
    const closure = new Set([start]);
    for (const component of closure)
      for (const { target, events } of this.steps(component))
        if (this.search.isSilent(component, target, events)) closure.add(target);
    this.#closures.set(start, closure);
    return closure;
  }
}
