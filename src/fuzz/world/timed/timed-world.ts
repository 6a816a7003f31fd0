// Runs in virtual time, on a network that is synchronous from GST on (see model/timed/clockwork.ts for the rules). What waits is what
// arrives at this very moment; a strategy chooses among that, and when nothing is left time goes on to the next arrival or timer. Who
// is slow is drawn with the run (see delays.ts). Every run is one of the untimed model, too.
//
// A run ends when every client is served, or when one that waits cannot be served in time any more: it has waited for k Delta after GST (the
// temperature), or the situation is one that there was before, time apart (a lasso: it can go on so for ever), or nothing is left to
// happen. What is cut off by the number of actions or by the bounds proves nothing.

import type { Action, Schedule, StartChoice } from "../../../model/action.js";
import { UserError } from "../../../model/errors.js";
import { hashText } from "../../../model/hash.js";
import type { Reaction } from "../../../model/node-table.js";
import { insideContract, type Setting } from "../../../model/setting.js";
import type { InitialState, TransitionSystem } from "../../../model/system.js";
import { Clockwork, type DueTimer, type Letter, never } from "../../../model/timed/clockwork.js";
import { goesRound, isLate, isStuck } from "../../../model/timed/explanations.js";
import { type Micros, timedProperty } from "../../../model/timed/timing.js";
import type { Violation } from "../../../model/walk.js";
import type { Json, NodeId } from "../../../protocol/index.js";
import { EventQueue } from "../../../simulate/event-queue.js";
import { type Dice, mixed } from "../../dice.js";
import { Content } from "../content.js";
import { isVariant } from "../variant.js";
import {
  type Abilities,
  type EventKind,
  kinds,
  type RunnableWorld,
  type Saying,
  type TimedEnd,
  traceStride,
  type Witness,
} from "../world.js";
import { Delays } from "./delays.js";
import { Sayings } from "./sayings.js";
import { Utterances } from "./utterances.js";

/** How often the adversary tries to find something to say before it gives up for this step. */
const attempts = 4;

/** An action that has happened: the node, the kind (its place in {@link kinds}), the packet or timer, and the label chosen. */
type Entry = readonly [node: number, kind: number, what: number, label: string | undefined];

/** See the file comment. */
export class TimedWorld implements RunnableWorld {
  dice!: Dice;
  initial = 0;
  violation: Violation | null = null;
  end: TimedEnd | null = null;
  readonly nodes: readonly NodeId[];
  readonly byzantine: readonly NodeId[];
  readonly can: Abilities;
  readonly #system: TransitionSystem;
  readonly #witness: Witness;
  readonly #content: Content;
  readonly #initials: readonly InitialState[];
  readonly #clock: Clockwork;
  readonly #utterances: Utterances;
  readonly #sayings: Sayings;
  readonly #isOwed: boolean;
  /** What arrives at this moment. */
  #due: Letter[] = [];
  #dueTimers: DueTimer[] | null = null;
  #queue = new EventQueue<Letter>();
  #delays!: Delays;
  readonly #entries: Entry[] = [];
  readonly #times: Micros[] = [];
  readonly #versions: Int32Array;
  /** Situations at which a timer has run out, after GST: how many actions had happened, and when it was. */
  readonly #situations = new Map<string, readonly [events: number, at: Micros]>();
  #lasso: readonly [events: number, at: Micros] | null = null;
  readonly #labels: (string | undefined)[] = [undefined];

