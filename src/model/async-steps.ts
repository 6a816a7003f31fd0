// The transitions on the `async` network: what a node can receive is a function of what the others have sent,
// and every transition changes the component of one node and perhaps the observation.
//
// Hot file: a list of inputs costs a table lookup, and nothing is allocated.

import type { Role } from "../protocol/index.js";
import { Commuting, unknownStep } from "./commuting.js";
import { type AsyncDependencies, EnabledSteps } from "./enabled-steps.js";
import { crashList, emptyList, restartList, timerList } from "./inputs.js";
import type { NodeTable } from "./node-table.js";
import { causeAt, eventsAt, multiplicityAt, reactionStride } from "./reactions.js";
import type { Successors } from "./successors.js";
import type { IntList } from "./tables.js";

/** The transitions on the `async` network. */
export class AsyncSteps {
  readonly #deps: AsyncDependencies;
  readonly #count: number;
  readonly #enabled: EnabledSteps;
  /** Scratch: the mail of every node in the state that was taken up last. */
  readonly #mailNow: Int32Array[] = [];
  /** Scratch: the step that has led to the state at hand, with what there was before it. */
  readonly #step = { mover: 0, mail: new Int32Array(0), knowledge: -1, id: unknownStep };
  readonly #commuting: Commuting;
  /** Scratch: the state that was taken up last. */
  readonly #look = { knowledge: -1, mayCrash: false };

  constructor(dependencies: AsyncDependencies) {
    this.#deps = dependencies;
    this.#count = dependencies.nodes.length;
    this.#enabled = new EnabledSteps(dependencies);
    this.#commuting = new Commuting(dependencies.observations, this.#count);
  }

