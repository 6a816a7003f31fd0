// The world of runs in virtual time, on a network that is synchronous from GST on (model/timed/clockwork.ts
// has the rules). A strategy chooses among the messages that arrive at the current time. When none is left,
// time advances to the next arrival or timer. Delays are drawn with the run (see delays.ts). Every run is
// also one of the untimed model.
//
// A run ends when every client is served, or when a waiting one cannot be served in time any more: it has
// waited for k Delta after GST (the temperature); or the situation, apart from time, has occurred before (a
// lasso: it can recur for ever); or nothing can happen. A run cut off by the number of actions or by the
// bounds proves nothing.

import type { Action, ActionTimes } from "../../../model/action.js";
import { UserError } from "../../../model/errors.js";
import { hashText } from "../../../model/hash.js";
import type { Reaction } from "../../../model/reaction.js";
import { insideContract, type Setting } from "../../../model/setting.js";
import type { TransitionSystem } from "../../../model/system.js";
import { Clockwork, type DueTimer, type Envelope, never } from "../../../model/timed/clockwork.js";
import { goesRound, isLate, isStuck } from "../../../model/timed/explanations.js";
import { type Micros, timedNetworks, timedProperty } from "../../../model/timed/timing.js";
import type { Json, NodeId } from "../../../protocol/index.js";
import { type Dice, mixed } from "../../dice.js";
import { BaseWorld } from "../base-world.js";
import { type EventKind, kinds } from "../event-kinds.js";
import { EventLog, kindIn, linkIn } from "../event-log.js";
import { Labels } from "../labels.js";
import { traceStride } from "../run-record.js";
import type { Abilities, Statement } from "../run-view.js";
import { isVariant } from "../variant.js";
import type { RunnableWorld, TimedEnd, Witness } from "../world.js";
import { AdversaryMessages } from "./adversary-messages.js";
import { Arrivals } from "./arrivals.js";
import { Delays } from "./delays.js";
import { StatementsHeard } from "./statements-heard.js";

/** How often the adversary tries to find a message before it gives up for this step. */
const attempts = 4;

/** A run in virtual time. */
export class TimedWorld extends BaseWorld implements RunnableWorld {
  end: TimedEnd | null = null;
  readonly can: Abilities;
  readonly #clock: Clockwork;
  readonly #adversaryMessages: AdversaryMessages;
  readonly #statements: StatementsHeard;
  readonly #isOwed: boolean;
  readonly #arrivals: Arrivals;
  #dueTimers: DueTimer[] | null = null;
  readonly #labels = new Labels();
  readonly #log: EventLog;
  readonly #times: Micros[] = [];
  /** Situations at which a timer has expired, after GST: the number of actions before, and the time. */
  readonly #situations = new Map<string, readonly [events: number, at: Micros]>();
  #lasso: readonly [events: number, at: Micros] | null = null;

