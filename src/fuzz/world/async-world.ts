// Hot file: runs on the `async` network. Nothing here lists all transitions of a state, as a search must: what is on its way
// is kept in lists from one step to the next, and one delivery costs a table lookup and a few stores.
//
// A delivery that its receiver ignores sleeps, and wakes when the receiver has changed: at its next change, then after eight more,
// then no more by itself, since most of what is ignored is ignored for good. `settle` looks at all of them, so nothing is lost
// for ever.

import type { Action, StartChoice } from "../../model/action.js";
import { hashText } from "../../model/hash.js";
import type { NodeTable, Outcome, Reaction } from "../../model/node-table.js";
import { inputId } from "../../model/starts.js";
import { Successors } from "../../model/successors.js";
import type { InitialState, TransitionSystem } from "../../model/system.js";
import { IntList, PairTable } from "../../model/tables.js";
import { isSigned, typeOf } from "../../model/terms.js";
import { type Violation, violationAt } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";
import { Content } from "./content.js";
import {
  type Abilities,
  kinds,
  type RunnableWorld,
  type Saying,
  traceStride,
  type Witness,
} from "./world.js";

const [deliverKind, injectKind, relayKind, timerKind, crashKind, restartKind] = [0, 1, 2, 3, 4, 5];

/** Integers in the description of one outcome. */
const outcomeStride = 4;

/** How something in a list of mail is meant: for this receiver; for others, but it could be passed on; or it says who has said it. */
const [addressed, relayable, spoken] = [0, 1, 2];

/** A version that no node comes to. */
const never = 0x7fffffff;

/** Where in the arena an empty list of outcomes stands. */
const nothing = 0;

/** How often the adversary tries to find something to say before it gives up for this step. */
const attempts = 4;

/** A growing list of integers from which items are taken by putting the last one in their place. */
class Bag extends IntList {
  takeAt(place: number): number {
    const item = this.items[place] as number;
    this.items[place] = this.items[--this.length] as number;
    return item;
  }
}

const nobody = new Bag(1);

/** Whether an outcome changes nothing, whatever timers are set and messages sent. */
function isIdle({ local, kept, timersOn, timersOff, events }: Outcome, before: number): boolean {
  return local === before && kept.length === 0 && (timersOn | timersOff) === 0 && events === 0;
}

/**
 * Whether a message differs from another of its type in a small way (ByzzFuzz's "small-scope mutations"): in one field of what it
 * says, or two, since a digest goes with its request.
 */
function isVariant(message: Json, other: Json): boolean {
  const [a, b] = [bodyOf(message), bodyOf(other)];
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  const different = [...fields].filter((field) => JSON.stringify(a[field]) !== JSON.stringify(b[field]));
  return different.length === 1 || different.length === 2;
}

function bodyOf(message: Json): { readonly [field: string]: Json } {
  const body = isSigned(message) ? message.body : message;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? (body as never) : { body };
}

/** See the file comment. */
export class AsyncWorld implements RunnableWorld {
  dice!: Dice;
  events = 0;
  violation: Violation | null = null;
  readonly nodes: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  readonly can: Abilities;
  readonly content: Content;
  /** The state: see `TransitionSystem`. */
  vector = new Int32Array(0);
  initial = 0;

  readonly #system: TransitionSystem;
  readonly #initials: readonly InitialState[];
  readonly #witness: Witness;
  readonly #tables: readonly NodeTable[];
  readonly #count: number;
  readonly #replicas: readonly number[];
  readonly #isPatient: boolean;
  readonly #successors = new Successors();

  /** Per node: (local state, packet) -> offset into `#arena`: how many outcomes, and for each events, label, packet, index. */
  readonly #memo: readonly PairTable[];
  /** Per node: (component, where an outcome stands) -> component. There are many more components than local states. */
  readonly #nextMemo: readonly PairTable[];
  /** Per node and component: its timers that may fire. */
  readonly #armedMemo: (readonly number[])[][];
  /** Per node: (component, timer) -> index of what it can do. */
  readonly #firingIds: readonly PairTable[];
  readonly #firingsBy: (readonly Reaction[])[] = [];
  readonly #arena = new IntList(4096);
  readonly #labels: (string | undefined)[] = [undefined];
  readonly #labelIds = new Map<string | undefined, number>([[undefined, 0]]);
  readonly #timerKeys: number[][];
  /** Per sender: (outbox, outbox) -> index of what the second has more. */
  readonly #mailMemo: readonly PairTable[];
  readonly #mails: Int32Array[] = [];
  /** Per list of moves: its packets by type, in an order of content; and what it has. */
  readonly #moves: (readonly Int32Array[] | undefined)[] = [];
  readonly #admitted: (ReadonlySet<number> | undefined)[] = [];

