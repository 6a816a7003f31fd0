// The world of runs on networks with inboxes (`once`, `fifo`, `lossy:K` ...) for protocols whose steps are slow: classes as they are.
// Nothing is evaluated but what a strategy has chosen. model-world.ts, which tries every input of a state first, would make a
// class anew for each of them.
//
// So what is chosen may turn out to change nothing, or to leave the bounds. Then the verb returns false, and the delivery is no longer
// offered in this state.

import type { Action, NetworkAction } from "../../model/action.js";
import { hashText } from "../../model/hash.js";
import { crashList, type InputList, restartList } from "../../model/inputs.js";
import { type ActionOutcome, isSame } from "../../model/possible-action.js";
import { Successors } from "../../model/successors.js";
import type { TransitionSystem } from "../../model/system.js";
import { IntList } from "../../model/tables.js";
import { violationAt } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import { AdversaryMoves, attempts } from "./adversary-moves.js";
import { BaseWorld } from "./base-world.js";
import { type EventKind, kinds } from "./event-kinds.js";
import { EventLog, kindIn, linkIn } from "./event-log.js";
import { Heard } from "./heard.js";
import { type Disturbance, disturbancesIn } from "./inbox/disturbances.js";
import { type Waiting, WaitingList } from "./inbox/waiting.js";
import { Labels } from "./labels.js";
import { traceStride } from "./run-record.js";
import type { Abilities, Statement } from "./run-view.js";
import type { RunnableWorld, Witness } from "./world.js";

/** What a node's own input is, other than a delivery from its inbox. */
type Kind = Exclude<EventKind, "deliver" | NetworkAction["kind"]>;

const aboutMessages: ReadonlySet<EventKind> = new Set(["deliver", "inject", "relay", "lose", "duplicate"]);

/** A timer that is set. */
interface Armed {
  readonly node: number;
  readonly timer: number;
  readonly key: number;
}

/**
 * How many lies that change nothing are tried in one state; after that `lie` gives up at once. Strategies ask again and again where
 * nothing else is left to happen, and most lies change nothing there.
 */
const maxVain = 8;

/** See the file comment. */
export class InboxWorld extends BaseWorld implements RunnableWorld {
  events = 0;
  vector = new Int32Array(0);
  readonly can: Abilities;
  readonly #steps: NonNullable<TransitionSystem["channelSteps"]>;
  readonly #labels = new Labels();
  readonly #log: EventLog;
  readonly #moves: AdversaryMoves;
  readonly #heard: Heard;
  readonly #successors = new Successors();
  readonly #lists = new IntList();
  readonly #waiting: WaitingList;
  #armed: readonly Armed[] = [];
  /** How many lies have changed nothing in this state. */
  #vain = 0;
  constructor(system: TransitionSystem, witness: Witness) {
    super(system, witness);
    this.#steps = system.channelSteps!;
    const { losses, duplications, cuts } = system.channels!.network;
    this.can = {
      lie: this.speech.lies,
      relay: this.speech.relays,
      fail: (system.setting.bounds.crashes ?? 0) > 0,
      networkFault: losses + duplications + cuts > 0,
    };
    this.#log = new EventLog(system, this.#labels);
    this.#moves = new AdversaryMoves(system, this.content);
    this.#waiting = new WaitingList(system, this.content);
    this.#heard = new Heard(system);
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.events = 0;
    this.violation = null;
    this.vector = this.initials[initial]!.vector.slice();
    this.versions.fill(0);
    this.#log.clear();
    this.#waiting.clear();
    this.#heard.begin(this.vector);
    this.#arrive();
    this.witness.began(this);
  }

  // What a strategy sees.