  constructor(system: TransitionSystem, witness: Witness) {
    super(system, witness);
    const { setting } = system;
    const { stepFaults } = setting.adversary ?? {};
    this.can = {
      lie: this.speech.lies || system.nodes.length > system.correctCount,
      relay: this.speech.relays,
      fail: stepFaults?.forgets === true,
      networkFault: false,
    };
    this.#isOwed = insideContract(setting);
    refuseUntimed(setting);
    this.#log = new EventLog(system, this.#labels);
    this.#adversaryMessages = new AdversaryMessages(system, this.content);
    this.#statements = new StatementsHeard(system, this.content);
    this.#clock = new Clockwork(system, setting.timing!, {
      send: (envelope) => this.#arrivals.send(envelope),
      sorted: (packets) => this.content.sorted(packets),
    });
    this.#arrivals = new Arrivals(this.#clock);
  }

  override begin(dice: Dice): void {
    this.#arrivals.delays = new Delays(dice, this.#clock.timing, this.nodes.length);
    super.begin(dice);
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.violation = this.end = null;
    this.#arrivals.begin();
    this.#dueTimers = null;
    this.#times.length = 0;
    this.#log.clear();
    this.versions.fill(0);
    this.#situations.clear();
    this.#lasso = null;
    this.#clock.begin(this.initials[initial]!);
    this.#statements.begin(this.vector);
    this.#look();
    this.witness.began(this);
  }

  get events(): number {
    return this.#log.length;
  }
  get vector(): Int32Array {
    return this.#clock.vector;
  }

  get pending(): number {
    return this.end ? 0 : this.#arrivals.due.length;
  }
  to(place: number): number {
    return this.#arrivals.due[place]!.to;
  }
  from(place: number): number {
    const { from } = this.#arrivals.due[place]!;
    return from < 0 ? this.nodes.length : from;
  }
  key(place: number): number {
    return this.content.packet(this.#arrivals.due[place]!.packet);
  }
  sent(place: number): number {
    return this.#arrivals.due[place]!.number;
  }
  message(place: number): Json {
    return this.#adversaryMessages.messageOf(this.#arrivals.due[place]!.packet);
  }
  get said(): number {
    return this.#statements.all.length;
  }
  statement(index: number): Statement {
    return this.#statements.all[index]!;
  }
  get high(): number {
    return this.#hash(0);
  }
  get low(): number {
    return this.#hash(1);
  }
  get types(): readonly string[] {
    return this.content.types;
  }

  deliver(place: number): boolean {
    return this.#arrive(this.#arrivals.take(place));
  }
  setAside(place: number): void {
    this.#arrivals.putOff(place);
  }
  /** Advances time until something can happen. */
  settle(): boolean {
    this.#arrivals.sift();
    while (!this.end && this.#arrivals.due.length === 0 && this.timers() === 0) this.#goOn();
    return this.pending > 0;
  }

  timers(): number {
    this.#dueTimers ??= this.#clock.due();
    return this.end ? 0 : this.#dueTimers.length;
  }
  timerAt(index: number): { readonly node: number; readonly key: number } {
    const { node, timer } = this.#dueTimers![index]!;
    return { node, key: hashText(`${node} ${this.system.nodes[node]!.timers[timer]}`) | 0 };
  }
  fire(index: number): boolean {
    const { node, timer } = this.#dueTimers![index]!;
    const firings = this.#clock.firings(node, timer);
    return firings.length > 0 && this.#take("timer", node, this.#choose(firings), timer);
  }

  lie(to = this.dice.below(this.nodes.length)): boolean {
    return this.can.lie && this.#sayAny(to, "inject");
  }
  say(self: NodeId, to: number, message: Json): boolean {
    const packet = this.can.lie ? this.system.packetOf(self, message) : undefined;
    if (packet === undefined || !this.#adversaryMessages.includes(this.vector, to, "inject", packet))
      return false;
    return this.#meets("inject", to, packet);
  }
  sayLike(to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const variants = this.#adversaryMessages
      .to(this.vector, to, "inject")
      .flatMap((group) => [...group])
      .filter((packet) => isVariant(this.#adversaryMessages.messageOf(packet), message));
    return variants.length > 0 && this.#meets("inject", to, this.dice.pick(variants));
  }
  relay(): boolean {
    return this.can.relay && this.#sayAny(this.dice.below(this.nodes.length), "relay");
  }
  /** A duplicate that is of use arrives again by itself. */
  repeat(): boolean {
    return false;
  }
  crash(): boolean {
    return false;
  }
  /** Restarts a Byzantine node without its state. */
  restart(): boolean {
    if (!this.can.fail || this.end) return false;
    const puppets = this.nodes.length - this.system.correctCount;
    const node = this.system.correctCount + this.dice.below(puppets);
    const results = this.system.reactions
      .react(node, this.vector[node]!, "restart", -1)
      .filter((one) => this.#clock.changes(node, one));
    return results.length > 0 && this.#take("restart", node, this.dice.pick(results), -1);
  }
  networkFault(): boolean {
    return false;
  }

  isQuiet(): boolean {
    return !this.settle() && this.timers() === 0;
  }

  actions(): Action[] {
    return this.#log.actions();
  }

  get schedule(): ActionTimes {
    const timesMs = this.#times.map((time) => time / 1000);
    const until = { timesMs, untilMs: this.#clock.now / 1000 };
    return this.#lasso ? { ...until, againMs: this.#lasso[1] / 1000 } : until;
  }
  get loopFrom(): number {
    return this.#lasso ? this.#lasso[0] : this.events;
  }
  get longestWait(): Micros {
    return this.#clock.waiting.longest;
  }

  trace(): Int32Array {
    return this.#log.trace();
  }

  /** An event is repeated only if it is possible now; an envelope in flight may arrive sooner. */
  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, kind, what, label] = trace.subarray(at, at + traceStride) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (this.end) return false;
    switch (kindIn(kind)) {
      case "deliver": {
        const envelope = this.#clock.envelope(node, what, linkIn(kind));
        if (!envelope || envelope.arrives === never) return false;
        this.#arrivals.withdraw(envelope);
        return this.#arrive(envelope, this.#labels.label(label));
      }
      case "timer": {
        this.settle();
        const index = (this.#dueTimers ?? []).findIndex((one) => one.node === node && one.timer === what);
        return index >= 0 && this.timers() > 0 && this.fire(index);
      }
      case "inject":
      case "relay": {
        const how = kindIn(kind) as "inject" | "relay";
        return this.#adversaryMessages.includes(this.vector, node, how, what) && this.#meets(how, node, what);
      }
      default:
        return false;
    }
  }

  // Time.

  /** Advances to the next moment at which something may happen. */
  #goOn(): void {
    const { waiting } = this.#clock;
    const next = Math.min(this.#arrivals.next, this.#clock.nextTimer());
    if (next === never) {
      if (waiting.isAnybody) this.#fail("round", isStuck(waiting.requests));
      else this.#finish({ kind: "served" });
      return;
    }
    const time = Math.min(next, waiting.until);
    const halt = this.#clock.advance(time);
    this.#dueTimers = null;
    if (halt?.kind === "overdue") throw new Error(`a timed run broke its own rules: ${JSON.stringify(halt)}`);
    if (halt) this.#finish({ kind: "views" });
    else if (time < next) this.#fail("late", isLate(waiting.requests, time, this.system.setting.timing!));
    else {
      if (this.#clock.hasRung && time >= this.#clock.timing.gst && waiting.isAnybody) this.#compare();
      this.#arrivals.unload(time);
    }
  }

  /** Whether this situation has occurred before. */
  #compare(): void {
    const situation = this.#clock.situation();
    const before = this.#situations.get(situation);
    if (before === undefined) {
      this.#situations.set(situation, [this.events, this.#clock.now]);
      return;
    }
    this.#lasso = before;
    this.#fail("round", goesRound(this.#clock.waiting.requests, before[1], this.#clock.now));
  }

  /** A client is not served in time: a violation if liveness is guaranteed. */
  #fail(kind: "late" | "round", explanation: string): void {
    if (this.#isOwed) this.violation = { property: timedProperty, explanation };
    this.#finish({ kind });
  }

  #finish(end: TimedEnd): void {
    this.end = end;
    this.#dueTimers = null;
  }

  // Events.

  #arrive(envelope: Envelope, label?: string): boolean {
    if (!this.#arrivals.isDeliverable(envelope)) return false;
    envelope.arrives = never;
    const ways = this.#clock.deliveries(envelope);
    const chosen = ways.find((way) => label !== undefined && way.label === label);
    return this.#take("deliver", envelope.to, chosen ?? this.#choose(ways), envelope.packet, envelope);
  }

  #sayAny(to: number, kind: "inject" | "relay"): boolean {
    if (this.end) return false;
    const groups = this.#adversaryMessages.to(this.vector, to, kind);
    for (let attempt = 0; attempt < attempts && groups.length > 0; attempt++)
      if (this.#meets(kind, to, this.#anyOf(this.dice.pick(groups)))) return true;
    return false;
  }

  #meets(kind: "inject" | "relay", to: number, packet: number): boolean {
    if (this.end) return false;
    const ways = this.#clock.receptions(to, packet);
    return ways.length > 0 && this.#take(kind, to, this.#choose(ways), packet);
  }

  #anyOf(group: Int32Array): number {
    return group[this.dice.below(group.length)]!;
  }

  #choose(ways: readonly Reaction[]): Reaction {
    return ways.length === 1 ? ways[0]! : this.dice.pick(ways);
  }

  #take(
    name: EventKind,
    node: number,
    reaction: Reaction,
    what: number,
    received: Envelope | null = null,
  ): boolean {
    const kind = kinds.indexOf(name);
    const before = this.vector[node];
    const link = this.#clock.hasLinks && received !== null && !received.isDeferred ? received.from : -1;
    this.#log.add(node, kind, what, this.#labels.id(reaction.label), link);
    this.#times.push(this.#clock.now);
    this.#dueTimers = null;
    if (name === "timer") this.#clock.skip(node, what);
    this.#clock.take(node, reaction, received);
    if (this.vector[node] !== before) this.versions[node]!++;
    this.#statements.hear(this.vector, node);
    this.#look();
    const isMessage = name === "deliver" || name === "inject" || name === "relay";
    this.witness.happened(this, kind, isMessage ? this.content.type(what) : -1);
    return true;
  }

  /** Whether the run is over. */
  #look(): void {
    const { observations } = this.system;
    const violated = observations.violated(this.vector.at(-1)!);
    if (violated >= 0) {
      const { name } = observations.properties[violated]!;
      this.violation ??= { property: name, explanation: observations.explain(this.vector.at(-1)!, violated) };
    } else if (this.#clock.hasLeftBounds) this.#finish({ kind: "views" });
    else if (this.#clock.waiting.isOver) this.#finish({ kind: "served" });
  }

  #hash(word: 0 | 1): number {
    const { vector } = this;
    let sum = 0;
    for (let node = 0; node < this.nodes.length; node++) {
      this.content.component(node, vector[node]!);
      sum += this.content.componentHashes(node)[vector[node]! * 2 + word]!;
    }
    if (this.system.channels !== null)
      for (let node = 0; node < this.nodes.length; node++) {
        const inbox = vector[this.nodes.length + node]!;
        sum += mixed(this.content.inbox(inbox)[inbox * 2 + word]!, node);
      }
    const observation = vector.at(-1)!;
    return mixed((sum + this.content.observation(observation)[observation * 2 + word]!) | 0, word);
  }
}

/** @throws {UserError} `bad-option` for a setting whose runs cannot be timed. */
function refuseUntimed({ properties, network, bounds }: Setting): void {
  const others = properties.filter(({ name, kind }) => kind === "eventually" && name !== timedProperty);
  const isAsked = properties.some(({ name }) => name === timedProperty);
  if (isAsked && others.length === 0 && timedNetworks.includes(network) && !bounds.crashes) return;
  throw new UserError(
    "bad-option",
    `Timed runs are about ${timedProperty} and no other liveness property, on the network ${timedNetworks.join(", ")}, and without crashes.`,
  );
}
