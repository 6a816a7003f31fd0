// The world of runs that only the model can enumerate: on networks that deliver a message at most once
// (`once`, `fifo`, `lossy:K`, `partitions:K`), where messages in flight are part of the state, and with
// puppets, whose messages are changed in flight. It asks the model for the transitions of every state, and
// shows them to the strategy by kind. (Slower than the world of `async`, which keeps lists of its own. Where steps
// themselves are slow there is inbox-world.ts.)

import type { Action } from "../../model/action.js";
import { actor, isOfNetwork } from "../../model/action.js";
import { hashText } from "../../model/hash.js";
import { Successors } from "../../model/successors.js";
import type { TransitionSystem } from "../../model/system.js";
import { typeOf } from "../../model/terms.js";
import { violationAt } from "../../model/walk.js";
import type { Json, NodeId } from "../../protocol/index.js";
import { BaseWorld } from "./base-world.js";
import { type EventKind, kinds } from "./event-kinds.js";
import { Heard } from "./heard.js";
import { traceStride } from "./run-record.js";
import type { Abilities, Statement } from "./run-view.js";
import { isVariant } from "./variant.js";
import type { RunnableWorld, Witness } from "./world.js";

/** A transition of the current state. */
interface Option {
  readonly index: number;
  readonly node: number;
  readonly cause: number;
  readonly action: Action;
  /** Its name, made of its content and its node. */
  readonly key: number;
}

/** A run in the model. */
export class ModelWorld extends BaseWorld implements RunnableWorld {
  events = 0;
  vector = new Int32Array(0);
  readonly can: Abilities;
  readonly types: string[] = [];
  readonly #successors = new Successors();
  readonly #options = new Map<EventKind, Option[]>();
  readonly #actions: { readonly node: number; readonly cause: number }[] = [];
  /** When each delivery was first seen, by its name: the order of sending, as far as a strategy needs it. */
  readonly #firstSeen = new Map<number, number>();
  /** Names of deliveries that were put aside. */
  readonly #sideEvent = new Set<number>();
  readonly #heard: Heard;

  constructor(system: TransitionSystem, witness: Witness) {
    super(system, witness);
    const { losses = 0, duplications = 0, cuts = 0 } = system.channels?.network ?? {};
    this.can = {
      lie: this.speech.lies,
      relay: this.speech.relays,
      fail: (system.setting.bounds.crashes ?? 0) > 0,
      networkFault: losses + duplications + cuts > 0,
    };
    this.#heard = new Heard(system);
  }

  beginAt(initial: number): void {
    this.initial = initial;
    this.events = 0;
    this.violation = null;
    this.vector = this.initials[initial]!.vector.slice();
    this.#actions.length = 0;
    this.versions.fill(0);
    this.#firstSeen.clear();
    this.#sideEvent.clear();
    this.#heard.begin(this.vector);
    this.#arrive();
    this.witness.began(this);
  }