  get pending(): number {
    return this.#waiting.all.length;
  }
  to(place: number): number {
    return this.#waiting.all[place]!.node;
  }
  from(place: number): number {
    const { link, packet } = this.#waiting.all[place]!.inFlight;
    if (link >= 0) return link;
    const index = this.nodes.indexOf(this.system.packet(packet).from);
    return index < 0 ? this.nodes.length : index;
  }
  key(place: number): number {
    return this.content.packet(this.#waiting.all[place]!.inFlight.packet);
  }
  sent(place: number): number {
    return this.#waiting.sent(place);
  }
  message(place: number): Json {
    return this.system.packet(this.#waiting.all[place]!.inFlight.packet).message;
  }
  get said(): number {
    return this.#heard.all.length;
  }
  statement(index: number): Statement {
    return this.#heard.all[index]!;
  }
  get high(): number {
    return this.content.state(this.vector)[0];
  }
  get low(): number {
    return this.content.state(this.vector)[1];
  }
  get types(): readonly string[] {
    return this.content.types;
  }
  timers(): number {
    return this.#armed.length;
  }
  timerAt(index: number): Armed {
    return this.#armed[index]!;
  }
  actions(): Action[] {
    return this.#log.actions();
  }
  trace(): Int32Array {
    return this.#log.trace();
  }

  // Deliveries and timers.

  deliver(place: number): boolean {
    return this.#deliver(this.#waiting.take(place));
  }
  setAside(place: number): void {
    this.#waiting.setAside(place);
  }
  settle(): boolean {
    this.#waiting.bringBack(this.vector, ({ node, inFlight }) =>
      this.#changes(this.#steps.delivered(this.vector, node, inFlight)),
    );
    return this.pending > 0;
  }
  fire(index: number): boolean {
    const { node, timer } = this.#armed[index]!;
    return this.#reach(node, "timer", timer);
  }

  // The adversary, and other faults.

  lie(to = this.dice.below(this.nodes.length)): boolean {
    if (!this.#mayHear(to) || this.#vain >= maxVain) return false;
    const meets = (packet: number) => {
      const isHeard = this.#reach(to, "inject", packet);
      if (!isHeard) this.#vain++;
      return isHeard;
    };
    return this.#moves.draw(this.vector, to, this.dice, meets);
  }
  say(self: NodeId, to: number, message: Json): boolean {
    if (!this.#mayHear(to)) return false;
    const packet = this.#moves.packetOf(self, message);
    return packet >= 0 && this.#moves.has(this.vector, to, packet) && this.#reach(to, "inject", packet);
  }
  sayLike(to: number, message: Json): boolean {
    if (!this.#mayHear(to)) return false;
    const variants = this.#moves.variants(this.vector, to, message);
    return variants.length > 0 && this.#reach(to, "inject", this.dice.pick(variants));
  }
  relay(): boolean {
    if (!this.can.relay) return false;
    const relayable = this.nodes.flatMap((_, node) => {
      const packets = this.#listsOf(node).flatMap(({ kind, items }) => (kind === "relay" ? items : []));
      return this.content.sorted(packets).map((packet) => ({ node, packet }));
    });
    for (let attempt = 0; attempt < attempts && relayable.length > 0; attempt++) {
      const { node, packet } = this.dice.pick(relayable);
      if (this.#reach(node, "relay", packet)) return true;
    }
    return false;
  }
  repeat(): boolean {
    return false; // what comes twice is a networkFault here
  }
  crash(): boolean {
    return this.#fail("crash", crashList);
  }
  restart(): boolean {
    return this.#fail("restart", restartList);
  }
  networkFault(): boolean {
    const possible = disturbancesIn(this.system, this.vector);
    return possible.length > 0 && this.#disturb(this.dice.pick(possible));
  }

  isQuiet(): boolean {
    if (this.settle()) return false;
    const mayFire = ({ node, timer }: Armed) =>
      this.#changes(this.#steps.reached(this.vector, node, "timer", timer));
    if (this.#armed.some(mayFire)) return false;
    if (this.system.setting.bounds.recovery === "always" && this.restart()) return false;
    this.violation ??= violationAt(this.system, this.vector, 0, () => {
      this.system.successors(this.vector, 0, this.#successors);
      return this.#successors.obligatory;
    });
    return true;
  }

  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, item, what, label] = trace.subarray(at, at + traceStride) as unknown as [
      ...[node: number, item: number, what: number, label: number],
    ];
    const kind = kindIn(item);
    switch (kind) {
      case "deliver": {
        const waiting = this.#waiting.all.find(
          ({ node: to, inFlight: { packet, link } }) =>
            to === node && packet === what && link === linkIn(item),
        );
        return waiting !== undefined && this.#deliver(waiting, label);
      }
      case "lose":
      case "duplicate":
      case "cut":
      case "heal": {
        const same = disturbancesIn(this.system, this.vector).find(
          (one) => one.node === node && one.what === what && one.action.kind === kind,
        );
        return same !== undefined && this.#disturb(same);
      }
      case "timer":
        return (
          this.#armed.some((armed) => armed.node === node && armed.timer === what) &&
          this.#reach(node, kind, what, label)
        );
      default:
        return this.#listsOf(node).some((list) => list.kind === kind && list.items.includes(what))
          ? this.#reach(node, kind, what, label)
          : false;
    }
  }

  // Implementation.

  /** Whether the adversary may send to a node; -1 is none: a strategy answers whoever has said something, also if that is Byzantine. */
  #mayHear(to: number): boolean {
    return this.can.lie && to >= 0 && !this.#isDown(to);
  }

  #isDown(node: number): boolean {
    return this.system.nodes[node]!.isDown(this.vector[node]!);
  }

  /** The inputs that may reach a node otherwise than from its inbox. */
  #listsOf(node: number): InputList[] {
    this.system.inputs(this.vector, 0, node, this.#lists);
    return [...this.#lists.items.subarray(0, this.#lists.length)].map((list) => this.system.listOf(list));
  }

  #fail(kind: "crash" | "restart", list: number): boolean {
    const able = this.nodes.flatMap((_, node) => {
      this.system.inputs(this.vector, 0, node, this.#lists);
      return this.#lists.items.subarray(0, this.#lists.length).includes(list) ? [node] : [];
    });
    return able.length > 0 && this.#reach(this.dice.pick(able), kind, -1);
  }

  #deliver({ node, inFlight }: Waiting, label?: number): boolean {
    const { packet, link } = inFlight;
    const outcomes = this.#steps.delivered(this.vector, node, inFlight);
    return this.#take(node, "deliver", packet, outcomes, { label, link });
  }

  #reach(node: number, kind: Kind, what: number, label?: number): boolean {
    return this.#take(node, kind, what, this.#steps.reached(this.vector, node, kind, what), { label });
  }

  #disturb({ node, what, action }: Disturbance): boolean {
    const next = this.system.perform(this.vector, action);
    if (next === null) return false;
    this.#log.add(node, kinds.indexOf(action.kind), what, 0);
    this.#enter(next, action.kind, what, null);
    return true;
  }

