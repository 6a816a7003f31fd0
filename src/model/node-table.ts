// One node (a correct one, or a puppet), memoized. Its component of the global state is (local state, timers that are set, messages sent,
// crashes): on the `async` network nothing else needs remembering, for what a node has sent is what others may receive, at
// any time and any number of times. Elsewhere only what an adversary has seen of it stays in the component, and what is on
// its way stands in inboxes (see channels.ts). Components, local states and inputs are small integers, and `step` runs once
// for each pair of local state and input.

import type {
  Behaviour,
  Context,
  Effect,
  Event,
  Input,
  Json,
  NodeSpec,
  Puppetry,
} from "../protocol/index.js";
import { canonicalizer, Misfit } from "./canonical.js";
import type { SharedMemo, SharedNumbering } from "./dictionary.js";
import { calling, UserError } from "./errors.js";
import { type AnyOutcomes, evaluateInit, evaluateStep } from "./evaluate.js";
import { deepFreeze, Interner, Numbering } from "./intern.js";
import { PairTable } from "./tables.js";

/** What a node has sent: message id -> bit mask of recipients, sorted by message id. */
export type Outbox = readonly (readonly [message: number, recipients: number])[];

/** Stands for all Byzantine nodes among the recipients of a message: what only they receive is kept for what it tells them. */
export const byzantineBit = 1 << 30;

/** The number of the empty outbox. */
const noOutbox = 0;

/** A component as plain data: the same for every table of the node, so components can cross processes and files. */
export interface PortableComponent {
  readonly local: Json;
  /** Names of the timers that are set, sorted. */
  readonly timers: readonly string[];
  /** What has been sent, each with the bit mask of its recipients, in no meaningful order. */
  readonly sent: readonly (readonly [message: Json, recipients: number])[];
  /** See `NodeTable.crashesOf`; absent: 0. */
  readonly crashes?: number;
}

/** A timer that is set, or set anew, and for how long: in multiples of the protocol's base timeout. */
export type TimerSetting = readonly [timer: number, delay: number];

const noSettings: readonly TimerSetting[] = [];

/** A possible reaction of a node, interned. */
export interface Reaction {
  readonly label: string | undefined;
  readonly component: number;
  /** Id of the list of events; 0 is the empty list. */
  readonly events: number;
  /** What goes into the inboxes of others: an index into `NodeTable.sendings`. Always 0 on `async`. */
  readonly sends: number;
  /** The key under which the message just received is to be kept for later, or null. Always null on `async`. */
  readonly defers: string | null;
  /** The timers that it sets. Only timed runs look at it: elsewhere a timer that is set is one that may fire. */
  readonly sets: readonly TimerSetting[];
}

/** An effect that sends something. */
export type Sending = Extract<Effect<Json>, { readonly message: Json }>;

/** What a node's table needs from the system that it is part of. */
export interface Surroundings {
  /** Interns a message that `by` sends. */
  message(by: string, message: Json): number;
  /** The message with this id. */
  messageOf(message: number): Json;
  /**
   * The bits of those who receive a message that `by` sends and can make use of it; 0 if that is nobody (clients, where
   * there are none), -1 if the addressee does not exist.
   */
  recipients(by: string, effect: Sending, message: number): number;
  /** Whether messages on their way stand in inboxes: not on `async`. */
  readonly hasInboxes: boolean;
  /** Whether an adversary can make anything of this message. */
  isOfInterest(message: number): boolean;
  /** Interns a list of events. */
  events(events: readonly Event[]): number;
}

/** An outcome of `step` before it meets the component: independent of timers set and messages sent. Interned. */
export interface Outcome {
  readonly label: string | undefined;
  readonly local: number;
  /** What is added to the outbox. */
  readonly kept: Outbox;
  readonly sends: number;
  readonly defers: string | null;
  readonly timersOn: number;
  readonly timersOff: number;
  readonly events: number;
  readonly sets: readonly TimerSetting[];
}

