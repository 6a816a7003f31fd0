// Hot file: the world of runs on the `async` network. Unlike a search it never lists all transitions of a
// state. Messages in flight are kept in lists from one step to the next (deliveries.ts), and a delivery costs
// two table lookups (node-steps.ts) and a few stores. The other parts are in async/: sent messages, adversary
// messages, timers, the record of the run.

import type { Action } from "../../model/action.js";
import { Successors } from "../../model/successors.js";
import type { TransitionSystem } from "../../model/system.js";
import { IntList } from "../../model/tables.js";
import { violationAt } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import { AdversaryMoves, attempts } from "./adversary-moves.js";
import { Deliveries } from "./async/deliveries.js";
import { NodeSteps } from "./async/node-steps.js";
import { OutboxChanges } from "./async/outbox-changes.js";
import { Timers } from "./async/timers.js";
import { BaseWorld } from "./base-world.js";
import { kinds } from "./event-kinds.js";
import { EventLog } from "./event-log.js";
import { Labels } from "./labels.js";
import { traceStride } from "./run-record.js";
import type { Abilities, Statement } from "./run-view.js";
import type { RunnableWorld, Witness } from "./world.js";

const [deliverKind, injectKind, relayKind, timerKind, crashKind, restartKind] = [0, 1, 2, 3, 4, 5] as const;

/** Any label, when no event is repeated. */
const anyLabel = -1;

/** A run on the `async` network. */
export class AsyncWorld extends BaseWorld implements RunnableWorld {
  events = 0;
  readonly can: Abilities;
  readonly vector: Int32Array;
  /** The hash of the state: the sum of its parts' hashes. */
  high = 0;
  low = 0;

  readonly #count: number;
  readonly #replicas: readonly number[];
  /** Whether liveness is checked. */
  readonly #isPatient: boolean;
  readonly #lastView: number;
  readonly #successors = new Successors();
  readonly #labels = new Labels();
  readonly #steps: readonly NodeSteps[];
  readonly #deliveries: Deliveries;
  readonly #outboxChanges: OutboxChanges;
  readonly #moves: AdversaryMoves;
  readonly #timers: Timers;
  readonly #log: EventLog;
  /** The statements of correct nodes, to anyone: sender and packet, alternating. */
  readonly #said = new IntList();
  /** What could be forwarded: receiver and packet, alternating. */
  readonly #relayable = new IntList();

  constructor(system: TransitionSystem, witness: Witness) {
    super(system, witness);
    this.#count = system.nodes.length;
    const { setting } = system;
    const { lies: lie, relays: relay } = this.speech;
    this.can = { lie, relay, fail: (setting.bounds.crashes ?? 0) > 0, networkFault: false };
    this.#replicas = system.roles.flatMap((role, node) => (role === "replica" ? [node] : []));
    this.#isPatient = setting.properties.some(({ kind }) => kind === "eventually");
    this.#lastView = setting.bounds.views;
    this.vector = new Int32Array(system.width);
    const { content } = this;
    const lastView = this.#isPatient ? Number.POSITIVE_INFINITY : this.#lastView;
    this.#steps = system.nodes.map((_, node) => new NodeSteps(system, node, content, this.#labels, lastView));
    this.#deliveries = new Deliveries(this.#count);
    this.#outboxChanges = new OutboxChanges(system, content, relay);
    this.#moves = new AdversaryMoves(system, content);
    this.#timers = new Timers(system, this.#steps);
    this.#log = new EventLog(system, this.#labels);
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.events = 0;
    this.vector.set(this.initials[initial]!.vector);
    this.violation = null;
    this.#deliveries.clear();
    this.#said.length = this.#relayable.length = 0;
    this.#log.clear();
    this.#moves.forget();
    this.versions.fill(0);
    this.#timers.count = 0;
    this.high = this.low = 0;
    this.#addObservation(this.vector[this.#count]!, 1);
    for (let node = 0; node < this.#count; node++) {
      const component = this.vector[node]!;
      this.#steps[node]!.know(component);
      this.#addComponent(node, component, 1);
      this.#send(node, 0, this.#steps[node]!.outbox(component));
    }
    this.#look();
    this.witness.began(this);
  }