  get pending(): number {
    return this.#optionsOf("deliver").length;
  }
  to(place: number): number {
    return this.#optionsOf("deliver")[place]!.node;
  }
  from(place: number): number {
    const { action } = this.#optionsOf("deliver")[place]!;
    const sender = "from" in action ? (("via" in action ? action.via : undefined) ?? action.from) : "";
    const index = this.nodes.indexOf(sender);
    return index < 0 ? this.nodes.length : index;
  }
  key(place: number): number {
    return this.#optionsOf("deliver")[place]!.key;
  }
  sent(place: number): number {
    return this.#firstSeen.get(this.#optionsOf("deliver")[place]!.key)!;
  }
  message(place: number): Json {
    const { action } = this.#optionsOf("deliver")[place]!;
    return "message" in action ? action.message : null;
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

  deliver(place: number): boolean {
    return this.#take(this.#tossed("deliver", this.#optionsOf("deliver")[place]!));
  }
  setAside(place: number): void {
    const [option] = this.#optionsOf("deliver").splice(place, 1);
    this.#sideEvent.add(option!.key);
  }
  settle(): boolean {
    if (this.#sideEvent.size > 0) {
      this.#sideEvent.clear();
      this.#arrive();
    }
    return this.pending > 0;
  }

  timers(): number {
    return this.#optionsOf("timer").length;
  }
  timerAt(index: number): { readonly node: number; readonly key: number } {
    return this.#optionsOf("timer")[index]!;
  }
  fire(index: number): boolean {
    return this.#take(this.#tossed("timer", this.#optionsOf("timer")[index]!));
  }

  lie(to?: number): boolean {
    const options = this.#optionsOf("inject").filter(({ node }) => to === undefined || node === to);
    const types = [...new Set(options.map(({ action }) => typeIn(action)))].sort();
    if (types.length === 0) return false;
    const type = this.dice.pick(types);
    return this.#takeAny(options.filter(({ action }) => typeIn(action) === type));
  }
  say(self: NodeId, to: number, message: Json): boolean {
    const text = JSON.stringify(message);
    return this.#takeAny(
      this.#optionsOf("inject").filter(
        ({ node, action }) =>
          node === to &&
          "message" in action &&
          action.from === self &&
          JSON.stringify(action.message) === text,
      ),
    );
  }
  sayLike(to: number, message: Json): boolean {
    return this.#takeAny(
      this.#optionsOf("inject").filter(
        ({ node, action }) => node === to && "message" in action && isVariant(action.message, message),
      ),
    );
  }
  relay(): boolean {
    return this.#takeAny(this.#optionsOf("relay"));
  }
  repeat(): boolean {
    return false; // what comes twice is a networkFault here
  }
  crash(): boolean {
    return this.#takeAny(this.#optionsOf("crash"));
  }
  restart(): boolean {
    return this.#takeAny(this.#optionsOf("restart"));
  }
  networkFault(): boolean {
    const kinds = ["lose", "duplicate", "cut", "heal"] as const;
    return this.#takeAny(kinds.flatMap((kind) => this.#optionsOf(kind)));
  }

  isQuiet(): boolean {
    if (this.settle() || this.timers() > 0) return false;
    if (this.system.setting.bounds.recovery === "always" && this.restart()) return false;
    this.violation ??= violationAt(this.system, this.vector, 0, () => this.#successors.obligatory);
    return true;
  }

  actions(): Action[] {
    return this.#actions.map(({ node, cause }) => this.system.reactions.action(node, cause));
  }
  trace(): Int32Array {
    return Int32Array.from(this.#actions.flatMap(({ node, cause }) => [node, cause, 0, 0]));
  }
  repeatEvent(trace: Int32Array, at: number): boolean {
    const [node, cause] = trace.subarray(at, at + traceStride) as unknown as number[];
    for (const options of this.#options.values()) {
      const option = options.find((other) => other.node === node && other.cause === cause);
      if (option) return this.#take(option);
    }
    return false;
  }

  #optionsOf(kind: EventKind): Option[] {
    return this.#options.get(kind) ?? [];
  }

  #takeAny(options: readonly Option[]): boolean {
    return options.length > 0 && this.#take(this.dice.pick(options));
  }

  /**
   * Which side of a coin falls is for chance to say, not for the strategy that has chosen one: each is as
   * likely.
   */
  #tossed(kind: EventKind, option: Option): Option {
    const isRandom = ({ action }: Option) => this.system.isRandom(this.vector, action);
    if (!this.system.nodes[option.node]!.tosses || !isRandom(option)) return option;
    const input = ({ action }: Option) => JSON.stringify({ ...action, choice: undefined });
    return this.dice.pick(
      this.#optionsOf(kind).filter(
        (other) => other.node === option.node && input(other) === input(option) && isRandom(other),
      ),
    );
  }

  #take({ index, node, cause, action }: Option): boolean {
    const before = this.vector[node];
    this.#successors.writeTo(index, this.vector);
    if (this.vector[node] !== before) this.versions[node]!++;
    this.#actions.push({ node, cause });
    this.events++;
    if (isOfNetwork(action)) this.#heard.skip(this.vector);
    else this.#heard.hear(this.vector, node);
    this.#arrive();
    this.witness.happened(this, kinds.indexOf(action.kind), this.#typeNumber(action));
    return true;
  }

  #typeNumber(action: Action): number {
    const type = typeIn(action);
    if (type === null) return -1;
    const known = this.types.indexOf(type);
    return known >= 0 ? known : this.types.push(type) - 1;
  }

  /** Checks the properties in the state reached, and lists its transitions. */
  #arrive(): void {
    this.system.successors(this.vector, 0, this.#successors);
    this.violation ??= violationAt(this.system, this.vector, 0, () => this.#successors.obligatory);
    this.#options.clear();
    for (let index = 0; index < this.#successors.length; index++) {
      const node = this.#successors.node(index);
      const cause = this.#successors.cause(index);
      const action = this.system.reactions.action(node, cause);
      const key = hashText(`${actor(action)} ${JSON.stringify(action)}`) | 0;
      if (action.kind === "deliver" && this.#sideEvent.has(key)) continue;
      const options = this.#options.get(action.kind) ?? [];
      options.push({ index, node, cause, action, key });
      this.#options.set(action.kind, options);
    }
    for (const options of this.#options.values()) options.sort((a, b) => a.key - b.key);
    for (const { key } of this.#optionsOf("deliver"))
      if (!this.#firstSeen.has(key)) this.#firstSeen.set(key, this.#firstSeen.size);
  }
}

function typeIn(action: Action): string | null {
  return "message" in action ? typeOf(action.message) : null;
}