  /** Fills `out` with the transitions of a state. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    out.clear();
    this.#enabled.take(vectors, offset);
    this.#enabled.collect(0, out);
  }

  /**
   * The same, without those that were possible in the state `before` already and are steps of a node before
   * `mover`, the one node that has changed since; unless they show something of which the order matters
   * (see explore/sleep-sets.ts). No node may crash in the setting.
   */
  newSuccessors(before: Int32Array, mover: number, vector: Int32Array, out: Successors): void {
    out.clear();
    this.#enabled.take(vector, 0);
    const { knowledge } = this.#enabled;
    const step = this.#step;
    step.mover = mover;
    step.mail = this.#deps.mail.from(mover, before[mover] as number) as Int32Array<ArrayBuffer>;
    step.knowledge = knowledge < 0 ? knowledge : this.#deps.moves.knows(before, 0);
    const emitted = this.#deps.reactions.emitted(mover, before[mover] as number, vector[mover] as number);
    const observed = before[this.#count] as number;
    step.id = this.#commuting.step(mover, emitted, observed, vector[this.#count] as number);
    const reached = this.#enabled.difference(mover, before[mover] as number, vector[mover] as number);
    const { reactions } = this.#deps;
    for (let to = 0; to < mover; to++) {
      const set = reactions.emits(to, vector[to] as number);
      const tells = set > 0 && !this.#commuting.withAll(step.id, to, set, reactions.eventSet(set));
      if (tells || (reached & (1 << to)) !== 0 || knowledge !== step.knowledge)
        this.#collectNew(to, vector, knowledge, tells, out);
    }
    this.#enabled.collect(mover, out);
  }

  /** What can happen to one node since the last step, or has to happen after it once more. */
  #collectNew(to: number, vector: Int32Array, knowledge: number, tells: boolean, out: Successors): void {
    const count = this.#count;
    const { mover, mail: then, knowledge: knownBefore } = this.#step;
    const component = vector[to] as number;
    const observation = vector[count] as number;
    const { stepFaults } = this.#deps.nodes[to] as NodeTable;
    if (tells) {
      if (stepFaults?.forgets) this.#collectEmitting(to, component, restartList, observation, out);
      this.#collectEmitting(to, component, timerList, observation, out);
      for (const sender of this.#deps.mail.senders[to] as readonly number[]) {
        if (sender === mover) continue;
        const lists = this.#enabled.mail[sender] as Int32Array;
        this.#collectEmitting(to, component, lists[to] as number, observation, out);
        this.#collectEmitting(to, component, lists[count + to] as number, observation, out);
      }
    }
    const now = this.#enabled.mail[mover] as Int32Array;
    for (let place = to; place < 2 * count; place += count) {
      const list = now[place] as number;
      if (list !== then[place]) this.#collect(to, component, list, observation, out);
      else if (tells) this.#collectEmitting(to, component, list, observation, out);
    }
    if (knowledge < 0 || stepFaults !== null) return;
    const role = this.#deps.roles[to] as Role;
    const injectable = this.#deps.moves.towards(role, knowledge);
    if (knowledge !== knownBefore && injectable !== this.#deps.moves.towards(role, knownBefore))
      this.#collect(to, component, injectable, observation, out);
    else if (tells) this.#collectEmitting(to, component, injectable, observation, out);
  }

  /** Takes up a state, so that {@link inputsTo} can be asked about it. */
  look(vectors: Int32Array, offset: number): void {
    for (let from = 0; from < this.#count; from++)
      this.#mailNow[from] = this.#deps.mail.from(from, vectors[offset + from] as number);
    this.#look.knowledge = this.#deps.moves.knows(vectors, offset);
    this.#look.mayCrash = this.#deps.mayCrash(vectors, offset);
  }

  /**
   * The ids of the lists of inputs that may reach a node, with this component, in the state that was taken
   * up last.
   */
  inputsTo(to: number, component: number, lists: IntList): void {
    lists.length = 0;
    if (this.#deps.isDown(to, component)) {
      lists.push(restartList);
      return;
    }
    lists.push(timerList);
    const { stepFaults } = this.#deps.nodes[to] as NodeTable;
    if (stepFaults?.forgets) lists.push(restartList);
    const { knowledge, mayCrash } = this.#look;
    if (mayCrash && stepFaults === null && this.#deps.roles[to] === "replica") lists.push(crashList);
    const senders = this.#deps.mail.senders[to] as readonly number[];
    for (let index = 0; index < senders.length; index++) {
      const mail = this.#mailNow[senders[index] as number] as Int32Array;
      if (mail[to] !== emptyList) lists.push(mail[to] as number);
      if (mail[this.#count + to] !== emptyList) lists.push(mail[this.#count + to] as number);
    }
    if (knowledge < 0 || stepFaults !== null) return;
    const injectable = this.#deps.moves.towards(this.#deps.roles[to] as Role, knowledge);
    if (injectable !== emptyList) lists.push(injectable);
  }

  /**
   * Of what a list does to a node: that which shows something, if the properties could see in which order
   * it has happened.
   */
  #collectEmitting(to: number, component: number, list: number, observation: number, out: Successors): void {
    if (list === emptyList) return;
    const { reactions, observations } = this.#deps;
    const offset = reactions.of(to, component, list);
    const arena = reactions.array(to);
    const end = offset + 1 + (arena[offset] as number) * reactionStride;
    for (let at = offset + 1; at < end; at += reactionStride) {
      const events = arena[at + eventsAt] as number;
      if (events === 0 || this.#commuting.with(this.#step.id, to, events)) continue;
      const next = arena[at] as number;
      const after = observations.after(observation, to, events);
      if (next === component && after === observation) continue;
      if (observations.executes(events)) out.decisions += arena[at + multiplicityAt] as number;
      out.push(to, next, after, arena[at + multiplicityAt] as number, arena[at + causeAt] as number);
    }
  }

  #collect(to: number, component: number, list: number, observation: number, out: Successors): void {
    if (list === emptyList) return;
    const { reactions, observations } = this.#deps;
    const offset = reactions.of(to, component, list);
    const arena = reactions.array(to);
    const end = offset + 1 + (arena[offset] as number) * reactionStride;
    const transitionsBefore = out.transitions;
    for (let at = offset + 1; at < end; at += reactionStride) {
      const next = arena[at] as number;
      const events = arena[at + eventsAt] as number;
      let after = observation;
      if (events !== 0) {
        after = observations.after(observation, to, events);
        if (next === component && after === observation) continue;
        if (observations.executes(events)) out.decisions += arena[at + multiplicityAt] as number;
      }
      out.push(to, next, after, arena[at + multiplicityAt] as number, arena[at + causeAt] as number);
    }
    if (out.transitions === transitionsBefore) return;
    if (reactions.isObligatory(to, list)) out.obligatory += out.transitions - transitionsBefore;
  }
}