  // What a strategy sees.

  get pending(): number {
    return this.#deliveries.pending;
  }
  to(place: number): number {
    return this.#deliveries.to(this.#deliveries.at(place));
  }
  from(place: number): number {
    return this.#deliveries.from(this.#deliveries.at(place));
  }
  key(place: number): number {
    return this.content.packet(this.#deliveries.packet(this.#deliveries.at(place)));
  }
  sent(place: number): number {
    return this.#deliveries.at(place);
  }
  message(place: number): Json {
    return this.#inputOf(this.#deliveries.packet(this.#deliveries.at(place))).message;
  }
  get said(): number {
    return this.#said.length / 2;
  }
  statement(index: number): Statement {
    const { from, message } = this.#inputOf(this.#said.items[index * 2 + 1]!);
    return { by: this.nodes[this.#said.items[index * 2]!]!, from, message };
  }
  override view(node: number): number {
    return (this.#steps[node] as NodeSteps).view(this.vector[node] as number);
  }
  get types(): readonly string[] {
    return this.content.types;
  }
  actions(): Action[] {
    return this.#log.actions();
  }
  trace(): Int32Array {
    return this.#log.trace();
  }

  // Deliveries.

  deliver(place: number): boolean {
    const deliveries = this.#deliveries;
    const id = deliveries.at(place);
    const to = deliveries.to(id);
    const isReceived = this.#meets(to, deliveries.packet(id), deliverKind);
    if (isReceived) deliveries.receive(place);
    else deliveries.ignore(place, this.versions[to] as number);
    return isReceived;
  }

  setAside(place: number): void {
    this.#deliveries.setAside(place);
  }

  settle(): boolean {
    const wouldChange = (node: number, packet: number) => this.#wouldChange(node, packet);
    for (let node = 0; node < this.#count; node++)
      this.#deliveries.bringBack(node, this.versions[node]!, wouldChange);
    // Whether a received message changes something once more is left to chance (`repeat`). When liveness is
    // checked, it must be known.
    if (this.#isPatient) this.#deliveries.bringBackDone(wouldChange);
    return this.#deliveries.pending > 0;
  }

  repeat(): boolean {
    const deliveries = this.#deliveries;
    for (let attempt = 0; attempt < attempts && deliveries.received > 0; attempt++) {
      const id = deliveries.receivedAt(this.dice.below(deliveries.received));
      if (this.#meets(deliveries.to(id), deliveries.packet(id), deliverKind)) return true;
    }
    return false;
  }

  // Timers.

  timers(): number {
    return this.#timers.count;
  }
  timerAt(index: number): { readonly node: number; readonly key: number } {
    const { node, timer } = this.#timers.at(this.vector, index);
    return { node, key: this.#timers.key(node, timer) };
  }
  fire(index: number): boolean {
    const { node, timer } = this.#timers.at(this.vector, index);
    return this.#fires(node, timer, anyLabel);
  }

  // The adversary, and other faults.

  lie(to = this.dice.below(this.#count)): boolean {
    return (
      this.can.lie &&
      this.#moves.draw(this.vector, to, this.dice, (packet) => this.#meets(to, packet, injectKind))
    );
  }

  say(self: NodeId, to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const packet = this.#moves.packetOf(self, message);
    return packet >= 0 && this.#moves.has(this.vector, to, packet) && this.#meets(to, packet, injectKind);
  }

  sayLike(to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const variants = this.#moves.variants(this.vector, to, message);
    return variants.length > 0 && this.#meets(to, this.dice.pick(variants), injectKind);
  }

  relay(): boolean {
    for (let attempt = 0; attempt < attempts && this.#relayable.length > 0; attempt++) {
      const at = this.dice.below(this.#relayable.length / 2) * 2;
      const { items } = this.#relayable;
      if (this.#meets(items[at] as number, items[at + 1] as number, relayKind)) return true;
    }
    return false;
  }

  crash(): boolean {
    const standing = this.#replicas.filter((node) => !this.#isDown(node));
    if (this.#crashesLeft() <= 0 || standing.length === 0) return false;
    return this.#fails(this.dice.pick(standing), crashKind);
  }

  restart(): boolean {
    const down = this.#replicas.filter((node) => this.#isDown(node));
    return down.length > 0 && this.#fails(this.dice.pick(down), restartKind);
  }

  networkFault(): boolean {
    return false; // on this network a message that is lost is one that is late, and any may come twice
  }

  isQuiet(): boolean {
    if (this.settle() || this.#timers.mayChange(this.vector, this.vector[this.#count]!)) return false;
    if (this.system.setting.bounds.recovery === "always" && this.restart()) return false;
    if (this.#isPatient)
      this.violation ??= violationAt(this.system, this.vector, 0, () => {
        this.system.successors(this.vector, 0, this.#successors);
        return this.#successors.obligatory;
      });
    return true;
  }

  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, kind, what, label] = trace.subarray(at, at + traceStride) as unknown as [
      ...[node: number, kind: number, what: number, label: number],
    ];
    switch (kind) {
      case deliverKind:
        return this.#deliveries.includes(node, what) && this.#meets(node, what, kind, label);
      case injectKind:
        return (
          this.can.lie && this.#moves.has(this.vector, node, what) && this.#meets(node, what, kind, label)
        );
      case relayKind:
        return this.#mayBeRelayed(node, what) && this.#meets(node, what, kind, label);
      case timerKind:
        return this.#timers.armed(this.vector, node).includes(what) && this.#fires(node, what, label);
      case crashKind:
        return !this.#isDown(node) && this.#crashesLeft() > 0 && this.#fails(node, kind);
      case restartKind:
        return this.#isDown(node) && this.#fails(node, kind);
      default:
        return false;
    }
  }

  // Implementation.

  /** Delivers a packet to a node; false if that changes nothing. */
  #meets(to: number, packet: number, kind: number, label: number = anyLabel): boolean {
    const steps = this.#steps[to] as NodeSteps;
    const component = this.vector[to] as number;
    const outcomes = steps.outcomes(component, packet);
    if (outcomes === 0) return false;
    // In a run made of another one the old label may not exist any more: then any will do.
    const wanted = steps.count(outcomes) === 1 ? 0 : this.#choose(steps, outcomes, label);
    const outcome = steps.outcome(outcomes, wanted >= 0 ? wanted : this.#choose(steps, outcomes, anyLabel));
    const next = steps.next(component, outcome);
    return this.#apply(to, next, steps.events(outcome), steps.label(outcome), kind, packet);
  }

  /** The index of the outcome with this label, -1 if there is none; drawn if it is {@link anyLabel}. */
  #choose(steps: NodeSteps, outcomes: number, label: number): number {
    const count = steps.count(outcomes);
    if (label === anyLabel) return count === 0 ? -1 : this.dice.below(count);
    for (let place = 0; place < count; place++)
      if (steps.label(steps.outcome(outcomes, place)) === label) return place;
    return -1;
  }

  #wouldChange(to: number, packet: number): boolean {
    const steps = this.#steps[to] as NodeSteps;
    const component = this.vector[to] as number;
    const observation = this.vector[this.#count] as number;
    const outcomes = steps.outcomes(component, packet);
    const count = steps.count(outcomes);
    for (let place = 0; place < count; place++) {
      const outcome = steps.outcome(outcomes, place);
      if (steps.next(component, outcome) !== component) return true;
      if (this.system.observations.after(observation, to, steps.events(outcome)) !== observation) return true;
    }
    return false;
  }

  /** A node reaches a component and emits events. False if nothing changes. */
  #apply(node: number, next: number, events: number, label: number, kind: number, what: number): boolean {
    const { vector } = this;
    const before = vector[node] as number;
    const observation = vector[this.#count] as number;
    const after = events === 0 ? observation : this.system.observations.after(observation, node, events);
    if (next === before && after === observation) return false;
    this.#log.add(node, kind, what, label);
    if (next !== before) this.#change(node, before, next);
    if (after !== observation) this.#observe(observation, after);
    this.events++;
    const isBeyond = this.#isPatient && (this.#steps[node] as NodeSteps).view(next) > this.#lastView;
    if (after !== observation || isBeyond) this.#look();
    this.witness.happened(this, kind, kind <= relayKind ? this.content.type(what) : -1);
    return true;
  }

  #change(node: number, before: number, next: number): void {
    this.vector[node] = next;
    this.#addComponent(node, before, -1);
    this.#addComponent(node, next, 1);
    const version = (this.versions[node] as number) + 1;
    this.versions[node] = version;
    this.#deliveries.wake(node, version);
    const steps = this.#steps[node] as NodeSteps;
    const [old, outbox] = [steps.outbox(before), steps.outbox(next)];
    if (old !== outbox) this.#send(node, old, outbox);
  }

  #observe(before: number, after: number): void {
    this.vector[this.#count] = after;
    this.#addObservation(before, -1);
    this.#addObservation(after, 1);
  }

  #addComponent(node: number, component: number, sign: 1 | -1): void {
    const steps = this.#steps[node] as NodeSteps;
    this.high = (this.high + sign * steps.high(component)) | 0;
    this.low = (this.low + sign * steps.low(component)) | 0;
    this.#timers.count += sign * steps.timers(component);
  }

  #addObservation(observation: number, sign: 1 | -1): void {
    const hashes = this.content.observation(observation);
    this.high = (this.high + sign * (hashes[observation * 2] as number)) | 0;
    this.low = (this.low + sign * (hashes[observation * 2 + 1] as number)) | 0;
  }

  /**
   * Checks the properties in the new state. The result depends on what they observe, and on views beyond the
   * last one.
   */
  #look(): void {
    const { observations } = this.system;
    if (!this.#isPatient && observations.violated(this.vector[this.#count] as number) < 0) return;
    this.violation ??= violationAt(this.system, this.vector, 0, () => 1);
  }

  /** Sends the messages that are new in a node's outbox. */
  #send(node: number, before: number, after: number): void {
    if (before === after) return;
    this.#moves.forget();
    let at = this.#outboxChanges.between(node, before, after);
    const { items } = this.#outboxChanges;
    for (let left = items[at++] as number; left > 0; left--, at += 2)
      this.#deliveries.post(items[at] as number, node, items[at + 1] as number);
    for (let left = items[at++] as number; left > 0; left--) {
      this.#said.push(node);
      this.#said.push(items[at++] as number);
    }
    for (let left = (items[at++] as number) * 2; left > 0; left--)
      this.#relayable.push(items[at++] as number);
  }

  #inputOf(packet: number) {
    return this.system.inputOf(packet) as { readonly from: NodeId; readonly message: Json };
  }

  #mayBeRelayed(to: number, packet: number): boolean {
    const { items, length } = this.#relayable;
    for (let at = 0; at < length; at += 2) if (items[at] === to && items[at + 1] === packet) return true;
    return false;
  }

  /** Fires a timer; false if it cannot fire with this label, or changes nothing. */
  #fires(node: number, timer: number, label: number): boolean {
    const steps = this.#steps[node] as NodeSteps;
    const firings = steps.firings(this.vector[node] as number, timer);
    const place = this.#choose(steps, firings, label);
    if (place < 0) return false;
    const outcome = steps.outcome(firings, place);
    const [next, events] = [steps.fired(outcome), steps.events(outcome)];
    return this.#apply(node, next, events, steps.label(outcome), timerKind, timer);
  }

  #isDown(node: number): boolean {
    return this.#steps[node]!.isDown(this.vector[node]!);
  }

  #crashesLeft(): number {
    const happened = this.system.nodes.reduce(
      (sum, table, node) => sum + (table.crashesOf[this.vector[node]!]! >> 1),
      0,
    );
    return (this.system.setting.bounds.crashes ?? 0) - happened;
  }

  #fails(node: number, kind: typeof crashKind | typeof restartKind): boolean {
    const { reactions } = this.system;
    const results = reactions.react(node, this.vector[node]!, kinds[kind], -1);
    const { component, events, label } = this.dice.pick(results);
    if (reactions.isOutside(node, component)) return false;
    this.#steps[node]!.know(component);
    return this.#apply(node, component, events, this.#labels.id(label), kind, -1);
  }
}
