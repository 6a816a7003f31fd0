// The clock of a timed run: when timers expire, until when a useful message has to arrive, who waits since
// when. A timed run is a run of the untimed model in which every action has a time. All who make or check
// such runs use this.
//
// The rules.
// (1) A timer that is set at s for d base timeouts fires at s + d T, neither earlier nor later. If firing
// would change nothing that the model can see (a client that repeats its request), it is set again at once,
// and there is no action.
// (2) On `async` a delivery between correct nodes that would change something has to happen within Delta. The
// time counts from when it would first change something, or from GST if that is later. If the receiver ignores
// the message, it arrives again (as in the search: links send again until the receiver acts).
// (3) On `once` and `fifo` every message between correct nodes is delivered within Delta, once, whether or not
// it changes anything; the time counts from when it is sent, or from GST. On `fifo` one that is faster than
// those before it on its link waits for them. What its receiver has deferred falls under (2).
// (4) The adversary's actions take no time and may happen at any time.

import type { NodeId } from "../../protocol/index.js";
import { applyReaction } from "../apply-reaction.js";
import { changesNothing, type TimerSetting } from "../outcomes.js";
import type { Reaction } from "../reaction.js";
import { inputId } from "../starts.js";
import type { InitialState, TransitionSystem } from "../system.js";
import { IntList } from "../tables.js";
import { inMicros, type Micros, type Timing, type TimingMicros } from "./timing.js";
import { Waiting } from "./waiting.js";

export const never = Number.POSITIVE_INFINITY;

/** Something that one node has sent to another, from when it is sent to the end of the run. */
export interface Envelope {
  readonly to: number;
  readonly packet: number;
  /**
   * Index of its origin among the nodes, or -1: a Byzantine one that is none of them. On networks with inboxes, of the node that has
   * sent it.
   */
  readonly from: number;
  /** Its number in the order of sending. */
  readonly number: number;
  /** Whether it has to arrive while it would change something: not if its receiver is Byzantine. */
  readonly isOwed: boolean;
  /** Since when it would change something, without a break; {@link never}: it would not now. */
  usefulSince: Micros;
  /** When it arrives next, as the network has decided; `never`: it is not on its way. For the caller. */
  arrives: Micros;
  /** Whether its receiver has deferred it, on a network with inboxes: it is kept to be delivered again. */
  isDeferred: boolean;
  /** Whether it was delivered, on a network with inboxes, and is no more. */
  isUsedUp: boolean;
}

/** A timer that fires now: an action that is due. */
export interface DueTimer {
  readonly node: number;
  readonly timer: number;
}

/** A timer that has run out, and when. */
interface Expiry extends DueTimer {
  readonly at: Micros;
}

/** Why time cannot go on. */
export type Halt =
  /** Something should have happened before. */
  | { readonly kind: "overdue"; readonly what: string; readonly at: Micros }
  /**
   * A replica's timer of the last view within the bounds has run out, or it has left that view: what
   * follows lies outside the model.
   */
  | { readonly kind: "views"; readonly at: Micros };

/** Whoever decides when envelopes arrive. */
export interface Transport {
  /** This envelope is to be on its way from now on. */
  send(envelope: Envelope): void;
  /** Packets in an order that is the same in every process. */
  sorted(packets: readonly number[]): readonly number[];
}

const nobody: Transport = { send: () => {}, sorted: (packets) => packets };

/** The clock of a timed run: its time, its state, its timers and its messages in flight. */
export class Clockwork {
  readonly system: TransitionSystem;
  readonly timing: TimingMicros;
  readonly waiting: Waiting;
  now: Micros = 0;
  vector = new Int32Array(0);
  readonly envelopes: Envelope[] = [];
  /** Whether a timer has run out (with or without an effect) when time went on last. */
  hasRung = false;
  readonly #envelopesTo: Envelope[][];
  readonly #known: Set<number>[];
  /** By node and timer: when it runs out. */
  readonly #expiry: Micros[][];
  readonly #transport: Transport;
  /** How many envelopes there have been. */
  #sent = 0;
  /** Scratch. */
  readonly #lists = new IntList(64);
  /** Per node the lists of what it can be sent that were looked through. */
  readonly #seenLists: Set<number>[];
  readonly #origins: ReadonlyMap<NodeId, number>;