  // Every delivery of the run has a number, in the order of sending.
  #sent = 0;
  #to = new Int32Array(1024);
  #from = new Int32Array(1024);
  #packet = new Int32Array(1024);
  /** How often it was ignored. */
  #ignored = new Uint8Array(1024);
  /** The version of the receiver at which it wakes. */
  #wakes = new Int32Array(1024);
  readonly #fresh = new Bag();
  readonly #asleep: readonly Bag[];
  readonly #done = new Bag();
  /** What correct nodes have said, to whomever: sender and packet, in turn. */
  readonly #said = new IntList();
  /** What could be passed on: receiver and packet, in turn. */
  readonly #relayable = new IntList();
  readonly #versions: Int32Array;
  /** The versions at which everything of a node was looked at last. */
  readonly #settled: Int32Array;
  readonly #trace = new IntList(1024);
  /** Per role of the receiver: the list of moves now; -1 if it has to be asked for. */
  #movesNow: Int32Array;
  #timerCount = -1;
  #high = 0;
  #low = 0;

  constructor(system: TransitionSystem, witness: Witness) {
    this.#system = system;
    this.#initials = system.initial();
    this.#witness = witness;
    this.content = new Content(system);
    this.#tables = system.nodes;
    this.#count = system.nodes.length;
    const { setting } = system;
    this.nodes = system.nodes.map(({ spec }) => spec.id);
    this.byzantine = setting.byzantine;
    const lie = setting.byzantine.length > 0 && setting.adversary?.speaks === true;
    const relay = lie && setting.adversary?.forwards === true;
    this.can = { lie, relay, fail: (setting.bounds.crashes ?? 0) > 0, mishap: false };
    this.#replicas = system.roles.flatMap((role, node) => (role === "replica" ? [node] : []));
    this.#isPatient = setting.properties.some(({ kind }) => kind === "eventually");
    this.#memo = system.nodes.map(() => new PairTable());
    this.#nextMemo = system.nodes.map(() => new PairTable());
    this.#armedMemo = system.nodes.map(() => []);
    this.#firingIds = system.nodes.map(() => new PairTable());
    this.#timerKeys = system.nodes.map(() => []);
    this.#mailMemo = system.nodes.map(() => new PairTable());
    this.#asleep = system.nodes.map(() => new Bag());
    this.#versions = new Int32Array(this.#count);
    this.#settled = new Int32Array(this.#count);
    this.#keep([]); // at `nothing`
    this.#movesNow = new Int32Array(this.#count).fill(-1);
  }

