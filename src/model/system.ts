// The transition system: protocol + adversary + network + bounds, as "what can happen next". A state is a vector of
// integers, one component for each correct node and one observation. Search, fuzz, replay and minimize see only this;
// they differ in which of the transitions they take.
//
// On the `async` network a message once sent may be delivered at any time, any number of times, in any order, or never.
// So what node j can receive from node i is a function of i's component (its outbox), what the adversary can say is a
// function of all outboxes (what it has seen), and every transition changes one node's component alone.

import type { Event, Json, NodeId, Role } from "../protocol/index.js";
import { type Action, actor, type StartChoice } from "./action.js";
import { UserError } from "./errors.js";
import { emptyList, type InputList, Inputs, timerList } from "./inputs.js";
import { Numbering } from "./intern.js";
import { Mail } from "./mail.js";
import { Moves } from "./moves.js";
import { NodeTable, type Reaction, type Surroundings } from "./node-table.js";
import { Observations } from "./observations.js";
import { checksLiveness, digestOf, nodesOf, requestsOf, type Setting } from "./setting.js";
import { inputId, nodeStarts, requestsFor } from "./starts.js";
import type { Successors } from "./successors.js";
import { IntList, PairTable } from "./tables.js";

/** What an action consists of, interned. */
interface Cause {
  readonly kind: InputList["kind"];
  /** Packet id, or timer index of the node. */
  readonly what: number;
  readonly label: string | undefined;
}

/** One way for the run to begin. */
export interface InitialState {
  readonly vector: Int32Array;
  readonly choice: StartChoice;
}

/** Stands for all Byzantine nodes among the recipients of a message: what only they receive is kept for what it tells them. */
const byzantineBit = 1 << 30;

/** See the file comment. */
export class TransitionSystem {
  readonly setting: Setting;
  /** The correct nodes; the i-th integer of a state vector is the component of the i-th node. */
  readonly nodes: readonly NodeTable[];
  readonly roles: readonly Role[];
  readonly observations: Observations;
  /** Integers in a state vector: one for each correct node, and the observation. */
  readonly width: number;

  readonly #inputs: Inputs;
  readonly #mail: Mail;
  readonly #moves: Moves;
  readonly #causes: Cause[] = [];
  readonly #causeIds = new Numbering();
  /** Per node: (component, list) -> offset into its arena of reactions; timers, asked for most often, by component. */
  readonly #memo: PairTable[];
  readonly #timerMemo: number[][];
  readonly #arenas: IntList[];
  readonly #decides: boolean[] = [false];
  readonly #isLive: boolean;
  /** Scratch: the mail of every node in the state at hand. */
  readonly #mailNow: Int32Array[] = [];

  constructor(setting: Setting) {
    this.setting = setting;
    const { protocol, config, byzantine } = setting;
    const ids = nodesOf(protocol, { ...config, clients: true }).map((spec) => spec.id);
    const specs = nodesOf(protocol, config).filter((spec) => !byzantine.includes(spec.id));
    if (specs.length > 30)
      throw new UserError("bad-option", "At most 30 correct nodes can be checked together.");
    this.roles = specs.map((spec) => spec.role);
    this.width = specs.length + 1;
    this.#isLive = checksLiveness(setting);
    const relays = setting.adversary?.forwards === true && byzantine.length > 0;
    const issued = config.clients ? [] : requestsOf(protocol, config);
    this.observations = new Observations(setting.properties, {
      config,
      correct: specs.map((spec) => spec.id),
      issued: issued.map((request) => digestOf(protocol, request)),
    });
    this.#inputs = new Inputs(protocol);
    const bits = new Map(ids.map((id) => [id, 0]));
    for (const [index, spec] of specs.entries()) bits.set(spec.id, 1 << index);
    const allReplicas = specs.reduce(
      (all, { id, role }) => (role === "replica" ? all | bits.get(id)! : all),
      0,
    );
    const frozen = Object.freeze({ ...config });
    const surroundings: Surroundings = {
      message: (by, message) => this.#inputs.message(message, by, "protocol-malformed"),
      recipients: (by, effect, message) => {
        const known =
          effect.kind === "broadcast" ? allReplicas & ~bits.get(by)! : (bits.get(effect.to) ?? -1);
        const toByzantine =
          effect.kind === "broadcast" ? byzantine.length > 0 : byzantine.includes(effect.to);
        return toByzantine && this.#moves.isOfInterest(message) ? known | byzantineBit : known;
      },
      events: (events) => this.#events(events),
    };
    this.nodes = specs.map(
      (spec) => new NodeTable(spec, Object.freeze({ self: spec.id, config: frozen }), surroundings),
    );
    this.#mail = new Mail(this.nodes, this.#inputs, relays);
    this.#moves = new Moves(setting, this.nodes, this.#inputs, issued);
    this.#memo = this.nodes.map(() => new PairTable());
    this.#timerMemo = this.nodes.map(() => []);
    this.#arenas = this.nodes.map(() => new IntList());
  }

