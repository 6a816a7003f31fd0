// Hot file: what can happen to each node in the present state, on the `async` network. A step changes one node, and what is deliverable to a few
// others; states that are expanded one after the other differ in two or three nodes. So what can happen to a node is kept until its component
// changes, or something that reaches it.

import type { Role } from "../protocol/index.js";
import { crashList, emptyList, restartList, timerList } from "./inputs.js";
import type { Mail } from "./mail.js";
import type { Moves } from "./moves.js";
import type { NodeTable } from "./node-table.js";
import type { Observations } from "./observations.js";
import { causeAt, eventsAt, multiplicityAt, type Reactions, reactionStride } from "./reactions.js";
import { type Successors, stride } from "./successors.js";
import { IntList, PairTable } from "./tables.js";

/** What the steps need from the system that they are part of. */
export interface AsyncDependencies {
  readonly nodes: readonly NodeTable[];
  readonly roles: readonly Role[];
  readonly reactions: Reactions;
  readonly observations: Observations;
  readonly mail: Mail;
  readonly moves: Moves;
  isDown(node: number, component: number): boolean;
  /** Whether one more crash is within the bounds. */
  mayCrash(vectors: Int32Array, offset: number): boolean;
}

/** How many integers describe a step that was gathered: the next component, the list of events, the multiplicity, the (first) cause, and 1 if it is obligatory. */
const gatheredStride = 5;
/** Where the observation stands in a transition. */
const observationAt = 2;

/** What can happen to each node in the present state. Sets of nodes are bit masks: there are at most 30. */
export class EnabledSteps {
  /** What each node has sent: see `Mail.from`. */
  readonly mail: Int32Array[] = [];
  /** What the adversary knows, or -1 if there is nobody to know anything. */
  knowledge = -1;
  readonly #deps: AsyncDependencies;
  readonly #count: number;
  readonly #components: Int32Array;
  readonly #outboxes: Int32Array;
  /** Per sender: (outbox, outbox) -> the nodes that it has sent something else to. */
  readonly #differences: PairTable[];
  #observation = -1;
  #mayCrash = false;
  /** Per node what was gathered, and the transitions that are left of it under the present observation, as in `Successors.items`. */
  readonly #gathered: IntList[];
  readonly #transitions: IntList[];
  /** Per node, of these: how many there are, actions, obligatory ones, and executions of requests. */
  readonly #lengths: Int32Array;
  readonly #actions: Int32Array;
  readonly #obligatory: Int32Array;
  readonly #decisions: Int32Array;
  /** Per node, the observation of which the transitions are (-1: of none). */
  readonly #observationOf: Int32Array;
  /** The nodes whose steps have to be gathered anew. */
  #stale: number;
  /** The nodes to which the adversary may be able to say something else now, by what it knows. */
  #unasked = 0;
  /** The nodes to which something can happen, and those of which something shows events. */
  #some = 0;
  #showing = 0;
  /** Per node: the list of what can be injected (-1: nothing can, whatever is known). */
  readonly #injectableOf: Int32Array;
  readonly #all: number;

  constructor(dependencies: AsyncDependencies) {
    const count = dependencies.nodes.length;
    this.#deps = dependencies;
    this.#count = count;
    this.#components = new Int32Array(count).fill(-1);
    this.#outboxes = new Int32Array(count).fill(-1);
    this.#differences = dependencies.nodes.map(() => new PairTable());
    this.#gathered = dependencies.nodes.map(() => new IntList(16 * gatheredStride));
    this.#transitions = dependencies.nodes.map(() => new IntList(16 * stride));
    this.#lengths = new Int32Array(count);
    this.#actions = new Int32Array(count);
    this.#obligatory = new Int32Array(count);
    this.#decisions = new Int32Array(count);
    this.#injectableOf = new Int32Array(count);
    this.#observationOf = new Int32Array(count).fill(-1);
    this.#all = 2 ** count - 1;
    this.#stale = this.#all;
  }