  /**
   * Takes one of the outcomes that change something: the one with this label, if it is given and there is one, or any. False if there
   * is none.
   */
  #take(
    node: number,
    kind: EventKind,
    what: number,
    outcomes: readonly ActionOutcome[],
    { label, link = -1 }: { readonly label: number | undefined; readonly link?: number },
  ): boolean {
    const changing = outcomes.filter(({ next }) => !isSame(next, this.vector));
    if (changing.length === 0) return false;
    const known = changing.find(({ reaction }) => this.#labels.id(reaction.label) === label);
    const { reaction, next } = known ?? (changing.length === 1 ? changing[0]! : this.dice.pick(changing));
    this.#log.add(node, kinds.indexOf(kind), what, this.#labels.id(reaction.label), link);
    this.#enter(next, kind, what, node);
    return true;
  }

  /** `speaker`: the node that has moved, or null. */
  #enter(next: Int32Array, kind: EventKind, what: number, speaker: number | null): void {
    if (speaker !== null && next[speaker] !== this.vector[speaker]) this.versions[speaker]!++;
    this.vector.set(next);
    this.events++;
    if (speaker === null) this.#heard.skip(next);
    else this.#heard.hear(next, speaker);
    this.#arrive();
    const type = aboutMessages.has(kind) ? this.content.type(what) : -1;
    this.witness.happened(this, kinds.indexOf(kind), type);
  }

  #changes(outcomes: readonly ActionOutcome[]): boolean {
    return outcomes.some(({ next }) => !isSame(next, this.vector));
  }

  /** Checks the properties in the state reached, and lists what may happen in it. */
  #arrive(): void {
    this.violation ??= violationAt(this.system, this.vector, 0, () => 1);
    this.#moves.forget();
    this.#vain = 0;
    this.#waiting.list(this.vector);
    this.#armed = this.nodes.flatMap((_, node) => this.#armedAt(node));
  }

  #armedAt(node: number): Armed[] {
    const { timers } = this.system.nodes[node]!;
    const armed = this.#isDown(node) ? [] : this.system.reactions.armed(node, this.vector[node]!);
    return armed
      .map((timer) => ({ node, timer, name: timers[timer]! }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ timer, name }) => ({ node, timer, key: hashText(`${node} ${name}`) | 0 }));
  }
}