  constructor(system: TransitionSystem, timing: Timing, transport: Transport = nobody) {
    this.system = system;
    this.timing = inMicros(timing);
    this.waiting = new Waiting(this.timing);
    this.#transport = transport;
    this.#envelopesTo = system.nodes.map(() => []);
    this.#known = system.nodes.map(() => new Set());
    this.#seenLists = system.nodes.map(() => new Set());
    this.#expiry = system.nodes.map(() => []);
    this.#origins = new Map(system.nodes.map(({ spec }, index) => [spec.id, index]));
  }

  begin({ vector, sets, events, sends }: InitialState): void {
    this.now = 0;
    this.vector = vector.slice();
    this.envelopes.length = 0;
    this.#sent = 0;
    this.hasRung = false;
    this.waiting.begin();
    for (let node = 0; node < this.system.nodes.length; node++) {
      this.#envelopesTo[node]!.length = 0;
      this.#known[node]!.clear();
      this.#seenLists[node]!.clear();
      this.#expiry[node]!.length = 0;
      this.#set(node, sets[node] ?? []);
      for (const list of events[node] ?? []) this.#note(list);
    }
    if (this.system.channels === null) this.#collect();
    else for (const [node, all] of sends.entries()) for (const sending of all) this.#post(node, sending);
  }

  /** The latest moment at which an envelope may arrive. */
  deadline({ usefulSince }: Envelope): Micros {
    return usefulSince === never ? never : Math.max(usefulSince, this.timing.gst) + this.timing.delta;
  }