/** What does not happen where nothing happens. */
const idle: Omit<Outcome, "local"> = {
  ...{ label: undefined, kept: [], sends: 0, defers: null, timersOn: 0, timersOff: 0, events: 0 },
  sets: noSettings,
};

function isIdle({ label, kept, sends, defers, timersOn, timersOff, events }: Outcome): boolean {
  const isSilent = kept.length === 0 && sends === 0 && events === 0;
  return label === undefined && isSilent && defers === null && (timersOn | timersOff) === 0;
}

/** A step that was evaluated. */
export interface EvaluatedStep {
  readonly local: number;
  readonly inputId: number;
  readonly outcomes: readonly Outcome[];
}

/** All local states and components of one node. */
export class NodeTable {
  readonly spec: NodeSpec<Json>;
  /** A puppet's `spec.id` is the name of the copy, its `context.self` that of the node. */
  readonly context: Context;
  /** How it is distorted; null if it is correct. */
  readonly puppetry: Puppetry<Json> | null;
  /** How often the author's `step` was asked about a new pair of local state and input. */
  stepCalls = 0;
  /** Per component: its local state, timers (bit mask over `timers`), outbox and view. */
  readonly localOf: number[] = [];
  readonly timersOf: number[] = [];
  readonly outboxOf: number[] = [];
  readonly viewOf: number[] = [];
  /** Per component: twice the number of its crashes, plus 1 while it is down. */
  readonly crashesOf: number[] = [];
  readonly outboxes: Outbox[] = [];
  /** What one step has sent, in order; 0 is nothing. */
  readonly sendings: Outbox[] = [[]];
  readonly timers: string[] = [];
  /** Called with every step that is evaluated. */
  readonly listeners: ((step: EvaluatedStep) => void)[] = [];