  /** Begins a run. */
  begin(dice: Dice): void {
    this.dice = dice;
    this.beginAt(dice.below(this.#initials.length));
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.events = 0;
    this.vector = this.#initials[initial]!.vector.slice();
    this.violation = null;
    this.#sent = 0;
    this.#fresh.length = 0;
    this.#done.length = 0;
    for (const bag of this.#asleep) bag.length = 0;
    this.#relayable.length = 0;
    this.#said.length = 0;
    this.#trace.length = 0;
    this.#versions.fill(0);
    this.#settled.fill(-1);
    this.#movesNow.fill(-1);
    this.#timerCount = -1;
    this.#high = this.#low = 0;
    for (let node = 0; node < this.#count; node++) {
      const component = this.vector[node] as number;
      this.#addHash(node, component, 1);
      this.#send(node, 0, this.#tables[node]!.outboxOf[component] as number);
    }
    this.#look();
    this.#witness.began(this);
  }

  // What is on its way.

  get pending(): number {
    return this.#fresh.length;
  }
  to(place: number): number {
    return this.#to[this.#fresh.items[place] as number] as number;
  }
  from(place: number): number {
    return this.#from[this.#fresh.items[place] as number] as number;
  }
  key(place: number): number {
    return this.content.packet(this.#packet[this.#fresh.items[place] as number] as number);
  }
  sent(place: number): number {
    return this.#fresh.items[place] as number;
  }
  message(place: number): Json {
    return this.#inputOf(this.#packet[this.#fresh.items[place]!]!).message;
  }
  get said(): number {
    return this.#said.length / 2;
  }
  saying(index: number): Saying {
    const { from, message } = this.#inputOf(this.#said.items[index * 2 + 1]!);
    return { by: this.nodes[this.#said.items[index * 2]!]!, from, message };
  }
  version(node: number): number {
    return this.#versions[node] as number;
  }
  view(node: number): number {
    return this.#tables[node]!.viewOf[this.vector[node] as number] as number;
  }
  get observed(): number {
    const observation = this.vector[this.#count] as number;
    return this.content.observation(observation)[observation * 2] as number;
  }
  /** The hash of the state, in two words. */
  get high(): number {
    const hashes = this.content.observation(this.vector[this.#count] as number);
    return (this.#high + (hashes[(this.vector[this.#count] as number) * 2] as number)) | 0;
  }
  get low(): number {
    const hashes = this.content.observation(this.vector[this.#count] as number);
    return (this.#low + (hashes[(this.vector[this.#count] as number) * 2 + 1] as number)) | 0;
  }

  deliver(place: number): boolean {
    const id = this.#fresh.items[place] as number;
    const to = this.#to[id] as number;
    const packet = this.#packet[id] as number;
    if (this.#meets(to, packet, deliverKind)) {
      // The lists may have grown at their ends: what stands at `place` is still there.
      this.#fresh.takeAt(place);
      this.#done.push(id);
      return true;
    }
    this.#fresh.takeAt(place);
    const ignored = this.#ignored[id] as number;
    this.#wakes[id] = ignored === 2 ? never : (this.#versions[to] as number) + (ignored === 0 ? 1 : 8);
    if (ignored < 2) this.#ignored[id] = ignored + 1;
    (this.#asleep[to] as Bag).push(id);
    return false;
  }

  setAside(place: number): void {
    const id = this.#fresh.takeAt(place);
    this.#wakes[id] = never;
    this.#asleep[this.#to[id] as number]!.push(id);
    this.#settled[this.#to[id] as number] = -1;
  }

  settle(): boolean {
    for (let node = 0; node < this.#count; node++) {
      const version = this.#versions[node] as number;
      if (this.#settled[node] === version) continue;
      this.#settled[node] = version;
      const bag = this.#asleep[node] as Bag;
      for (let place = bag.length - 1; place >= 0; place--)
        if (this.#wouldChange(node, this.#packet[bag.items[place] as number] as number))
          this.#fresh.push(bag.takeAt(place));
    }
    // That something which was received changes something once more is a matter of chance (`repeat`); where liveness is at stake,
    // it has to be known.
    const done = this.#isPatient ? this.#done : nobody;
    for (let place = done.length - 1; place >= 0; place--) {
      const id = done.items[place] as number;
      if (this.#wouldChange(this.#to[id] as number, this.#packet[id] as number))
        this.#fresh.push(done.takeAt(place));
    }
    return this.#fresh.length > 0;
  }

  // Timers.

  timers(): number {
    if (this.#timerCount >= 0) return this.#timerCount;
    let count = 0;
    for (let node = 0; node < this.#count; node++) count += this.#armed(node).length;
    this.#timerCount = count;
    return count;
  }
  timerAt(index: number): { readonly node: number; readonly key: number } {
    const { node, timer } = this.#findTimer(index);
    this.#timerKeys[node]![timer] ??= hashText(`${node} ${this.#tables[node]!.timers[timer]}`) | 0;
    return { node, key: this.#timerKeys[node]![timer] };
  }
  fire(index: number): boolean {
    const { node, timer } = this.#findTimer(index);
    const outcomes = this.#firings(node, timer);
    if (outcomes.length === 0) return false;
    const { component, events, label } = this.dice.pick(outcomes);
    return this.#rare(node, component, events, label, timerKind as number, timer);
  }

  // The adversary, and what else may go wrong.

  lie(to = this.dice.below(this.#count)): boolean {
    if (!this.can.lie) return false;
    const groups = this.#groupsOf(this.#injectable(to));
    if (groups.length === 0) return false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const group = groups[this.dice.below(groups.length)] as Int32Array;
      if (this.#meets(to, group[this.dice.below(group.length)] as number, injectKind as number)) return true;
    }
    return false;
  }

  say(self: NodeId, to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const packet = this.#system.packetOf(self, message);
    if (packet === undefined) return false;
    return this.#mayBeSaid(to, packet) && this.#meets(to, packet, injectKind as number);
  }

  sayLike(to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const type = typeOf(message);
    const group = this.#groupsOf(this.#injectable(to)).find(
      ([first]) => this.content.types[this.content.type(first!)] === type,
    );
    const variants = [...(group ?? [])].filter((packet) => isVariant(this.#inputOf(packet).message, message));
    if (variants.length === 0) return false;
    return this.#meets(to, this.dice.pick(variants), injectKind as number);
  }

  relay(): boolean {
    for (let attempt = 0; attempt < attempts && this.#relayable.length > 0; attempt++) {
      const at = this.dice.below(this.#relayable.length / 2) * 2;
      const { items } = this.#relayable;
      if (this.#meets(items[at] as number, items[at + 1] as number, relayKind as number)) return true;
    }
    return false;
  }

  repeat(): boolean {
    for (let attempt = 0; attempt < attempts && this.#done.length > 0; attempt++) {
      const id = this.#done.items[this.dice.below(this.#done.length)] as number;
      if (this.#meets(this.#to[id] as number, this.#packet[id] as number, deliverKind)) return true;
    }
    return false;
  }

  crash(): boolean {
    const standing = this.#replicas.filter((node) => !this.#isDown(node));
    if (this.#crashesLeft() <= 0 || standing.length === 0) return false;
    return this.#fails(this.dice.pick(standing), "crash", crashKind as number);
  }

  restart(): boolean {
    const down = this.#replicas.filter((node) => this.#isDown(node));
    return down.length > 0 && this.#fails(this.dice.pick(down), "restart", restartKind as number);
  }

  mishap(): boolean {
    return false; // on this network a message that is lost is one that is late, and any may come twice
  }

  isQuiet(): boolean {
    if (this.settle() || this.#mayTimeOut()) return false;
    if (this.#isPatient)
      this.violation ??= violationAt(this.#system, this.vector, 0, () => {
        this.#system.successors(this.vector, 0, this.#successors);
        return this.#successors.obligatory;
      });
    return true;
  }

  actions(): Action[] {
    const actions: Action[] = [];
    const { items, length } = this.#trace;
    for (let at = 0; at < length; at += traceStride) {
      const [node, kind, what, label] = items.subarray(at, at + traceStride) as unknown as number[];
      const cause = this.#system.reactions.causeId(kinds[kind!]!, what!, this.#labels[label!]);
      actions.push(this.#system.reactions.action(node!, cause));
    }
    return actions;
  }

  get types(): readonly string[] {
    return this.content.types;
  }
  get start(): StartChoice {
    return this.#initials[this.initial]!.choice;
  }

  /** The events so far, in numbers of this process: see {@link repeatEvent}. */
  trace(): Int32Array {
    return this.#trace.items.slice(0, this.#trace.length);
  }

  /** Makes an event of a trace happen again, if it can happen now and changes something. */
  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, kind, what, label] = trace.subarray(at, at + traceStride) as unknown as number[];
    switch (kinds[kind!]) {
      case "deliver":
        return this.#isOnItsWay(node!, what!) && this.#meets(node!, what!, kind!, label);
      case "inject":
        return this.can.lie && this.#mayBeSaid(node!, what!) && this.#meets(node!, what!, kind!, label);
      case "relay":
        return this.#mayBeRelayed(node!, what!) && this.#meets(node!, what!, kind!, label);
      case "timer": {
        if (!this.#armed(node!).includes(what!)) return false;
        const firing = this.#firings(node!, what!).find((one) => this.#label(one.label) === label);
        return !!firing && this.#rare(node!, firing.component, firing.events, firing.label, kind!, what!);
      }
      case "crash":
        return !this.#isDown(node!) && this.#crashesLeft() > 0 && this.#fails(node!, "crash", kind!);
      case "restart":
        return this.#isDown(node!) && this.#fails(node!, "restart", kind!);
      default:
        return false;
    }
  }

  // How it works.

  #inputOf(packet: number) {
    return this.#system.inputOf(packet) as { readonly from: NodeId; readonly message: Json };
  }

  #isOnItsWay(to: number, packet: number): boolean {
    for (let id = 0; id < this.#sent; id++)
      if (this.#packet[id] === packet && this.#to[id] === to) return true;
    return false;
  }

  #mayBeRelayed(to: number, packet: number): boolean {
    const { items, length } = this.#relayable;
    for (let at = 0; at < length; at += 2) if (items[at] === to && items[at + 1] === packet) return true;
    return false;
  }

  #mayBeSaid(to: number, packet: number): boolean {
    const list = this.#injectable(to);
    this.#admitted[list] ??= new Set(this.#system.listOf(list).items);
    return this.#admitted[list].has(packet);
  }

  #crashesLeft(): number {
    const happened = this.#tables.reduce(
      (sum, table, node) => sum + (table.crashesOf[this.vector[node]!]! >> 1),
      0,
    );
    return (this.#system.setting.bounds.crashes ?? 0) - happened;
  }

  /** A packet gets in front of a node. */
  #meets(to: number, packet: number, kind: number, label = -1): boolean {
    const offset = this.#outcomes(to, packet);
    const count = this.#arena.items[offset] as number;
    if (count === 0) return false;
    const chosen = count === 1 ? 0 : this.#choose(offset, count, label);
    const at = offset + 1 + chosen * outcomeStride;
    return this.#apply(to, this.#next(to, at), at, kind, packet);
  }

  /** The outcome with this label, if there is one; otherwise any. */
  #choose(offset: number, count: number, label: number): number {
    for (let index = 0; index < count && label >= 0; index++)
      if (this.#arena.items[offset + 2 + index * outcomeStride] === label) return index;
    return this.dice.below(count);
  }

  #wouldChange(to: number, packet: number): boolean {
    const offset = this.#outcomes(to, packet);
    const count = this.#arena.items[offset] as number;
    const observation = this.vector[this.#count] as number;
    for (let at = offset + 1; at < offset + 1 + count * outcomeStride; at += outcomeStride) {
      if (this.#next(to, at) !== this.vector[to]) return true;
      const events = this.#arena.items[at] as number;
      if (this.#system.observations.after(observation, to, events) !== observation) return true;
    }
    return false;
  }

  #outcomes(to: number, packet: number): number {
    const local = (this.#tables[to] as NodeTable).localOf[this.vector[to] as number] as number;
    const known = (this.#memo[to] as PairTable).get(local, packet);
    if (known < 0) return this.#evaluate(to, local, packet);
    return this.can.fail && this.#isDown(to) ? nothing : known;
  }

  #evaluate(to: number, local: number, packet: number): number {
    const table = this.#tables[to]!;
    if (table.isDown(this.vector[to]!)) return nothing;
    const outcomes = table.outcomesOf(local, inputId.packet(packet), () => this.#system.inputOf(packet));
    const found = outcomes.flatMap((outcome, index) =>
      isIdle(outcome, local) || this.#isOutside(table.viewOfLocal(outcome.local))
        ? []
        : [[outcome.events, this.#label(outcome.label), packet, index]],
    );
    const offset = this.#keep(found);
    this.#memo[to]!.set(local, packet, offset);
    return offset;
  }

  /** The component after the outcome that stands at `at`. */
  #next(to: number, at: number): number {
    const component = this.vector[to] as number;
    const known = (this.#nextMemo[to] as PairTable).get(component, at);
    if (known >= 0) return known;
    const [packet, index] = [this.#arena.items[at + 2]!, this.#arena.items[at + 3]!];
    const next = this.#system.reactions.react(to, component, "deliver", packet)[index]!.component;
    this.content.component(to, next);
    this.#nextMemo[to]!.set(component, at, next);
    return next;
  }

  /** In a safety run views above the last one lie outside the bounds. */
  #isOutside(view: number): boolean {
    return view > this.#system.setting.bounds.views && !this.#isPatient;
  }

  /** Where the outcomes stand from now on. */
  #keep(outcomes: readonly (readonly number[])[]): number {
    const offset = this.#arena.length;
    this.#arena.push(outcomes.length);
    for (const item of outcomes.flat()) this.#arena.push(item);
    return offset;
  }

  /** Takes the outcome of which events and label stand at `at`. False if nothing changes. */
  #apply(node: number, next: number, at: number, kind: number, what: number): boolean {
    const { vector } = this;
    const { items } = this.#arena;
    const events = items[at] as number;
    const before = vector[node] as number;
    const observation = vector[this.#count] as number;
    const after = this.#system.observations.after(observation, node, events);
    if (next === before && after === observation) return false;
    vector[this.#count] = after;
    vector[node] = next;
    this.#note(node, kind, what, items[at + 1] as number);
    if (next !== before) this.#changed(node, before, next);
    this.events++;
    if (after !== observation || this.#isPatient) this.#look();
    this.#witness.happened(this, kind, kind <= relayKind! ? this.content.type(what) : -1);
    return true;
  }

  #note(node: number, kind: number, what: number, label: number): void {
    const trace = this.#trace;
    trace.push(node);
    trace.push(kind);
    trace.push(what);
    trace.push(label);
  }

  #changed(node: number, before: number, next: number): void {
    this.#addHash(node, before, -1);
    this.#addHash(node, next, 1);
    const version = (this.#versions[node] as number) + 1;
    this.#versions[node] = version;
    this.#timerCount = -1;
    const bag = this.#asleep[node] as Bag;
    for (let place = bag.length - 1; place >= 0; place--)
      if ((this.#wakes[bag.items[place] as number] as number) <= version) this.#fresh.push(bag.takeAt(place));
    const { outboxOf } = this.#tables[node] as NodeTable;
    if (outboxOf[before] !== outboxOf[next])
      this.#send(node, outboxOf[before] as number, outboxOf[next] as number);
  }

  #addHash(node: number, component: number, sign: 1 | -1): void {
    this.content.component(node, component);
    const hashes = this.content.componentHashes(node);
    this.#high = (this.#high + sign * (hashes[component * 2] as number)) | 0;
    this.#low = (this.#low + sign * (hashes[component * 2 + 1] as number)) | 0;
  }

  /** Whether the properties have anything against the state. */
  #look(): void {
    const { observations } = this.#system;
    if (!this.#isPatient && observations.violated(this.vector[this.#count] as number) < 0) return;
    this.violation ??= violationAt(this.#system, this.vector, 0, () => 1);
  }

  /** Puts what a node has sent since on its way. */
  #send(node: number, before: number, after: number): void {
    if (before === after) return;
    this.#movesNow.fill(-1);
    const memo = this.#mailMemo[node] as PairTable;
    let index = memo.get(before, after);
    if (index < 0) {
      index = this.#mails.push(this.#sortedMail(node, before, after)) - 1;
      memo.set(before, after, index);
    }
    const mail = this.#mails[index] as Int32Array;
    for (let at = 0; at < mail.length; at += 3) {
      const to = mail[at] as number;
      const packet = mail[at + 1] as number;
      const how = mail[at + 2] as number;
      if (how === addressed) this.#post(to, node, packet);
      else if (how === spoken) {
        this.#said.push(to);
        this.#said.push(packet);
      } else {
        this.#relayable.push(to);
        this.#relayable.push(packet);
      }
    }
  }

  #post(to: number, from: number, packet: number): void {
    const id = this.#sent++;
    if (id === this.#to.length) this.#growEntries();
    this.#to[id] = to;
    this.#from[id] = from;
    this.#packet[id] = packet;
    this.#ignored[id] = 0;
    this.#fresh.push(id);
  }

  #growEntries(): void {
    const grown = <T extends Int32Array | Uint8Array>(old: T, bigger: T): T => {
      bigger.set(old);
      return bigger;
    };
    const size = this.#to.length * 2;
    this.#to = grown(this.#to, new Int32Array(size));
    this.#from = grown(this.#from, new Int32Array(size));
    this.#packet = grown(this.#packet, new Int32Array(size));
    this.#wakes = grown(this.#wakes, new Int32Array(size));
    this.#ignored = grown(this.#ignored, new Uint8Array(size));
  }

  /** Receiver, packet, and how it is meant, for all that is new; in an order of content. */
  #sortedMail(node: number, before: number, after: number): Int32Array {
    const { spec, outboxes } = this.#tables[node]!;
    const old = new Map(outboxes[before]!);
    const packets = new Map<number, [message: number, added: number, all: number]>();
    for (const [message, recipients] of outboxes[after]!) {
      const added = recipients & ~(old.get(message) ?? 0);
      const packet = this.#system.packetOf(spec.id, this.#system.messageOf(message))!;
      if (added !== 0) packets.set(packet, [message, added, recipients]);
    }
    const mail: number[] = [];
    for (const packet of this.content.sorted([...packets.keys()])) {
      const [message, added, all] = packets.get(packet)!;
      const isNew = !old.has(message);
      if (isNew) mail.push(node, packet, spoken);
      const canBeRelayed = this.can.relay && isNew && isSigned(this.#system.messageOf(message));
      for (let to = 0; to < this.#count; to++) {
        if (added & (1 << to)) mail.push(to, packet, addressed);
        else if (canBeRelayed && to !== node && !(all & (1 << to))) mail.push(to, packet, relayable);
      }
    }
    return Int32Array.from(mail);
  }

  /** The timers of a node that are set and may fire, by name. Whether that changes anything is not asked yet. */
  #armed(node: number): readonly number[] {
    const component = this.vector[node] as number;
    return (this.#armedMemo[node] as (readonly number[])[])[component] ?? this.#findArmed(node, component);
  }

  #findArmed(node: number, component: number): readonly number[] {
    const { timers } = this.#tables[node]!;
    const armed = this.#tables[node]!.isDown(component)
      ? []
      : timers
          .filter((timer) => this.#system.reactions.firing(node, component, timer) !== null)
          .sort()
          .map((timer) => timers.indexOf(timer));
    this.#armedMemo[node]![component] = armed;
    return armed;
  }

  #findTimer(index: number): { readonly node: number; readonly timer: number } {
    let rest = index;
    for (let node = 0; node < this.#count; node++) {
      const armed = this.#armed(node);
      if (rest < armed.length) return { node, timer: armed[rest]! };
      rest -= armed.length;
    }
    throw new RangeError(`there is no timer ${index}`);
  }

  /** What a timer can do. */
  #firings(node: number, timer: number): readonly Reaction[] {
    const { reactions } = this.#system;
    const component = this.vector[node] as number;
    const memo = this.#firingIds[node] as PairTable;
    const known = memo.get(component, timer);
    if (known >= 0) return this.#firingsBy[known]!;
    const found = reactions
      .react(node, component, "timer", timer)
      .filter((reaction) => !reactions.isOutside(node, reaction.component));
    memo.set(component, timer, this.#firingsBy.push(found) - 1);
    return found;
  }

  /** Whether there is a timer that would change something. */
  #mayTimeOut(): boolean {
    const observation = this.vector[this.#count]!;
    return this.#tables.some((_, node) =>
      this.#armed(node).some((timer) =>
        this.#firings(node, timer).some(
          ({ component, events }) =>
            component !== this.vector[node] ||
            this.#system.observations.after(observation, node, events) !== observation,
        ),
      ),
    );
  }

  #injectable(to: number): number {
    if ((this.#movesNow[to] as number) < 0) {
      const list = this.#system.injectable(this.vector, 0, to);
      const role = this.#system.roles[to];
      for (let node = 0; node < this.#count; node++)
        if (this.#system.roles[node] === role) this.#movesNow[node] = list;
    }
    return this.#movesNow[to] as number;
  }

  /** The moves of a list by the type of their message: there are many new-views, and few other things to say. */
  #groupsOf(list: number): readonly Int32Array[] {
    const known = this.#moves[list];
    if (known) return known;
    const byType = new Map<string, number[]>();
    for (const packet of this.content.sorted(this.#system.listOf(list).items)) {
      const input = this.#system.inputOf(packet);
      const type = input.kind === "message" ? typeOf(input.message) : "";
      byType.set(type, [...(byType.get(type) ?? []), packet]);
    }
    const groups = [...byType]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, packets]) => Int32Array.from(packets));
    this.#moves[list] = groups;
    return groups;
  }

  #isDown(node: number): boolean {
    return this.#tables[node]!.isDown(this.vector[node]!);
  }

  #fails(node: number, kind: "crash" | "restart", code: number): boolean {
    const results = this.#system.reactions.react(node, this.vector[node]!, kind, -1);
    const { component, events, label } = results[this.dice.below(results.length)]!;
    if (this.#system.reactions.isOutside(node, component)) return false;
    return this.#rare(node, component, events, label, code, -1);
  }

  /** Takes an outcome that does not stand in the arena. */
  #rare(
    node: number,
    component: number,
    events: number,
    label: string | undefined,
    kind: number,
    what: number,
  ): boolean {
    const offset = this.#arena.length;
    this.#arena.push(events);
    this.#arena.push(this.#label(label));
    const has = this.#apply(node, component, offset, kind, what);
    this.#arena.length = offset;
    return has;
  }

  #label(label: string | undefined): number {
    const known = this.#labelIds.get(label);
    if (known !== undefined) return known;
    const id = this.#labels.push(label) - 1;
    this.#labelIds.set(label, id);
    return id;
  }
}