  constructor(system: TransitionSystem, witness: Witness) {
    const { setting } = system;
    this.#system = system;
    this.#witness = witness;
    this.#content = new Content(system);
    this.#initials = system.initial();
    this.nodes = system.nodes.map(({ spec }) => spec.id);
    this.byzantine = setting.byzantine;
    const speaks = setting.byzantine.length > 0 && setting.adversary?.speaks === true;
    const { puppetry } = setting.adversary ?? {};
    this.can = {
      lie: speaks || system.nodes.length > system.correctCount,
      relay: speaks && setting.adversary?.forwards === true,
      fail: puppetry?.forgets === true,
      mishap: false,
    };
    this.#isOwed = insideContract(setting);
    refuseUntimed(setting);
    this.#versions = new Int32Array(system.nodes.length);
    this.#utterances = new Utterances(system, this.#content);
    this.#sayings = new Sayings(system, this.#content);
    this.#clock = new Clockwork(system, setting.timing!, {
      send: (letter) => this.#send(letter),
      sorted: (packets) => this.#content.sorted(packets),
    });
  }

  begin(dice: Dice): void {
    this.dice = dice;
    this.#delays = new Delays(dice, this.#clock.timing, this.nodes.length);
    this.beginAt(dice.below(this.#initials.length));
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.violation = this.end = null;
    this.#due = [];
    this.#dueTimers = null;
    this.#queue = new EventQueue();
    this.#entries.length = this.#times.length = 0;
    this.#versions.fill(0);
    this.#situations.clear();
    this.#lasso = null;
    this.#clock.begin(this.#initials[initial]!);
    this.#sayings.begin(this.vector);
    this.#look();
    this.#witness.began(this);
  }

  get events(): number {
    return this.#entries.length;
  }
  get vector(): Int32Array {
    return this.#clock.vector;
  }
  get start(): StartChoice {
    return this.#initials[this.initial]!.choice;
  }

  get pending(): number {
    return this.end ? 0 : this.#due.length;
  }
  to(place: number): number {
    return this.#due[place]!.to;
  }
  from(place: number): number {
    const { from } = this.#due[place]!;
    return from < 0 ? this.nodes.length : from;
  }
  key(place: number): number {
    return this.#content.packet(this.#due[place]!.packet);
  }
  sent(place: number): number {
    return this.#due[place]!.number;
  }
  message(place: number): Json {
    return this.#utterances.messageOf(this.#due[place]!.packet);
  }
  get said(): number {
    return this.#sayings.all.length;
  }
  saying(index: number): Saying {
    return this.#sayings.all[index]!;
  }
  version(node: number): number {
    return this.#versions[node]!;
  }
  view(node: number): number {
    return this.#system.nodes[node]!.viewOf[this.vector[node]!]!;
  }
  get observed(): number {
    const observation = this.vector.at(-1)!;
    return this.#content.observation(observation)[observation * 2]!;
  }
  get high(): number {
    return this.#hash(0);
  }
  get low(): number {
    return this.#hash(1);
  }
  get types(): readonly string[] {
    return this.#content.types;
  }

  deliver(place: number): boolean {
    const letter = this.#due[place]!;
    this.#due[place] = this.#due.at(-1)!;
    this.#due.pop();
    return this.#arrive(letter);
  }
  /** Late, but not too late: where it has to arrive now, it stays where it is. */
  setAside(place: number): void {
    const letter = this.#due[place]!;
    const deadline = this.#clock.deadline(letter);
    if (deadline <= this.#clock.now) return;
    this.#due.splice(place, 1);
    letter.arrives = Math.min(
      deadline,
      Math.max(this.#clock.now, this.#clock.timing.gst) + this.#clock.timing.delta,
    );
    this.#queue.add(letter.arrives, letter.to, letter);
  }
  /** Time goes on until something can happen. */
  settle(): boolean {
    this.#due = this.#due.filter((letter) => this.#isOfUse(letter));
    while (!this.end && this.#due.length === 0 && this.timers() === 0) this.#goOn();
    return this.pending > 0;
  }

  timers(): number {
    this.#dueTimers ??= this.#clock.due();
    return this.end ? 0 : this.#dueTimers.length;
  }
  timerAt(index: number): { readonly node: number; readonly key: number } {
    const { node, timer } = this.#dueTimers![index]!;
    return { node, key: hashText(`${node} ${this.#system.nodes[node]!.timers[timer]}`) | 0 };
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
    const packet = this.can.lie ? this.#system.packetOf(self, message) : undefined;
    if (packet === undefined || !this.#utterances.includes(this.vector, to, "inject", packet)) return false;
    return this.#meets("inject", to, packet);
  }
  sayLike(to: number, message: Json): boolean {
    if (!this.can.lie) return false;
    const variants = this.#utterances
      .to(this.vector, to, "inject")
      .flat()
      .filter((packet) => isVariant(this.#utterances.messageOf(packet), message));
    return variants.length > 0 && this.#meets("inject", to, this.dice.pick(variants));
  }
  relay(): boolean {
    return this.can.relay && this.#sayAny(this.dice.below(this.nodes.length), "relay");
  }
  /** What comes twice and is of use arrives again by itself. */
  repeat(): boolean {
    return false;
  }
  crash(): boolean {
    return false;
  }
  /** A Byzantine node that forgets everything begins anew. */
  restart(): boolean {
    if (!this.can.fail || this.end) return false;
    const puppets = this.nodes.length - this.#system.correctCount;
    const node = this.#system.correctCount + this.dice.below(puppets);
    const results = this.#system.reactions
      .react(node, this.vector[node]!, "restart", -1)
      .filter((one) => this.#clock.changes(node, one));
    return results.length > 0 && this.#take("restart", node, this.dice.pick(results), -1);
  }
  mishap(): boolean {
    return false;
  }

  isQuiet(): boolean {
    return !this.settle() && this.timers() === 0;
  }

  actions(): Action[] {
    const { reactions } = this.#system;
    return this.#entries.map(([node, kind, what, label]) =>
      reactions.action(node, reactions.causeId(kinds[kind]!, what, label)),
    );
  }

  get schedule(): Schedule {
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
    return Int32Array.from(
      this.#entries.flatMap(([node, kind, what, label]) => [node, kind, what, this.#labelId(label)]),
    );
  }

  /** Such an event happens again only if it is one for this moment; a letter that is on its way may come sooner. */
  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, kind, what, label] = trace.subarray(at, at + traceStride) as unknown as [
      number,
      number,
      number,
      number,
    ];
    if (this.end) return false;
    switch (kinds[kind]) {
      case "deliver": {
        const letter = this.#clock.letter(node, what);
        if (!letter || letter.arrives === never) return false;
        this.#due = this.#due.filter((one) => one !== letter);
        return this.#arrive(letter, this.#labels[label]);
      }
      case "timer": {
        this.settle();
        const index = (this.#dueTimers ?? []).findIndex((one) => one.node === node && one.timer === what);
        return index >= 0 && this.timers() > 0 && this.fire(index);
      }
      case "inject":
      case "relay": {
        const how = kinds[kind] as "inject" | "relay";
        return this.#utterances.includes(this.vector, node, how, what) && this.#meets(how, node, what);
      }
      default:
        return false;
    }
  }

  // How time goes on.

  #send(letter: Letter): void {
    letter.arrives = this.#delays.arrival(letter.from, letter.to, this.#clock.now);
    this.#queue.add(letter.arrives, letter.to, letter);
  }

  /** To the next moment at which something may happen. */
  #goOn(): void {
    const { waiting } = this.#clock;
    const next = Math.min(this.#queue.nextTime, this.#clock.nextTimer());
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
    else if (time < next) this.#fail("late", isLate(waiting.requests, time, this.#system.setting.timing!));
    else {
      if (this.#clock.hasRung && time >= this.#clock.timing.gst && waiting.isAnybody) this.#compare();
      this.#unload(time);
    }
  }

  /** What arrives at this moment. */
  #unload(time: Micros): void {
    while (this.#queue.nextTime <= time && this.#queue.next()) {
      const letter = this.#queue.what!;
      if (letter.arrives === this.#queue.time && this.#isOfUse(letter)) this.#due.push(letter);
    }
  }

  /** What is of no use when it arrives is put off: it arrives again once it is. */
  #isOfUse(letter: Letter): boolean {
    if (this.#clock.isOfUse(letter.to, letter.packet)) return true;
    letter.arrives = never;
    this.#clock.weigh(letter);
    return false;
  }

  /** Whether this situation is one that there was before. */
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

  /** A client is not served in time. That is a violation unless nobody has promised it. */
  #fail(kind: "late" | "round", explanation: string): void {
    if (this.#isOwed) this.violation = { property: timedProperty, explanation };
    this.#finish({ kind });
  }

  #finish(end: TimedEnd): void {
    this.end = end;
    this.#dueTimers = null;
  }

  // What happens.

  #arrive(letter: Letter, label?: string): boolean {
    if (!this.#isOfUse(letter)) return false;
    letter.arrives = never;
    const ways = this.#clock.receptions(letter.to, letter.packet);
    const chosen = ways.find((way) => label !== undefined && way.label === label);
    return this.#take("deliver", letter.to, chosen ?? this.#choose(ways), letter.packet);
  }

  #sayAny(to: number, kind: "inject" | "relay"): boolean {
    if (this.end) return false;
    const groups = this.#utterances.to(this.vector, to, kind);
    for (let attempt = 0; attempt < attempts && groups.length > 0; attempt++)
      if (this.#meets(kind, to, this.dice.pick(this.dice.pick(groups)))) return true;
    return false;
  }

  #meets(kind: "inject" | "relay", to: number, packet: number): boolean {
    if (this.end) return false;
    const ways = this.#clock.receptions(to, packet);
    return ways.length > 0 && this.#take(kind, to, this.#choose(ways), packet);
  }

  #choose(ways: readonly Reaction[]): Reaction {
    return ways.length === 1 ? ways[0]! : this.dice.pick(ways);
  }

  #take(name: EventKind, node: number, reaction: Reaction, what: number): boolean {
    const kind = kinds.indexOf(name);
    const before = this.vector[node];
    this.#entries.push([node, kind, what, reaction.label]);
    this.#times.push(this.#clock.now);
    this.#dueTimers = null;
    if (name === "timer") this.#clock.skip(node, what);
    this.#clock.take(node, reaction);
    if (this.vector[node] !== before) this.#versions[node]!++;
    this.#sayings.hear(this.vector, node);
    this.#look();
    const isMessage = name === "deliver" || name === "inject" || name === "relay";
    this.#witness.happened(this, kind, isMessage ? this.#content.type(what) : -1);
    return true;
  }

  /** Whether the run is over. */
  #look(): void {
    const { observations } = this.#system;
    const violated = observations.violated(this.vector.at(-1)!);
    if (violated >= 0) {
      const { name } = observations.properties[violated]!;
      this.violation ??= { property: name, explanation: observations.explain(this.vector.at(-1)!, violated) };
    } else if (this.#clock.hasLeftBounds) this.#finish({ kind: "views" });
    else if (this.#clock.waiting.isOver) this.#finish({ kind: "served" });
  }

  #labelId(label: string | undefined): number {
    const known = this.#labels.indexOf(label);
    return known >= 0 ? known : this.#labels.push(label) - 1;
  }

  #hash(word: 0 | 1): number {
    const { vector } = this;
    let sum = 0;
    for (let node = 0; node < this.nodes.length; node++) {
      this.#content.component(node, vector[node]!);
      sum += this.#content.componentHashes(node)[vector[node]! * 2 + word]!;
    }
    const observation = vector.at(-1)!;
    return mixed((sum + this.#content.observation(observation)[observation * 2 + word]!) | 0, word);
  }
}

/** @throws {UserError} `bad-option` for a setting whose runs cannot be timed. */
function refuseUntimed({ properties, network, bounds }: Setting): void {
  const others = properties.filter(({ name, kind }) => kind === "eventually" && name !== timedProperty);
  const isAsked = properties.some(({ name }) => name === timedProperty);
  if (isAsked && others.length === 0 && network === "async" && !bounds.crashes) return;
  throw new UserError(
    "bad-option",
    `Timed runs are about ${timedProperty} and no other liveness property, on the async network and without crashes.`,
  );
}