  /** How often the author's `step` was asked about a new pair of local state and input. */
  get stepCalls(): number {
    return this.nodes.reduce((sum, node) => sum + node.stepCalls, 0);
  }

  /** All ways for the run to begin. */
  initial(): InitialState[] {
    let states: InitialState[] = [{ vector: new Int32Array(this.width), choice: {} }];
    for (const [index, node] of this.nodes.entries()) {
      const requests = requestsFor(this.setting, node.spec.id, this.roles[index]!);
      const starts = nodeStarts(node, requests, this.setting.protocol);
      states = states.flatMap(({ vector, choice }) =>
        starts.map(({ component, events, label }) => {
          const next = vector.slice();
          next[index] = component;
          next[this.width - 1] = events.reduce(
            (observation, list) => this.observations.after(observation, index, list),
            next[this.width - 1]!,
          );
          return { vector: next, choice: starts.length > 1 ? { ...choice, [node.spec.id]: label } : choice };
        }),
      );
    }
    return states;
  }

  /** Fills `out` with the transitions of a state whose vector starts at `offset` of `vectors`. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    out.clear();
    const count = this.nodes.length;
    const observation = vectors[offset + count] as number;
    const knowledge = this.#moves.knows(vectors, offset);
    const mail = this.#mailNow;
    for (let from = 0; from < count; from++)
      mail[from] = this.#mail.from(from, vectors[offset + from] as number);
    for (let to = 0; to < count; to++) {
      const component = vectors[offset + to] as number;
      this.#collect(to, component, timerList, observation, out);
      const senders = this.#mail.senders[to] as number[];
      for (let index = 0; index < senders.length; index++) {
        const lists = mail[senders[index] as number] as Int32Array;
        const addressed = lists[to] as number;
        if (addressed !== emptyList) this.#collect(to, component, addressed, observation, out);
        const relayable = lists[count + to] as number;
        if (relayable !== emptyList) this.#collect(to, component, relayable, observation, out);
      }
      if (knowledge < 0) continue;
      const injectable = this.#moves.towards(this.roles[to] as Role, knowledge);
      if (injectable !== emptyList) this.#collect(to, component, injectable, observation, out);
    }
  }

  /**
   * The ids of the lists of inputs that may reach one node now: its timers first, then packets. On this network they
   * depend on what the nodes (itself included) have sent, and only grow.
   */
  inputs(vectors: Int32Array, offset: number, to: number, lists: IntList): void {
    lists.length = 0;
    lists.push(timerList);
    const count = this.nodes.length;
    for (let from = 0; from < count; from++) {
      const mail = this.#mail.from(from, vectors[offset + from] as number);
      if (mail[to] !== emptyList) lists.push(mail[to] as number);
      if (mail[count + to] !== emptyList) lists.push(mail[count + to] as number);
    }
    const knowledge = this.#moves.knows(vectors, offset);
    if (knowledge < 0) return;
    const injectable = this.#moves.towards(this.roles[to]!, knowledge);
    if (injectable !== emptyList) lists.push(injectable);
  }