  readonly #surroundings: Surroundings;
  readonly #locals: Interner<Json>;
  readonly #components = new Numbering((key) =>
    this.#keep(...(key.split(",").map(Number) as [number, number, number, number])),
  );
  readonly #outboxIds = new Numbering((key) => this.outboxes.push(outboxOf(key)));
  readonly #sendingIds = new Numbering((key) => this.sendings.push(outboxOf(key)));
  readonly #timerIds = new Numbering((timer) => this.timers.push(timer));
  readonly #restarts: (readonly Outcome[])[] = [];
  readonly #steps = new PairTable();
  readonly #outcomes: (readonly Outcome[])[] = [];
  readonly #nothings: Outcome[] = [];
  readonly #bare: number[] = [];
  /** (outbox, component) -> component; (outbox, outbox) -> whether the first has everything that is in the second. */
  readonly #joined = new PairTable();
  readonly #includes = new PairTable();
  /** Lists of outcomes, numbered once steps are published. */
  readonly #outcomeLists: (readonly Outcome[])[] = [];
  readonly #outcomeListIds = new Numbering((text) =>
    this.#outcomeLists.push(JSON.parse(text) as readonly Outcome[]),
  );
  #publish: ((entry: readonly number[]) => void) | null = null;

  constructor(
    spec: NodeSpec<Json>,
    context: Context,
    surroundings: Surroundings,
    puppetry: Puppetry<Json> | null = null,
  ) {
    this.spec = spec;
    this.puppetry = puppetry;
    this.context = context;
    this.#surroundings = surroundings;
    this.#locals = new Interner(
      calling("protocol-malformed", `The state schema of ${spec.id}`, () =>
        canonicalizer((spec.behaviour as Behaviour<Json, Json>).state as never),
      ),
    );
    this.outboxId([]);
    this.#sendingIds.id("");
  }

  get localCount(): number {
    return this.#locals.values.length;
  }

  /** The local state of a component. */
  local(component: number): Json {
    return this.#locals.values[this.localOf[component]!]!;
  }

  /** The local state with this number, from 0 to `localCount` - 1. */
  localState(local: number): Json {
    return this.#locals.values[local]!;
  }

  /** Every message that the node has sent in some component, and whether it was of interest to an adversary. */
  messagesSent(): { readonly message: Json; readonly isSeenByAdversary: boolean }[] {
    const recipientsOf = new Map<number, number>();
    for (const [message, recipients] of this.outboxes.flat())
      recipientsOf.set(message, (recipientsOf.get(message) ?? 0) | recipients);
    return [...recipientsOf].map(([message, recipients]) => ({
      message: this.#surroundings.messageOf(message),
      isSeenByAdversary: (recipients & byzantineBit) !== 0,
    }));
  }

  /** A component as plain data. */
  describe(component: number): PortableComponent {
    const timers = this.timers.filter((_, index) => this.timersOf[component]! & (1 << index)).sort();
    const sent = this.outboxes[this.outboxOf[component]!]!.map(
      ([message, recipients]) => [this.#surroundings.messageOf(message), recipients] as const,
    );
    const crashes = this.crashesOf[component]!;
    return { local: this.local(component), timers, sent, ...(crashes > 0 && { crashes }) };
  }

  /** The component that {@link describe} has described, here or in another table of the same node. */
  adopt({ local, timers, sent, crashes = 0 }: PortableComponent): number {
    const state = this.#locals.intern(local);
    if (state instanceof Misfit) this.#malformed(`a state does not fit its schema: ${state}`);
    const mask = timers.reduce((bits, timer) => bits | this.#timerBit(timer), 0);
    const outbox = sent.map(
      ([message, recipients]) => [this.#surroundings.message(this.spec.id, message), recipients] as const,
    );
    return this.#component(state, mask, this.outboxId(outbox.sort(([a], [b]) => a - b)), crashes);
  }

  /** The node's components at its start. */
  start(): readonly Reaction[] {
    const outcomes = this.#digest(evaluateInit(this.spec, this.context), undefined, -1);
    return outcomes.map((outcome) => this.#applyTo(outcome, 0, 0, 0));
  }

  /** Whether a component is that of a crashed node. */
  isDown(component: number): boolean {
    return ((this.crashesOf[component] as number) & 1) !== 0;
  }

  /** Whether the behaviour says that a local state and all that can follow ignore a message. */
  isDead(local: number, input: Extract<Input<Json>, { kind: "message" }>): boolean {
    const state = this.#locals.values[local]!;
    return calling(
      "protocol-threw",
      `isDead() of ${this.spec.id}`,
      () => this.spec.behaviour.isDead?.(this.context, state, input) ?? false,
    );
  }

  /** The same component with another outbox. */
  withOutbox(component: number, outbox: number): number {
    const { localOf, timersOf, crashesOf } = this;
    return this.#component(localOf[component]!, timersOf[component]!, outbox, crashesOf[component]!);
  }

  /** The view of a local state. */
  viewOfLocal(local: number): number {
    return this.#view(local);
  }

  /** The component after a crash: down. Its timers die with it, unless nothing is lost. */
  crash(component: number, losing: "volatile" | "nothing"): Reaction {
    const timers = losing === "nothing" ? this.timersOf[component]! : 0;
    const crashes = this.crashesOf[component]! + 3; // one more, and down
    const down = this.#component(this.localOf[component]!, timers, this.outboxOf[component]!, crashes);
    return { label: undefined, component: down, events: 0, sends: 0, defers: null, sets: noSettings };
  }

  /** What a component that is down comes back as. */
  restart(component: number, losing: "volatile" | "nothing"): readonly Reaction[] {
    const local = this.localOf[component]!;
    const outbox = this.outboxOf[component]!;
    const crashes = this.crashesOf[component]! - 1;
    if (losing === "nothing") {
      const up = this.#component(local, this.timersOf[component]!, outbox, crashes);
      return [{ label: undefined, component: up, events: 0, sends: 0, defers: null, sets: noSettings }];
    }
    this.#restarts[local] ??= this.#digest(
      evaluateInit(this.spec, this.context, { kind: "restart", stable: this.#stable(local) }),
      undefined,
      -1,
    );
    return this.#restarts[local]!.map((outcome) => this.#applyTo(outcome, 0, outbox, crashes));
  }

  #stable(local: number): Json {
    const state = this.#locals.values[local]!;
    return calling("protocol-threw", `stable() of ${this.spec.id}`, () =>
      deepFreeze(this.spec.behaviour.stable(state) as Json),
    );
  }

  /** The reactions of a component to an input. `inputId` numbers inputs; equal ids mean equal inputs. */
  react(component: number, inputId: number, input: () => Input<Json>): readonly Reaction[] {
    const outcomes = this.outcomesOf(this.localOf[component]!, inputId, input);
    return outcomes.map((outcome) => this.#apply(outcome, component));
  }

  #keepStep(local: number, inputId: number, outcomes: readonly Outcome[]): number {
    this.stepCalls++;
    const index = this.#outcomes.push(outcomes) - 1;
    this.#steps.set(local, inputId, index);
    return index;
  }

  /** -1 if nothing happens, as in most steps. */
  #outcomeListId(local: number, outcomes: readonly Outcome[]): number {
    const [first] = outcomes;
    if (outcomes.length === 1 && first!.local === local && isIdle(first!)) return -1;
    const { id, isNew } = this.#outcomeListIds.id(JSON.stringify(outcomes));
    if (isNew) this.#outcomeLists.push(outcomes);
    return id;
  }

  /** What threads have in common, each after what it is made of. */
  numberings(): SharedNumbering[] {
    for (const [local, , index] of this.#steps.entries()) this.#outcomeListId(local, this.#outcomes[index]!);
    return [
      this.#timerIds,
      this.#locals,
      this.#outboxIds,
      this.#sendingIds,
      this.#components,
      this.#outcomeListIds,
    ];
  }

  /** Every step that was evaluated, which threads have in common too. */
  evaluatedSteps(): SharedMemo {
    return {
      entries: () =>
        [...this.#steps.entries()].map(([local, inputId, index]) => [
          local,
          inputId,
          this.#outcomeListId(local, this.#outcomes[index]!),
        ]),
      adopt: (items, at) => {
        const [local, inputId, outcomes] = [items[at]!, items[at + 1]!, items[at + 2]!];
        if (this.#steps.get(local, inputId) >= 0) return;
        this.#keepStep(local, inputId, outcomes < 0 ? [this.#nothing(local)] : this.#outcomeLists[outcomes]!);
      },
      share: (publish) => {
        this.#publish = publish;
      },
    };
  }

  /** All outcomes of a step; `inputId` as for {@link react}. */
  outcomesOf(local: number, inputId: number, input: () => Input<Json>): readonly Outcome[] {
    const known = this.#steps.get(local, inputId);
    if (known >= 0) return this.#outcomes[known]!;
    const state = this.#locals.values[local]!;
    const found = this.#digest(evaluateStep(this.spec, this.context, state, input()), state, local);
    // The step may have been taken over from another thread while its outcomes were numbered.
    let index = this.#steps.get(local, inputId);
    if (index < 0) {
      index = this.#keepStep(local, inputId, found);
      this.#publish?.([local, inputId, this.#outcomeListId(local, found)]);
    }
    const outcomes = this.#outcomes[index]!;
    for (const listener of this.listeners) listener({ local, inputId, outcomes });
    return outcomes;
  }

  /** Whether a step in this local state changes nothing, sends nothing and shows nothing. */
  ignores(local: number, inputId: number, input: () => Input<Json>): boolean {
    return this.outcomesOf(local, inputId, input).every(
      (outcome) =>
        outcome.local === local &&
        outcome.kept.length === 0 &&
        outcome.sends === 0 &&
        outcome.defers === null &&
        outcome.events === 0 &&
        (outcome.timersOn | outcome.timersOff) === 0,
    );
  }

  /** The component of a node in the same condition that has sent nothing. */
  bare(component: number): number {
    this.#bare[component] ??= this.withOutbox(component, noOutbox);
    return this.#bare[component];
  }

  /** What `after` is for a node that had sent the messages of `component` before: one that has sent those of both. */
  joined(component: number, after: number): number {
    const outbox = this.outboxOf[component]!;
    const known = this.#joined.get(outbox, after);
    if (known >= 0) return known;
    const joined = this.withOutbox(after, this.#outboxAfter(outbox, this.outboxes[this.outboxOf[after]!]!));
    this.#joined.set(outbox, after, joined);
    return joined;
  }

  /** Whether two components have sent the same message to the same node. */
  haveSentTheSame(a: number, b: number): boolean {
    const [sent, other] = [this.outboxOf[a]!, this.outboxOf[b]!];
    if (sent === noOutbox || other === noOutbox) return false;
    const recipientsOf = new Map(this.outboxes[sent]!);
    return this.outboxes[other]!.some(([message, to]) => ((recipientsOf.get(message) ?? 0) & to) !== 0);
  }

  /** Whether one component has sent everything that another one has. */
  hasSentAllOf(a: number, b: number): boolean {
    const [sent, other] = [this.outboxOf[a]!, this.outboxOf[b]!];
    if (sent === other || other === noOutbox) return true;
    const known = this.#includes.get(sent, other);
    if (known >= 0) return known === 1;
    const recipientsOf = new Map(this.outboxes[sent]!);
    const includes = this.outboxes[other]!.every(
      ([message, to]) => (to & ~(recipientsOf.get(message) ?? 0)) === 0,
    );
    this.#includes.set(sent, other, includes ? 1 : 0);
    return includes;
  }

  /** The number of a local state. */
  localId(state: Json): number {
    const id = this.#locals.intern(state);
    if (id instanceof Misfit) return this.#malformed(`a state does not fit its schema: ${id}`);
    return id;
  }

  /** The same component with one timer no longer set. */
  withoutTimer(component: number, timer: number): number {
    const timers = this.timersOf[component]! & ~(1 << timer);
    const { localOf, outboxOf, crashesOf } = this;
    return this.#component(localOf[component]!, timers, outboxOf[component]!, crashesOf[component]!);
  }

  #apply(outcome: Outcome, component: number): Reaction {
    const { label, local, kept, timersOn, timersOff, events, sends, defers, sets } = outcome;
    if (local === this.localOf[component] && kept.length === 0 && (timersOn | timersOff) === 0)
      return { label, component, events, sends, defers, sets };
    const { timersOf, outboxOf, crashesOf } = this;
    return this.#applyTo(outcome, timersOf[component]!, outboxOf[component]!, crashesOf[component]!);
  }

  #applyTo(outcome: Outcome, timers: number, outbox: number, crashes: number): Reaction {
    const { label, local, kept, timersOn, timersOff, events, sends, defers, sets } = outcome;
    const timersAfter = (timers & ~timersOff) | timersOn;
    const component = this.#component(local, timersAfter, this.#outboxAfter(outbox, kept), crashes);
    return { label, component, events, sends, defers, sets };
  }

  #component(local: number, timers: number, outbox: number, crashes: number): number {
    const { id, isNew } = this.#components.id(`${local},${timers},${outbox},${crashes}`);
    if (isNew) this.#keep(local, timers, outbox, crashes);
    return id;
  }

  #keep(local: number, timers: number, outbox: number, crashes: number): void {
    this.localOf.push(local);
    this.timersOf.push(timers);
    this.outboxOf.push(outbox);
    this.crashesOf.push(crashes);
    this.viewOf.push(this.#view(local));
  }

  #view(local: number): number {
    const state = this.#locals.values[local]!;
    return calling(
      "protocol-threw",
      `view() of ${this.spec.id}`,
      () => this.spec.behaviour.view?.(state) ?? 0,
    );
  }

  #outboxAfter(outbox: number, kept: Outbox): number {
    if (kept.length === 0) return outbox;
    const merged = new Map<number, number>(this.outboxes[outbox]!);
    for (const [message, recipients] of kept) merged.set(message, (merged.get(message) ?? 0) | recipients);
    return this.outboxId([...merged].sort(([a], [b]) => a - b));
  }

  /** The number of an outbox, which has to be sorted by message. */
  outboxId(outbox: Outbox): number {
    const { id, isNew } = this.#outboxIds.id(textOf(outbox));
    if (isNew) this.outboxes.push(outbox);
    return id;
  }

  /** Interns what `step` returned for the state `before` with id `local`; most often it is that state itself. */
  #digest(outcomes: AnyOutcomes, before: Json | undefined, local: number): readonly Outcome[] {
    const [only] = outcomes;
    if (outcomes.length === 1 && only!.state === before && only!.label === undefined)
      if (only!.effects.length === 0 && only!.events.length === 0) return [this.#nothing(local)];
    const labels = new Set<string | undefined>();
    return outcomes.map(({ label, state, effects, events }) => {
      if (labels.has(label))
        this.#malformed(`two outcomes of one step have the same label (${label ?? "none"})`);
      labels.add(label);
      const next = state === before ? local : this.#locals.intern(state);
      if (next instanceof Misfit) this.#malformed(`a state does not fit its schema: ${next}`);
      let [timersOn, timersOff] = [0, 0];
      let defers: string | null = null;
      const sends: [number, number][] = [];
      let sets = noSettings;
      for (const effect of effects) {
        switch (effect.kind) {
          case "set-timer":
            sets = [...sets, [this.timerId(effect.timer), effect.delay ?? 1]];
            timersOn |= this.#timerBit(effect.timer);
            timersOff &= ~this.#timerBit(effect.timer);
            break;
          case "cancel-timer":
            timersOff |= this.#timerBit(effect.timer);
            timersOn &= ~this.#timerBit(effect.timer);
            break;
          case "send":
          case "broadcast":
            sends.push(this.#send(effect));
            break;
          case "defer": // on `async` the message stays deliverable in any case
            if (this.#surroundings.hasInboxes) defers = effect.key;
            break;
          default:
            this.#malformed(`an effect of unknown kind: ${JSON.stringify(effect)}`);
        }
      }
      const addressed = sends.filter(([, recipients]) => recipients !== 0);
      return {
        label,
        local: next,
        kept: this.#surroundings.hasInboxes ? this.#seenByAdversary(addressed) : addressed,
        sends: this.#surroundings.hasInboxes ? this.#sendingId(addressed) : 0,
        defers,
        timersOn,
        timersOff,
        events: this.#surroundings.events(events),
        sets,
      };
    });
  }

  /** The outcome of a step that does nothing, by far the most frequent one. */
  #nothing(local: number): Outcome {
    this.#nothings[local] ??= { ...idle, local };
    return this.#nothings[local];
  }

  #seenByAdversary(sends: Outbox): Outbox {
    return sends.flatMap(
      ([message]): Outbox => (this.#surroundings.isOfInterest(message) ? [[message, byzantineBit]] : []),
    );
  }

  #sendingId(sends: Outbox): number {
    const { id, isNew } = this.#sendingIds.id(textOf(sends));
    if (isNew) this.sendings.push(sends);
    return id;
  }

  #send(effect: Sending): [message: number, recipients: number] {
    const by = this.context.self;
    const message = this.#surroundings.message(by, effect.message);
    const recipients = this.#surroundings.recipients(by, effect, message);
    if (recipients >= 0) return [message, recipients];
    return this.#malformed(
      `a message to ${effect.kind === "send" ? JSON.stringify(effect.to) : "all"}, which is no node`,
    );
  }

  /** The number of a timer. */
  timerId(timer: string): number {
    const { id, isNew } = this.#timerIds.id(timer);
    if (isNew) this.timers.push(timer);
    if (id > 30) this.#malformed("more than 31 different timers");
    return id;
  }

  #timerBit(timer: string): number {
    return 1 << this.timerId(timer);
  }

  #malformed(what: string): never {
    throw new UserError("protocol-malformed", `${this.spec.id} returned something malformed: ${what}.`);
  }
}

/** An outbox as the key under which it is numbered, and back. */
function textOf(outbox: Outbox): string {
  return outbox.map(([message, recipients]) => `${message}:${recipients}`).join();
}

function outboxOf(text: string): Outbox {
  if (text === "") return [];
  return text.split(",").map((entry) => entry.split(":").map(Number) as [number, number]);
}
