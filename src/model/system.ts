// The transition system: protocol + adversary + network + bounds, as "what can happen next". A state is a vector of
// integers, one component for each correct node and one observation. Search, fuzz, replay and minimize see only this;
// they differ in which of the transitions they take.
//
// On the `async` network a message once sent may be delivered at any time, any number of times, in any order, or never.
// So what node j can receive from node i is a function of i's component (its outbox), what the adversary can say is a
// function of all outboxes (what it has seen), and every transition changes one node's component alone.

import type { Event, Json, Knowledge, NodeId, Role } from "../protocol/index.js";
import { type Action, actor, type DeliveryKind, type StartChoice } from "./action.js";
import { canonicalizer, Misfit } from "./canonical.js";
import { UserError } from "./errors.js";
import { Interner, Numbering } from "./intern.js";
import { KnowledgeBase } from "./knowledge.js";
import { NodeTable, type Reaction, type Surroundings } from "./node-table.js";
import { Observations } from "./observations.js";
import { checksLiveness, type Setting } from "./setting.js";
import type { Successors } from "./successors.js";
import { IntList, PairTable } from "./tables.js";
import { isSigned } from "./terms.js";

/** What an action consists of, interned. */
interface Cause {
  readonly kind: DeliveryKind | "timer";
  /** Packet id, or timer index of the node. */
  readonly what: number;
  readonly label: string | undefined;
}

/** A list of inputs that may reach a node: packets of one kind, or its own timers. */
interface InputList {
  readonly kind: DeliveryKind | "timer";
  readonly items: readonly number[];
}

/** One way for the run to begin. */
export interface InitialState {
  readonly vector: Int32Array;
  readonly choice: StartChoice;
}

const timerList = 0;
const emptyList = 1;

/** See the file comment. */
export class TransitionSystem {
  readonly setting: Setting;
  /** The correct nodes; the i-th integer of a state vector is the component of the i-th node. */
  readonly nodes: readonly NodeTable[];
  readonly roles: readonly Role[];
  readonly observations: Observations;
  /** Integers in a state vector: one for each correct node, and the observation. */
  readonly width: number;

  readonly #messages: Interner<Json>;
  readonly #packets = new Numbering();
  readonly #packetFrom: NodeId[] = [];
  readonly #packetMessage: number[] = [];
  readonly #causes: Cause[] = [];
  readonly #causeIds = new Numbering();
  readonly #lists: InputList[] = [];
  readonly #listIds = new Numbering();
  readonly #knowledge: KnowledgeBase;
  readonly #initialKnowledge: number;
  /** Per sender and outbox: for each receiver the list of packets addressed to it, then the relayable ones. */
  readonly #mail: Int32Array[][];
  /** Per sender and outbox: what the adversary learns from it, or undefined. */
  readonly #learned: number[][];
  /** Per receiver: (what the adversary knows) -> list of what it may inject. */
  readonly #moves: Map<number, number>[];
  /** Per node: (component, list) -> offset into its arena of transitions. */
  readonly #memo: PairTable[];
  readonly #arenas: IntList[];
  readonly #decides: boolean[] = [false];
  readonly #inputs = new IntList();