  /** The next moment at which a timer runs out, `never` if none is set. */
  nextTimer(): Micros {
    let next = never;
    for (let node = 0; node < this.#expiry.length; node++)
      for (const [timer, at] of this.#expiry[node]!.entries())
        if (at < next && this.#isSet(node, timer)) next = at;
    return next;
  }

  /** The timers that fire now, by node and name. */
  due(): DueTimer[] {
    const due: DueTimer[] = [];
    for (let node = 0; node < this.#expiry.length; node++)
      for (const [timer, at] of this.#expiry[node]!.entries())
        if (at <= this.now && this.#isSet(node, timer) && this.firings(node, timer).length > 0)
          due.push({ node, timer });
    if (due.length <= 1) return due;
    const nameOf = ({ node, timer }: DueTimer) => this.system.nodes[node]!.timers[timer]!;
    return due.sort((a, b) => a.node - b.node || (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /**
   * Lets time go on to `time`, through timers whose firing changes nothing. Timers that fire at `time`
   * itself are then due. Where something should have happened before, or the bounds are left, time stops
   * there, and it says why.
   */
  advance(time: Micros): Halt | null {
    this.hasRung = false;
    const overdue = this.#firstOverdue(time);
    const end = overdue ? overdue.at : time;
    const passed: Expiry[] = [];
    for (let ring = this.#nextRing(end, passed); ring; ring = this.#nextRing(end, passed)) {
      this.now = Math.max(this.now, ring.at);
      this.hasRung = true;
      if (this.#isBeyond(ring.node)) return { kind: "views", at: this.now };
      if (this.#rearmIfIdle(ring)) continue;
      if (ring.at < time && this.#isCorrect(ring.node))
        return { kind: "overdue", what: this.#nameOf(ring), at: ring.at };
      else passed.push(ring);
    }
    this.now = Math.max(this.now, end);
    return overdue;
  }

  /** What a node can do with a timer that is due. */
  firings(node: number, timer: number): readonly Reaction[] {
    const { reactions } = this.system;
    return reactions.react(node, this.vector[node]!, "timer", timer).filter((one) => this.changes(node, one));
  }

  /** What a node makes of a packet, as far as it changes something. */
  receptions(to: number, packet: number): readonly Reaction[] {
    const { reactions } = this.system;
    return reactions.react(to, this.vector[to]!, "deliver", packet).filter((one) => this.changes(to, one));
  }

  /** How an envelope can be received. One that is in an inbox is used up, so that this changes something whatever its receiver does. */
  deliveries(envelope: Envelope): readonly Reaction[] {
    const { to, packet } = envelope;
    if (!this.#isInInbox(envelope)) return this.receptions(to, packet);
    const { reactions } = this.system;
    return reactions
      .react(to, this.vector[to]!, "deliver", packet)
      .filter(({ component }) => !reactions.isOutside(to, component));
  }

  /** Whether an envelope can be delivered now: it would change something or, in an inbox, it is its turn. */
  isDeliverable(envelope: Envelope): boolean {
    if (envelope.isUsedUp) return false;
    if (!this.#isInInbox(envelope)) return this.#isOfUse(envelope.to, envelope.packet);
    if (!this.hasLinks) return true;
    const isBefore = (one: Envelope) => one.from === envelope.from && !one.isDeferred;
    return this.#envelopesTo[envelope.to]!.find(isBefore) === envelope;
  }

  #isInInbox({ isDeferred }: Envelope): boolean {
    return this.system.channels !== null && !isDeferred;
  }

  /**
   * Whether a packet would change something: `receptions` is not empty. It is asked of everything that a
   * node was sent whenever the node changes, so what can be told from the local state alone is not worked
   * out: nothing happens, or the local state changes.
   */
  #isOfUse(to: number, packet: number): boolean {
    const table = this.system.nodes[to]!;
    const local = table.localOf[this.vector[to]!]!;
    const outcomes = table.outcomesOf(local, inputId.packet(packet), () => this.system.inputOf(packet));
    if (outcomes.every((outcome) => changesNothing(outcome, local))) return false;
    if (this.#isCorrect(to) && outcomes.some((outcome) => outcome.local !== local)) return true;
    return this.receptions(to, packet).length > 0;
  }

  /** Whether a reaction changes the state, within the bounds. */
  changes(node: number, { component, events, sends }: Reaction): boolean {
    const observation = this.vector.at(-1)!;
    if (sends === 0 && component === this.vector[node])
      return events !== 0 && this.system.observations.after(observation, node, events) !== observation;
    return !this.system.reactions.isOutside(node, component);
  }

  /** A node reacts, now; to this envelope, if it is one. */
  take(node: number, reaction: Reaction, received: Envelope | null = null): void {
    const { vector, system } = this;
    const { component, events, sends, sets } = reaction;
    const before = vector[node]!;
    if (received !== null && system.channelSteps !== null) this.#useUp(received, reaction);
    applyReaction(system, vector, 0, node, component, events, sends);
    this.#set(node, sets);
    this.#note(events);
    const { outboxOf } = system.nodes[node]!;
    if (system.channels !== null) this.#post(node, sends);
    else if (outboxOf[before] !== outboxOf[component]) this.#collect();
    for (const envelope of this.#envelopesTo[node]!) if (!this.#isInInbox(envelope)) this.reassess(envelope);
    for (const [timer, at] of this.#expiry[node]!.entries())
      if (at <= this.now && this.#isSet(node, timer)) this.#rearmIfIdle({ node, timer });
  }

  /** A timer that is due is not set any more, whatever follows. */
  skip(node: number, timer: number): void {
    this.#expiry[node]![timer] = never;
  }

  /**
   * The envelope with this packet for this node, if it was sent; of several that can be delivered now the one that is due first.
   * `link`: the node that has sent it, where that matters; otherwise -1.
   */
  envelope(to: number, packet: number, link = -1): Envelope | undefined {
    const found = this.#envelopesTo[to]!.filter(
      (one) => one.packet === packet && (link < 0 || one.from === link),
    );
    if (this.system.channels === null) return found[0];
    return found
      .filter((one) => this.isDeliverable(one))
      .reduce<Envelope | undefined>(
        (first, one) => (first && this.deadline(first) <= this.deadline(one) ? first : one),
        undefined,
      );
  }

  /** Whether on this network it matters which node has sent an envelope. */
  get hasLinks(): boolean {
    return (this.system.channels?.network.window ?? null) !== null;
  }

  /** Whether nothing has to happen any more, ever: nothing of use is on its way, and no timer is set. */
  isStill(): boolean {
    return (
      this.nextTimer() === never &&
      !this.envelopes.some(({ isOwed, usefulSince }) => isOwed && usefulSince !== never)
    );
  }

  /**
   * The situation, time apart: the state, how long each timer still runs, and how soon what is of use has
   * to arrive. What can follow, and when, is the same wherever it is the same after GST.
   */
  situation(): string {
    const clocks = this.#expiry.map((timers, node) =>
      timers.map((at, timer) => (this.#isSet(node, timer) ? at! - this.now : null)),
    );
    const owed = this.envelopes
      .filter(({ isOwed, usefulSince }) => isOwed && usefulSince !== never)
      .map((envelope) => [envelope.to, envelope.packet, this.deadline(envelope) - this.now]);
    owed.sort(([a, b], [c, d]) => a! - c! || b! - d!);
    return JSON.stringify([[...this.vector], clocks, owed]);
  }

  /** Whether a correct replica is beyond the last view. */
  get hasLeftBounds(): boolean {
    return this.system.liveness.leftLastView(this.vector, 0) !== null;
  }

  /**
   * Whether a timer is set. In the last view the model has no timers; a Byzantine replica does without them
   * there.
   */
  #isSet(node: number, timer: number): boolean {
    if ((this.system.nodes[node]!.timersOf[this.vector[node]!]! & (1 << timer)) === 0) return false;
    return this.#isCorrect(node) || !this.#isInLastView(node);
  }

  #isCorrect(node: number): boolean {
    return node < this.system.correctCount;
  }

  #isInLastView(node: number): boolean {
    const { nodes, roles, setting } = this.system;
    const isLast = nodes[node]!.viewOf[this.vector[node]!]! >= setting.bounds.views;
    return roles[node] === "replica" && setting.protocol.primary !== undefined && isLast;
  }

  #isBeyond(node: number): boolean {
    return this.#isCorrect(node) && this.#isInLastView(node);
  }

  /** The next timer to run out that is not among those which have. */
  #nextRing(until: Micros, passed: readonly Expiry[]): Expiry | null {
    let next: Expiry | null = null;
    for (let node = 0; node < this.#expiry.length; node++)
      for (const [timer, at] of this.#expiry[node]!.entries())
        if (at <= until && at < (next?.at ?? never) && this.#isSet(node, timer))
          if (!passed.some((one) => one.node === node && one.timer === timer)) next = { node, timer, at };
    return next;
  }

  /**
   * A timer that is due and whose firing changes nothing that the model can see is set anew. False if it
   * does.
   */
  #rearmIfIdle({ node, timer }: DueTimer): boolean {
    const all = this.system.reactions.react(node, this.vector[node]!, "timer", timer);
    if (all.some((one) => this.changes(node, one))) return false;
    this.skip(node, timer);
    if (all[0]!.component === this.vector[node]) this.#set(node, all[0]!.sets);
    return true;
  }

  #nameOf({ node, timer }: DueTimer): string {
    const { spec, timers } = this.system.nodes[node]!;
    return `${spec.id}'s timer ${timers[timer]}`;
  }

  #firstOverdue(time: Micros): Extract<Halt, { kind: "overdue" }> | null {
    let first: Envelope | null = null;
    for (const envelope of this.envelopes)
      if (envelope.isOwed && this.deadline(envelope) < Math.min(time, first ? this.deadline(first) : never))
        first = envelope;
    if (!first) return null;
    const what = `what ${this.system.nodes[first.to]!.spec.id} can make use of (number ${first.number + 1} of all that was sent)`;
    return { kind: "overdue", what, at: this.deadline(first) };
  }

  #set(node: number, sets: readonly TimerSetting[]): void {
    const clocks = this.#expiry[node]!;
    for (const [timer, delay] of sets) {
      while (clocks.length <= timer) clocks.push(never);
      clocks[timer] = this.now + Math.round(delay * this.timing.timeout);
    }
  }

  #note(events: number): void {
    for (const event of this.system.observations.eventList(events)) this.waiting.note(event, this.now);
  }

  /** What a node has sent goes into inboxes: an envelope for each message and receiver. */
  #post(from: number, sending: number): void {
    const { nodes } = this.system;
    if (sending === 0) return;
    for (const [message, recipients] of nodes[from]!.sendings[sending]!)
      for (let to = 0; to < nodes.length; to++)
        if (recipients & (1 << to)) {
          const packet = this.system.packetOf(nodes[from]!.spec.id, this.system.messageOf(message))!;
          this.#send({ to, packet, from, isOwed: true, usefulSince: this.now });
        }
  }

  /** Takes an envelope out of its inbox, or leaves it there to be delivered again. */
  #useUp(envelope: Envelope, reaction: Reaction): void {
    const { to, packet, from, isDeferred } = envelope;
    const isKept = this.system.channelSteps!.useUp(this.vector, to, { packet, from, isDeferred }, reaction);
    envelope.isDeferred = isKept;
    envelope.isUsedUp = !isKept;
    if (isKept) return;
    for (const list of [this.#envelopesTo[to]!, this.envelopes]) list.splice(list.indexOf(envelope), 1);
  }

  /** Finds what was sent since. */
  #collect(): void {
    for (let to = 0; to < this.system.nodes.length; to++) {
      const news = new Map<number, boolean>();
      this.system.inputs(this.vector, 0, to, this.#lists);
      for (const id of this.#lists.items.subarray(0, this.#lists.length)) {
        if (this.#seenLists[to]!.has(id)) continue;
        this.#seenLists[to]!.add(id);
        const { kind, items } = this.system.listOf(id);
        if (kind !== "deliver") continue;
        const isOwed = this.system.reactions.isObligatory(to, id);
        for (const packet of items) if (!this.#known[to]!.has(packet)) news.set(packet, isOwed);
      }
      if (news.size === 0) continue;
      for (const packet of this.#transport.sorted([...news.keys()])) this.#add(to, packet, news.get(packet)!);
    }
  }

  #add(to: number, packet: number, isOwed: boolean): void {
    this.#known[to]!.add(packet);
    const input = this.system.inputOf(packet);
    const from = input.kind === "message" ? (this.#origins.get(input.from) ?? -1) : -1;
    const usefulSince = this.#isOfUse(to, packet) ? this.now : never;
    this.#send({ to, packet, from, isOwed, usefulSince });
  }

  #send(what: Pick<Envelope, "to" | "packet" | "from" | "isOwed" | "usefulSince">): void {
    const envelope = { ...what, number: this.#sent++, arrives: never, isDeferred: false, isUsedUp: false };
    this.envelopes.push(envelope);
    this.#envelopesTo[what.to]!.push(envelope);
    this.#transport.send(envelope);
  }

  /** Looks whether an envelope is of use now. */
  reassess(envelope: Envelope): void {
    if (!this.#isOfUse(envelope.to, envelope.packet)) {
      envelope.usefulSince = never;
      return;
    }
    if (envelope.usefulSince === never) envelope.usefulSince = this.now;
    if (envelope.arrives === never) this.#transport.send(envelope);
  }
}