  /** Checks that a state's adversary can say all that it could say in the state before. @throws {UserError} if not. */
  checkGrowth(before: Int32Array, atBefore: number, after: Int32Array, atAfter: number): void {
    const knowledge = this.#moves.knows(after, atAfter);
    if (knowledge >= 0) this.#moves.checkGrowth(this.#moves.knows(before, atBefore), knowledge);
  }

  /**
   * What the inputs of one list do to one component: an offset into {@link reactions}, where stand the number of
   * entries and, for each, the next component, its events, its multiplicity and its (first) cause.
   */
  reactionsTo(to: number, component: number, list: number): number {
    if (list === timerList)
      return (this.#timerMemo[to] as number[])[component] ?? this.#compute(to, component, list);
    const known = (this.#memo[to] as PairTable).get(component, list);
    return known >= 0 ? known : this.#compute(to, component, list);
  }

  /** The array into which {@link reactionsTo} points. It is replaced when it grows: fetch it after each call. */
  reactions(to: number): Int32Array {
    return (this.#arenas[to] as IntList).items;
  }

  /** What an action does, as data. */
  action(node: number, cause: number): Action {
    const { kind, what, label } = this.#causes[cause]!;
    const choice = label === undefined ? {} : { choice: label };
    const table = this.nodes[node]!;
    if (kind === "timer") return { kind, node: table.spec.id, timer: table.timers[what]!, ...choice };
    const message = this.#inputs.content(what);
    return { kind, from: this.#inputs.origin(what), to: table.spec.id, message, ...choice };
  }

  /**
   * The state after an action that is described as data, or null if the action is not possible in this state or changes
   * nothing. This is how traces are replayed; the vector is left alone.
   */
  perform(vector: Int32Array, action: Action): Int32Array | null {
    const node = this.nodes.findIndex((table) => table.spec.id === actor(action));
    if (node < 0) return null;
    const component = vector[node]!;
    const what = this.#find(vector, node, component, action);
    if (what === null) return null;
    const reaction = this.#react(node, component, action.kind, what).find((r) => r.label === action.choice);
    if (!reaction || this.#isOutside(node, reaction.component)) return null;
    const next = vector.slice();
    next[node] = reaction.component;
    next[this.width - 1] = this.observations.after(vector[this.width - 1]!, node, reaction.events);
    return next.every((value, index) => value === vector[index]) ? null : next;
  }

  /** Every action that has changed some state so far, for the witnesses: kind and message (null for timers). */
  causes(): readonly { readonly kind: Cause["kind"]; readonly message: Json }[] {
    return this.#causes.map(({ kind, what }) => ({
      kind,
      message: kind === "timer" ? null : this.#inputs.content(what),
    }));
  }

  /** Whether a list of events contains an execution. */
  decides(events: number): boolean {
    return this.#decides[events] as boolean;
  }

  /** The node of this state that has left the last view, or null (possible in liveness runs only). */
  leftLastView(vectors: Int32Array, offset: number): NodeId | null {
    for (const [index, node] of this.nodes.entries())
      if (node.viewOf[vectors[offset + index] as number]! > this.setting.bounds.views) return node.spec.id;
    return null;
  }

  /** The transitions of one node that have been needed so far, as pairs (from, to) of components. */
  *componentEdges(node: number): Iterable<readonly [number, number]> {
    const arena = this.#arenas[node]!.items;
    const offsets = [
      ...[...this.#memo[node]!.entries()].map(([component, , offset]) => [component, offset] as const),
      ...this.#timerMemo[node]!.entries(),
    ];
    for (const [component, offset] of offsets) {
      if (offset === undefined) continue;
      for (let entry = 0; entry < arena[offset]!; entry++) yield [component, arena[offset + 1 + entry * 4]!];
    }
  }

  #collect(to: number, component: number, list: number, observation: number, out: Successors): void {
    const offset = this.reactionsTo(to, component, list);
    const arena = (this.#arenas[to] as IntList).items;
    const end = offset + 1 + (arena[offset] as number) * 4;
    const transitionsBefore = out.transitions;
    for (let at = offset + 1; at < end; at += 4) {
      const next = arena[at] as number;
      const events = arena[at + 1] as number;
      let after = observation;
      if (events !== 0) {
        after = this.observations.after(observation, to, events);
        if (next === component && after === observation) continue;
        if (this.#decides[events]) out.decisions += arena[at + 2] as number;
      }
      out.push(to, next, after, arena[at + 2] as number, arena[at + 3] as number);
    }
    if (out.transitions === transitionsBefore) return;
    const kind = this.#inputs.list(list).kind;
    if (kind === "deliver" || kind === "timer") out.obligatory += out.transitions - transitionsBefore;
  }

  /** Runs the inputs of a list on a component, and stores what changes: next component, events, multiplicity, cause. */
  #compute(to: number, component: number, list: number): number {
    const found = new Map<string, { reaction: Reaction; cause: number; multiplicity: number }>();
    const { kind, items } = this.#inputs.list(list);
    for (const what of kind === "timer" ? this.#armed(to, component) : items) {
      for (const reaction of this.#react(to, component, kind, what)) {
        if (reaction.component === component && reaction.events === 0) continue;
        if (this.#isOutside(to, reaction.component)) continue;
        const cause = this.#causeId(kind, what, reaction.label);
        const key = `${reaction.component},${reaction.events}`;
        const same = found.get(key);
        if (same) same.multiplicity++;
        else found.set(key, { reaction, cause, multiplicity: 1 });
      }
    }
    const arena = this.#arenas[to]!;
    const offset = arena.length;
    arena.push(found.size);
    for (const { reaction, cause, multiplicity } of found.values()) {
      arena.push(reaction.component);
      arena.push(reaction.events);
      arena.push(multiplicity);
      arena.push(cause);
    }
    if (list === timerList) this.#timerMemo[to]![component] = offset;
    else this.#memo[to]!.set(component, list, offset);
    return offset;
  }

  #react(to: number, component: number, kind: InputList["kind"], what: number): readonly Reaction[] {
    const table = this.nodes[to]!;
    if (kind === "timer") {
      const fired = table.withoutTimer(component, what);
      return table.react(fired, inputId.timer(what), () => ({ kind: "timer", timer: table.timers[what]! }));
    }
    return table.react(component, inputId.packet(what), () => ({
      kind: "message",
      from: this.#inputs.origin(what),
      message: this.#inputs.content(what),
    }));
  }

  /** The timer or packet that an action speaks of, if it can happen now. */
  #find(vector: Int32Array, node: number, component: number, action: Action): number | null {
    if (action.kind === "timer") {
      const timer = this.nodes[node]!.timers.indexOf(action.timer);
      return this.#armed(node, component).includes(timer) ? timer : null;
    }
    const lists = new IntList();
    this.inputs(vector, 0, node, lists);
    for (const list of lists.items.subarray(0, lists.length)) {
      if (this.#inputs.list(list).kind !== action.kind) continue;
      const packet = this.#inputs.find(list, action.from, action.message);
      if (packet !== undefined) return packet;
    }
    return null;
  }

  /** Timers that may fire: a client's always, a replica's in views below the last one. */
  #armed(to: number, component: number): number[] {
    const { viewOf, timersOf, timers } = this.nodes[to]!;
    const hasViews = this.setting.protocol.primary !== undefined;
    if (hasViews && this.roles[to] === "replica" && viewOf[component]! >= this.setting.bounds.views)
      return [];
    return timers.flatMap((_, index) => (timersOf[component]! & (1 << index) ? [index] : []));
  }

  /** In a safety run views above the last one lie outside the bounds; in a liveness run reaching one is a violation. */
  #isOutside(node: number, component: number): boolean {
    return this.nodes[node]!.viewOf[component]! > this.setting.bounds.views && !this.#isLive;
  }

  #causeId(kind: Cause["kind"], what: number, label: string | undefined): number {
    const { id, isNew } = this.#causeIds.id(`${kind},${what},${label ?? ""}`);
    if (isNew) this.#causes.push({ kind, what, label });
    return id;
  }

  #events(events: readonly Event[]): number {
    const id = this.observations.events(events);
    this.#decides[id] ??= events.some((event) => event.kind === "executed");
    return id;
  }
}