  constructor(setting: Setting) {
    this.setting = setting;
    const specs = setting.protocol
      .nodes(setting.config)
      .filter((spec) => !setting.byzantine.includes(spec.id));
    if (specs.length > 30)
      throw new UserError("bad-option", "At most 30 correct nodes can be checked together.");
    this.roles = specs.map((spec) => spec.role);
    this.#messages = new Interner(canonicalizer(setting.protocol.message as never));
    const { adversary } = setting;
    this.#knowledge = new KnowledgeBase(
      setting.byzantine,
      (statement) => adversary?.observes(statement) ?? false,
    );
    const requests = setting.protocol.requests(setting.config);
    this.#initialKnowledge = setting.config.clients ? 0 : this.#knowledge.learn(requests);
    this.observations = new Observations(setting.properties, {
      config: setting.config,
      correct: specs.map((spec) => spec.id),
      issued: setting.config.clients ? [] : requests.map((request) => setting.protocol.digest(request)),
    });
    const surroundings: Surroundings = {
      message: (by, message) => this.#message(message, () => `${by} sent a message`, "protocol-malformed"),
      bit: (node) => {
        const index = specs.findIndex((spec) => spec.id === node);
        return index < 0 ? 0 : 1 << index;
      },
      replicaBits: specs.reduce((bits, spec, i) => (spec.role === "replica" ? bits | (1 << i) : bits), 0),
      events: (events) => this.#events(events),
    };
    this.nodes = specs.map(
      (spec) => new NodeTable(spec, { self: spec.id, config: setting.config }, surroundings),
    );
    this.width = this.nodes.length + 1;
    this.#mail = this.nodes.map(() => []);
    this.#learned = this.nodes.map(() => []);
    this.#moves = this.nodes.map(() => new Map());
    this.#memo = this.nodes.map(() => new PairTable());
    this.#arenas = this.nodes.map(() => new IntList());
    this.#listId("timer", [-1]);
    this.#listId("deliver", []);
  }

  /** How often the author's `step` was asked about a new pair of local state and input. */
  get stepCalls(): number {
    return this.nodes.reduce((sum, node) => sum + node.stepCalls, 0);
  }

  /** All ways for the run to begin: every node's start, and every order in which its requests reach it. */
  initial(): InitialState[] {
    const requests = this.setting.protocol.requests(this.setting.config);
    let states: InitialState[] = [{ vector: new Int32Array(this.width), choice: {} }];
    for (const [index, node] of this.nodes.entries()) {
      const starts = this.#starts(index, node, this.#requestsFor(index, requests));
      states = states.flatMap(({ vector, choice }) =>
        starts.map((start) => {
          const next = vector.slice();
          next[index] = start.component;
          next[this.width - 1] = start.events.reduce(
            (observation, events) => this.observations.after(observation, index, events),
            next[this.width - 1]!,
          );
          const label = start.labels.join("; ");
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
    const knowledge = this.#adversaryKnows(vectors, offset);
    for (let to = 0; to < count; to++) {
      const component = vectors[offset + to] as number;
      this.#inputs.length = 0;
      this.#gather(vectors, offset, to, knowledge, this.#inputs);
      for (let at = 0; at < this.#inputs.length; at++)
        this.#collect(to, component, this.#inputs.items[at] as number, observation, out);
    }
  }

  /**
   * The ids of the lists of inputs that may reach one node now: its timers first, then packets. On this network they
   * depend on the components of the other nodes alone, and only grow.
   */
  inputs(vectors: Int32Array, offset: number, to: number, lists: IntList): void {
    lists.length = 0;
    this.#gather(vectors, offset, to, this.#adversaryKnows(vectors, offset), lists);
  }

  /**
   * What the inputs of one list do to one component: an offset into {@link reactions}, where stand the number of
   * entries and, for each, the next component, its events, its multiplicity and its (first) cause.
   */
  reactionsTo(to: number, component: number, list: number): number {
    const known = this.#memo[to]!.get(component, list);
    return known >= 0 ? known : this.#compute(to, component, list);
  }

  /** The array into which {@link reactionsTo} points. It is replaced when it grows: fetch it after each call. */
  reactions(to: number): Int32Array {
    return this.#arenas[to]!.items;
  }

  /** What an action does, as data. */
  action(node: number, cause: number): Action {
    const { kind, what, label } = this.#causes[cause]!;
    const choice = label === undefined ? {} : { choice: label };
    const table = this.nodes[node]!;
    if (kind === "timer") return { kind, node: table.spec.id, timer: table.timers[what]!, ...choice };
    const message = this.#messages.values[this.#packetMessage[what]!]!;
    return { kind, from: this.#packetFrom[what]!, to: table.spec.id, message, ...choice };
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

  /** The timer or packet that an action speaks of, if it can happen now. */
  #find(vector: Int32Array, node: number, component: number, action: Action): number | null {
    if (action.kind === "timer") {
      const timer = this.nodes[node]!.timers.indexOf(action.timer);
      return this.#armed(node, component).includes(timer) ? timer : null;
    }
    const message = this.#messages.intern(action.message);
    if (message instanceof Misfit) return null;
    const lists = new IntList();
    this.inputs(vector, 0, node, lists);
    for (const list of lists.items.subarray(0, lists.length)) {
      const { kind, items } = this.#lists[list]!;
      if (kind !== action.kind) continue;
      const packet = items.find(
        (p) => this.#packetMessage[p] === message && this.#packetFrom[p] === action.from,
      );
      if (packet !== undefined) return packet;
    }
    return null;
  }

  /** Every action that has changed some state so far, for the witnesses: kind and message (null for timers). */
  causes(): readonly { readonly kind: Cause["kind"]; readonly message: Json }[] {
    return this.#causes.map(({ kind, what }) => ({
      kind,
      message: kind === "timer" ? null : this.#messages.values[this.#packetMessage[what]!]!,
    }));
  }

  /** Whether a list of events contains an execution. */
  decides(events: number): boolean {
    return this.#decides[events] as boolean;
  }

  /** Whether a node of this state has left the last view (possible in liveness runs only). */
  leftLastView(vectors: Int32Array, offset: number): NodeId | null {
    for (const [index, node] of this.nodes.entries())
      if (node.viewOf[vectors[offset + index] as number]! > this.setting.bounds.views) return node.spec.id;
    return null;
  }

  /** The transitions of one node that have been needed so far, as pairs (from, to) of components. */
  *componentEdges(node: number): Iterable<readonly [number, number]> {
    for (const [component, , offset] of this.#memo[node]!.entries()) {
      const arena = this.#arenas[node]!.items;
      for (let entry = 0; entry < arena[offset]!; entry++) yield [component, arena[offset + 1 + entry * 4]!];
    }
  }

  // --- transitions -------------------------------------------------------------------------------------------------

  #gather(vectors: Int32Array, offset: number, to: number, knowledge: number, lists: IntList): void {
    const count = this.nodes.length;
    lists.push(timerList);
    for (let from = 0; from < count; from++) {
      if (from === to) continue;
      const mail = this.#mailOf(from, vectors[offset + from] as number);
      if (mail[to] !== emptyList) lists.push(mail[to] as number);
      if (mail[count + to] !== emptyList) lists.push(mail[count + to] as number);
    }
    if (knowledge >= 0) {
      const injectable = this.#movesTowards(to, knowledge);
      if (injectable !== emptyList) lists.push(injectable);
    }
  }

  #collect(to: number, component: number, list: number, observation: number, out: Successors): void {
    const offset = this.reactionsTo(to, component, list);
    const arena = this.#arenas[to]!.items;
    const entries = arena[offset] as number;
    const transitionsBefore = out.transitions;
    for (let at = offset + 1; at < offset + 1 + entries * 4; at += 4) {
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
    const kind = this.#lists[list]!.kind;
    if (kind === "deliver" || kind === "timer") out.obligatory += out.transitions - transitionsBefore;
  }

  /** Runs the inputs of a list on a component, and stores what changes: next component, events, multiplicity, cause. */
  #compute(to: number, component: number, list: number): number {
    const found = new Map<string, { reaction: Reaction; cause: number; multiplicity: number }>();
    const { kind, items } = this.#lists[list]!;
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
    this.#memo[to]!.set(component, list, offset);
    return offset;
  }

  #react(to: number, component: number, kind: InputList["kind"], what: number): readonly Reaction[] {
    const table = this.nodes[to]!;
    if (kind === "timer") {
      const timer = table.timers[what]!;
      const fired = table.withoutTimer(component, what);
      return table.react(fired, what * 3 + 1, () => ({ kind: "timer", timer }));
    }
    return table.react(component, what * 3, () => ({
      kind: "message",
      from: this.#packetFrom[what]!,
      message: this.#messages.values[this.#packetMessage[what]!]!,
    }));
  }

  /** Timers that may fire: a client's always, a replica's in views below the last one. */
  #armed(to: number, component: number): number[] {
    const table = this.nodes[to]!;
    if (
      this.roles[to] === "replica" &&
      table.viewOf[component]! >= this.setting.bounds.views &&
      this.#hasViews
    )
      return [];
    const mask = table.timersOf[component]!;
    return table.timers.flatMap((_, index) => (mask & (1 << index) ? [index] : []));
  }

  get #hasViews(): boolean {
    return this.setting.protocol.primary !== undefined;
  }

  /** In a safety run views above the last one lie outside the bounds; in a liveness run reaching one is a violation. */
  #isOutside(node: number, component: number): boolean {
    return this.nodes[node]!.viewOf[component]! > this.setting.bounds.views && !checksLiveness(this.setting);
  }

  // --- who can receive what ----------------------------------------------------------------------------------------

  #mailOf(from: number, component: number): Int32Array {
    const outbox = this.nodes[from]!.outboxOf[component] as number;
    return this.#mail[from]![outbox] ?? this.#sortMail(from, outbox);
  }

  #sortMail(from: number, outbox: number): Int32Array {
    const count = this.nodes.length;
    const mail = new Int32Array(count * 2).fill(emptyList);
    const sent = this.nodes[from]!.outboxes[outbox]!;
    for (let to = 0; to < count; to++) {
      const [addressed, relayable]: [number[], number[]] = [[], []];
      for (const [message, recipients] of sent) {
        const packet = this.#packet(this.nodes[from]!.spec.id, message);
        if (recipients & (1 << to)) addressed.push(packet);
        else if (this.setting.adversary?.forwards && to !== from && isSigned(this.#messages.values[message]))
          relayable.push(packet);
      }
      mail[to] = this.#listId("deliver", addressed);
      mail[count + to] = relayable.length === 0 ? emptyList : this.#listId("relay", relayable);
    }
    this.#mail[from]![outbox] = mail;
    return mail;
  }

  /** The set of what the adversary knows, or -1 if there is no adversary to know anything. */
  #adversaryKnows(vectors: Int32Array, offset: number): number {
    if (!this.setting.adversary?.speaks) return -1;
    let known = this.#initialKnowledge;
    for (let node = 0; node < this.nodes.length; node++) {
      const outbox = this.nodes[node]!.outboxOf[vectors[offset + node] as number] as number;
      let learned = this.#learned[node]![outbox];
      if (learned === undefined) {
        const messages = this.nodes[node]!.outboxes[outbox]!.map(
          ([message]) => this.#messages.values[message]!,
        );
        learned = this.#knowledge.learn(messages);
        this.#learned[node]![outbox] = learned;
      }
      known = this.#knowledge.union(known, learned);
    }
    return known;
  }

  #movesTowards(to: number, knowledge: number): number {
    const known = this.#moves[to]!.get(knowledge);
    if (known !== undefined) return known;
    const packets = new Set<number>();
    for (const self of this.setting.byzantine) {
      for (const message of this.#adversaryMoves(self, to, this.#knowledge.view(knowledge))) {
        const id = this.#message(message, () => `the adversary proposed a message`, "adversary-malformed");
        const canonical = this.#messages.values[id]!;
        const genuine = isSigned(canonical) && !this.setting.byzantine.includes(canonical.signer);
        if (!genuine && this.#knowledge.admits(knowledge, canonical)) packets.add(this.#packet(self, id));
      }
    }
    const list =
      packets.size === 0
        ? emptyList
        : this.#listId(
            "inject",
            [...packets].sort((a, b) => a - b),
          );
    this.#moves[to]!.set(knowledge, list);
    return list;
  }

  #adversaryMoves(self: NodeId, to: number, knowledge: Knowledge): readonly Json[] {
    const { adversary, byzantine, config, bounds } = this.setting;
    const beyond = checksLiveness(this.setting);
    const place = { self, byzantine, to: this.nodes[to]!.spec.id, config, views: bounds.views, beyond };
    try {
      return adversary!.moves(place, knowledge);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      throw new UserError("adversary-threw", `The adversary ${adversary!.name} threw "${text}" as ${self}.`);
    }
  }

  // --- starts ------------------------------------------------------------------------------------------------------

  #requestsFor(index: number, requests: readonly Json[]): readonly Json[] {
    if (!this.setting.config.clients) return this.roles[index] === "replica" ? requests : [];
    if (this.roles[index] !== "client") return [];
    const clients = this.setting.protocol.nodes(this.setting.config).filter((spec) => spec.role === "client");
    const own = clients.findIndex((spec) => spec.id === this.nodes[index]!.spec.id);
    return requests.filter((_, i) => i % clients.length === own);
  }

  /** A node's distinct starts: each `init` outcome, then its requests in every order. */
  #starts(index: number, table: NodeTable, requests: readonly Json[]) {
    type Partial = { used: number; component: number; events: number[]; labels: string[] };
    let starts: Partial[] = table
      .start()
      .map(({ component, events, label }) => ({
        used: 0,
        component,
        events: [events],
        labels: label ? [label] : [],
      }));
    for (const _ of requests) {
      const next = new Map<string, Partial>();
      for (const { used, component, events, labels } of starts) {
        for (const [r, request] of requests.entries()) {
          if (used & (1 << r)) continue;
          for (const reaction of table.react(component, r * 3 + 2, () => ({ kind: "request", request }))) {
            if (this.#isOutside(index, reaction.component)) continue;
            const start = {
              used: used | (1 << r),
              component: reaction.component,
              events: [...events, reaction.events],
              labels: [
                ...labels,
                this.setting.protocol.digest(request),
                ...(reaction.label ? [reaction.label] : []),
              ],
            };
            const key = `${start.used}|${start.component}|${start.events}`;
            if (!next.has(key)) next.set(key, start);
          }
        }
      }
      starts = [...next.values()];
    }
    return starts;
  }

  // --- interning ---------------------------------------------------------------------------------------------------

  #message(message: Json, what: () => string, code: "protocol-malformed" | "adversary-malformed"): number {
    const id = this.#messages.intern(message);
    if (id instanceof Misfit)
      throw new UserError(code, `${what()} that does not fit the protocol's schema: ${id}.`);
    return id;
  }

  /** A packet is a message with its authenticated origin: its signer, or the sender if it is not signed as a whole. */
  #packet(sender: NodeId, message: number): number {
    const value = this.#messages.values[message];
    const from = isSigned(value) ? value.signer : sender;
    const { id, isNew } = this.#packets.id(`${from},${message}`);
    if (isNew) {
      this.#packetFrom.push(from);
      this.#packetMessage.push(message);
    }
    return id;
  }

  #listId(kind: InputList["kind"], items: readonly number[]): number {
    if (items.length === 0) kind = "deliver";
    const { id, isNew } = this.#listIds.id(`${kind}:${items.join()}`);
    if (isNew) this.#lists.push({ kind, items });
    return id;
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