  /** Makes a state the present one. */
  take(vectors: Int32Array, offset: number): void {
    const components = this.#components;
    for (let node = 0; node < components.length; node++) {
      const component = vectors[offset + node] as number;
      if (component !== components[node]) this.#replace(node, component);
    }
    this.#observation = vectors[offset + this.#count] as number;
    const knowledge = this.#deps.moves.knows(vectors, offset);
    if (knowledge !== this.knowledge) this.#unasked = this.#all;
    this.knowledge = knowledge;
    const mayCrash = this.#deps.mayCrash(vectors, offset);
    if (mayCrash !== this.#mayCrash) this.#stale = this.#all;
    this.#mayCrash = mayCrash;
  }

  /** Adds to `out` all that can happen to nodes from number `first` on. */
  collect(first: number, out: Successors): void {
    let items: Int32Array = out.items;
    let { length } = out;
    let at = length * stride;
    let [actions, obligatory, decisions] = [0, 0, 0];
    let left = (this.#stale | this.#unasked | this.#some) & (-1 << first);
    while (left !== 0) {
      const to = 31 - Math.clz32(left & -left);
      left &= left - 1;
      if (((this.#stale | this.#unasked) & (1 << to)) !== 0 || this.#observationOf[to] !== this.#observation)
        this.#update(to);
      const { items: from, length: end } = this.#transitions[to] as IntList;
      if (at + end > items.length) {
        out.length = length;
        items = out.roomFor(this.#lengths[to] as number);
      }
      for (let index = 0; index < end; index++) items[at + index] = from[index] as number;
      at += end;
      length += this.#lengths[to] as number;
      actions += this.#actions[to] as number;
      obligatory += this.#obligatory[to] as number;
      decisions += this.#decisions[to] as number;
    }
    out.length = length;
    out.transitions += actions;
    out.obligatory += obligatory;
    out.decisions += decisions;
  }

  /** The nodes to which a node has sent something else with one of these components than with the other. */
  difference(node: number, before: number, after: number): number {
    const { outboxOf } = this.#deps.nodes[node] as NodeTable;
    return this.#between(node, outboxOf[before] as number, outboxOf[after] as number, before, after);
  }

  #between(node: number, outbox: number, next: number, before: number, after: number): number {
    if (outbox === next) return 0;
    const table = this.#differences[node] as PairTable;
    const known = table.get(outbox, next);
    if (known >= 0) return known;
    const count = this.#count;
    const [then, now] = [this.#deps.mail.from(node, before), this.#deps.mail.from(node, after)];
    let changed = 0;
    for (let to = 0; to < count; to++)
      if (then[to] !== now[to] || then[count + to] !== now[count + to]) changed |= 1 << to;
    table.set(outbox, next, changed);
    return changed;
  }

  /** Work may be abandoned in here, and is then begun anew: the component comes last. */
  #replace(node: number, component: number): void {
    const before = this.#components[node] as number;
    const outbox = (this.#deps.nodes[node] as NodeTable).outboxOf[component] as number;
    this.#stale |= 1 << node;
    if (outbox !== this.#outboxes[node]) {
      const mail = this.#deps.mail.from(node, component);
      if (before < 0) this.#stale = this.#all;
      else this.#stale |= this.#between(node, this.#outboxes[node] as number, outbox, before, component);
      this.mail[node] = mail;
      this.#outboxes[node] = outbox;
    }
    this.#components[node] = component;
  }

  #update(to: number): void {
    const bit = 1 << to;
    if ((this.#stale & bit) !== 0 || ((this.#unasked & bit) !== 0 && this.#canInjectOther(to))) {
      this.#stale |= bit; // until everything is gathered
      this.#observationOf[to] = -1;
      this.#gather(to);
      this.#stale &= ~bit;
      this.#some |= bit; // until it is known: a property may throw
    }
    this.#unasked &= ~bit;
    const observed = this.#observationOf[to];
    if (observed === this.#observation) return;
    if (observed === -1 || (this.#showing & bit) !== 0) this.#resolve(to);
    else this.#observe(to);
    this.#observationOf[to] = this.#observation;
  }

  /** Nothing shows events, so the same happens under each observation. */
  #observe(to: number): void {
    const { items, length } = this.#transitions[to] as IntList;
    for (let at = observationAt; at < length; at += stride) items[at] = this.#observation;
  }

  /** Whether, with what the adversary knows now, it can say something else to a node than when its steps were gathered. */
  #canInjectOther(to: number): boolean {
    if (this.#injectableOf[to] === -1) return false;
    return this.#deps.moves.towards(this.#deps.roles[to] as Role, this.knowledge) !== this.#injectableOf[to];
  }

  #gather(to: number): void {
    const { nodes, roles, mail, moves } = this.#deps;
    const component = this.#components[to] as number;
    const gathered = this.#gathered[to] as IntList;
    gathered.length = 0;
    this.#injectableOf[to] = -1;
    const { stepFaults } = nodes[to] as NodeTable;
    if (this.#deps.isDown(to, component)) {
      this.#add(to, component, restartList, gathered);
      return;
    }
    if (this.#mayCrash && stepFaults === null && roles[to] === "replica")
      this.#add(to, component, crashList, gathered);
    if (stepFaults?.forgets) this.#add(to, component, restartList, gathered);
    this.#add(to, component, timerList, gathered);
    const senders = mail.senders[to] as readonly number[];
    for (let index = 0; index < senders.length; index++) {
      const lists = this.mail[senders[index] as number] as Int32Array;
      this.#add(to, component, lists[to] as number, gathered);
      this.#add(to, component, lists[this.#count + to] as number, gathered);
    }
    if (this.knowledge < 0 || stepFaults !== null) return;
    const injectable = moves.towards(roles[to] as Role, this.knowledge);
    this.#add(to, component, injectable, gathered);
    this.#injectableOf[to] = injectable;
  }

  #add(to: number, component: number, list: number, gathered: IntList): void {
    if (list === emptyList) return;
    const { reactions } = this.#deps;
    const offset = reactions.of(to, component, list);
    const arena = reactions.array(to);
    const reactionCount = arena[offset] as number;
    if (reactionCount === 0) return;
    const isObligatory = reactions.isObligatory(to, list) ? 1 : 0;
    const end = offset + 1 + reactionCount * reactionStride;
    for (let at = offset + 1; at < end; at += reactionStride) {
      gathered.push(arena[at] as number);
      gathered.push(arena[at + eventsAt] as number);
      gathered.push(arena[at + multiplicityAt] as number);
      gathered.push(arena[at + causeAt] as number);
      gathered.push(isObligatory);
    }
  }

  /** The transitions under the present observation. Events that no property hears may change nothing. */
  #resolve(to: number): void {
    const { observations } = this.#deps;
    const observation = this.#observation;
    const component = this.#components[to] as number;
    const { items: gathered, length } = this.#gathered[to] as IntList;
    const transitions = this.#transitions[to] as IntList;
    this.#observationOf[to] = -1; // until all are found
    transitions.length = 0;
    let [count, actions, obligatory, decisions, shows] = [0, 0, 0, 0, 0];
    for (let from = 0; from < length; from += gatheredStride) {
      const next = gathered[from] as number;
      const events = gathered[from + 1] as number;
      const multiplicity = gathered[from + 2] as number;
      let after = observation;
      if (events !== 0) {
        shows = 1;
        after = observations.after(observation, to, events);
        if (next === component && after === observation) continue;
        if (observations.executes(events)) decisions += multiplicity;
      }
      transitions.push(to);
      transitions.push(next);
      transitions.push(after);
      transitions.push(multiplicity);
      transitions.push(gathered[from + 3] as number);
      count++;
      actions += multiplicity;
      if (gathered[from + 4] !== 0) obligatory += multiplicity;
    }
    this.#lengths[to] = count;
    this.#actions[to] = actions;
    this.#obligatory[to] = obligatory;
    this.#decisions[to] = decisions;
    const bit = 1 << to;
    this.#some = count > 0 || shows > 0 ? this.#some | bit : this.#some & ~bit;
    this.#showing = shows > 0 ? this.#showing | bit : this.#showing & ~bit;
  }
}
