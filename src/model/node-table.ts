// The table of one node, correct or a puppet: its local states and components, interned, and its steps,
// cached.
//
// A component is the node's part of the global state: local state, timers that are set, messages sent,
// crashes. On `async` nothing else is needed, since what a node has sent is what others may receive, any
// number of times and in any order. On the other networks messages in flight are in inboxes (see
// channels.ts), and the component keeps of the messages sent only those that an adversary has seen.
// Components, local states and inputs are small integers, and `step` runs once for each pair of local state
// and input.

import type { Behaviour, Context, Input, Json, NodeSpec, StepFaults } from "../protocol/index.js";
import { isDeadIn, viewOf } from "./behaviour-calls.js";
import { SchemaMismatch } from "./canonical.js";
import type { SharedMemo, SharedNumbering } from "./dictionary.js";
import { restartOutcomes } from "./disk.js";
import { calling } from "./errors.js";
import { evaluateAgain, evaluateInit, evaluateStep, naming, snapshotOf, whenOf } from "./evaluate.js";
import { Interner } from "./intern.js";
import { byzantineBit, noOutbox, type Outbox, Outboxes } from "./outboxes.js";
import { changesNothing, type Dependencies, type Outcome, Outcomes } from "./outcomes.js";
import { type Reaction, silentlyTo } from "./reaction.js";
import { SecondLook } from "./second-look.js";
import type { Losing } from "./setting.js";
import { StepMemo } from "./step-memo.js";
import { PairTable } from "./tables.js";
import { SharedTuples } from "./tuples.js";

/**
 * A component as plain data: the same for every table of the node, so components can cross processes and
 * files.
 */
export interface SerializedComponent {
  readonly local: Json;
  /** Names of the timers that are set, sorted. */
  readonly timers: readonly string[];
  /** What has been sent, each with the bit mask of its recipients, in no meaningful order. */
  readonly sent: readonly (readonly [message: Json, recipients: number])[];
  /** See `NodeTable.crashesOf`; absent: 0. */
  readonly crashes?: number;
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
  readonly stepFaults: StepFaults<Json> | null;
  /** Per component: its local state, timers (bit mask over `timers`), outbox and view. */
  readonly localOf: number[] = [];
  readonly timersOf: number[] = [];
  readonly outboxOf: number[] = [];
  readonly viewOf: number[] = [];
  /** Per component: twice the number of its crashes, plus 1 while it is down. */
  readonly crashesOf: number[] = [];
  /** Whether a reaction so far was left to chance. */
  tosses = false;
  /** Called with every step that is evaluated. */
  readonly listeners: ((step: EvaluatedStep) => void)[] = [];

  readonly #dependencies: Dependencies;
  readonly #locals: Interner<Json>;
  readonly #components = new SharedTuples((key) =>
    this.#keep(...(key as readonly [number, number, number, number])),
  );
  /** (local state, outbox) -> the first component with these: most often its timers and crashes are those asked for, too. */
  readonly #near = new PairTable();
  readonly #outboxes = new Outboxes();
  readonly #interned: Outcomes;
  readonly #restarts: (readonly Outcome[])[] = [];
  readonly #steps: StepMemo;
  readonly #secondLook = new SecondLook();
  /** By local state. */
  readonly #views: number[] = [];
  readonly #bare: number[] = [];
  /** (outbox, component) -> component. */
  readonly #joined = new PairTable();
  /** Those among the timers that were looked at so far. */
  #completions = 0;
  #completionsUpTo = 0;

  constructor(
    spec: NodeSpec<Json>,
    context: Context,
    dependencies: Dependencies,
    stepFaults: StepFaults<Json> | null = null,
  ) {
    this.spec = spec;
    this.stepFaults = stepFaults;
    this.context = context;
    this.#dependencies = dependencies;
    this.#locals = calling(
      "protocol-malformed",
      `The state schema of ${spec.id}`,
      () => new Interner<Json>((spec.behaviour as Behaviour<Json, Json>).state as never),
    );
    this.#interned = new Outcomes({ id: spec.id, role: spec.role }, context.self, this.#locals, dependencies);
    this.#steps = new StepMemo(this.#interned);
  }

  /** How often the author's `step` was asked about a new pair of local state and input. */
  get stepCalls(): number {
    return this.#steps.count;
  }

  /** Everything that the node has sent in some component, by number. */
  get outboxes(): readonly Outbox[] {
    return this.#outboxes.all;
  }

  /** What one step has sent, in order; 0 is nothing. */
  get sendings(): readonly Outbox[] {
    return this.#interned.sendings.all;
  }

  /** The node's timers by number. */
  get timers(): readonly string[] {
    return this.#interned.timers;
  }

  /** The number of a timer. */
  timerId(timer: string): number {
    return this.#interned.timerId(timer);
  }

  /** The number of an outbox, which has to be sorted by message. */
  outboxId(outbox: Outbox): number {
    return this.#outboxes.id(outbox);
  }

  get localCount(): number {
    return this.#locals.values.length;
  }

  /** The local state of a component. */
  local(component: number): Json {
    return this.#locals.values[this.localOf[component]!]!;
  }

  /** The local state with this number, from 0 to `localCount` - 1, with what stands beside it. */
  localState(local: number): Json {
    return this.#locals.values[local]!;
  }

  /** The local state with this number, without what stands beside it: the same in every process. */
  localIdentity(local: number): Json {
    return this.#locals.identity(this.#locals.values[local]!);
  }

  /** The local state of a component as people should see it. */
  shownLocal(component: number): Json {
    const state = this.local(component);
    return calling("protocol-threw", `show() of ${this.spec.id}`, () =>
      this.spec.behaviour.show ? this.spec.behaviour.show(state) : this.#locals.identity(state),
    );
  }

  /**
   * Every message that the node has sent in some component, and whether it was of interest to an adversary.
   */
  messagesSent(): { readonly message: Json; readonly isSeenByAdversary: boolean }[] {
    const recipientsOf = new Map<number, number>();
    // Where nothing is kept of what was sent, it is what steps have sent.
    for (const [message, recipients] of [...this.outboxes, ...this.sendings].flat())
      recipientsOf.set(message, (recipientsOf.get(message) ?? 0) | recipients);
    return [...recipientsOf].map(([message, recipients]) => ({
      message: this.#dependencies.messageOf(message),
      isSeenByAdversary: (recipients & byzantineBit) !== 0,
    }));
  }

  /** A component as plain data. */
  serialize(component: number): SerializedComponent {
    const timers = this.timers.filter((_, index) => this.timersOf[component]! & (1 << index)).sort();
    const sent = this.outboxes[this.outboxOf[component]!]!.map(
      ([message, recipients]) => [this.#dependencies.messageOf(message), recipients] as const,
    );
    const crashes = this.crashesOf[component]!;
    return { local: this.local(component), timers, sent, ...(crashes > 0 && { crashes }) };
  }

  /** The component that {@link serialize} has described, here or in another table of the same node. */
  deserialize({ local, timers, sent, crashes = 0 }: SerializedComponent): number {
    const state = this.#locals.intern(local);
    if (state instanceof SchemaMismatch)
      this.#interned.malformed(`a state does not fit its schema: ${state}`);
    const mask = timers.reduce((bits, timer) => bits | this.#interned.timerBit(timer), 0);
    const outbox = sent.map(
      ([message, recipients]) => [this.#dependencies.message(this.spec.id, message), recipients] as const,
    );
    return this.#component(state, mask, this.outboxId(outbox.sort(([a], [b]) => a - b)), crashes);
  }

  /** The node's components at its start. */
  start(): readonly Reaction[] {
    const returned = evaluateInit(this.spec, this.context);
    const outcomes = naming(
      () => "at its start",
      () => this.#interned.digest(returned, undefined, -1),
    );
    return outcomes.map((outcome) => this.#applyTo(outcome, 0, 0, 0));
  }

  /** Whether a component is that of a crashed node. */
  isDown(component: number): boolean {
    return ((this.crashesOf[component] as number) & 1) !== 0;
  }

  /** Whether the behaviour says that a local state and all that can follow ignore a message. */
  isDead(local: number, input: Extract<Input<Json>, { kind: "message" }>): boolean {
    const state = this.#locals.values[local]!;
    return isDeadIn(this.spec, this.context, state, input);
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

  /** The timers that are not timeouts (see `Behaviour.completions`), as a bit mask. */
  get completions(): number {
    const { completions } = this.spec.behaviour as Behaviour<Json, Json>;
    if (!completions) return 0;
    for (; this.#completionsUpTo < this.timers.length; this.#completionsUpTo++)
      if (completions.includes(this.timers[this.#completionsUpTo]!))
        this.#completions |= 1 << this.#completionsUpTo;
    return this.#completions;
  }

  /** The component after a crash: down. Its timers die with it, unless nothing is lost. */
  crash(component: number, losing: Losing): Reaction {
    const timers = losing === "nothing" ? this.timersOf[component]! : 0;
    const crashes = this.crashesOf[component]! + 3; // one more, and down
    const down = this.#component(this.localOf[component]!, timers, this.outboxOf[component]!, crashes);
    return silentlyTo(down);
  }

  /** What a component that is down comes back as. */
  restart(component: number, losing: Losing): readonly Reaction[] {
    const local = this.localOf[component]!;
    const outbox = this.outboxOf[component]!;
    const crashes = this.crashesOf[component]! - 1;
    if (losing === "nothing") {
      const up = this.#component(local, this.timersOf[component]!, outbox, crashes);
      return [silentlyTo(up)];
    }
    this.#restarts[local] ??= this.#interned.digest(
      restartOutcomes(this.spec, this.context, this.#locals.values[local]!, losing),
      undefined,
      -1,
    );
    return this.#restarts[local]!.map((outcome) => this.#applyTo(outcome, 0, outbox, crashes));
  }

  /** The reactions of a component to an input. `inputId` numbers inputs; equal ids mean equal inputs. */
  react(component: number, inputId: number, input: () => Input<Json>): readonly Reaction[] {
    const outcomes = this.outcomesOf(this.localOf[component]!, inputId, input);
    return outcomes.map((outcome) => this.#apply(outcome, component));
  }

  /** The reactions of a component to one of its timers, which is not set any more then; `inputId` as for {@link react}. */
  fire(component: number, timer: number, inputId: number): readonly Reaction[] {
    const local = this.localOf[component]!;
    const timers = this.timersOf[component]! & ~(1 << timer);
    const [outbox, crashes] = [this.outboxOf[component]!, this.crashesOf[component]!];
    const input = () => ({ kind: "timer", timer: this.timers[timer]! }) as const;
    const outcomes = this.outcomesOf(local, inputId, input);
    return outcomes.map((outcome) => this.#applyTo(outcome, timers, outbox, crashes));
  }

  /** What threads have in common, each after what it is made of. */
  numberings(): SharedNumbering[] {
    return [
      this.#interned.timerIds,
      this.#locals,
      this.#outboxes.ids,
      this.#interned.sendings.ids,
      this.#components,
      this.#steps.numbering(),
    ];
  }

  /** All outcomes of a step; `inputId` as for {@link react}. */
  outcomesOf(local: number, inputId: number, input: () => Input<Json>): readonly Outcome[] {
    const known = this.#steps.get(local, inputId);
    if (known) return known;
    const state = this.#locals.values[local]!;
    const returned = evaluateStep(this.spec, this.context, state, input());
    const found = naming(
      () => whenOf(state, input()),
      () => this.#interned.digest(returned, state, local),
    );
    const outcomes = this.#steps.keep(local, inputId, found);
    // At once: from here on the step is known, so nobody is told of it again if what follows is abandoned.
    for (const listener of this.listeners) listener({ local, inputId, outcomes });
    this.#secondLook.add(() => {
      const { spec, context } = this;
      const identity = (value: Json) => this.#locals.identity(value);
      const interned = outcomes.map(({ local: next }) => this.#locals.values[next]!);
      const [given, before] = [input(), snapshotOf(returned, interned, identity)];
      return { again: () => evaluateAgain(spec, context, state, given, before, identity) };
    });
    return outcomes;
  }

  /**
   * Evaluates some steps once more.
   *
   * @throws {UserError} `protocol-nondeterministic` if one has another outcome now.
   */
  lookAgain(): void {
    this.#secondLook.look();
  }

  /** Every step that was evaluated here: local state, input, outcomes. */
  steps(): ReturnType<StepMemo["all"]> {
    return this.#steps.all();
  }

  /** Every step that was evaluated, which threads have in common too. */
  evaluatedSteps(): SharedMemo {
    return this.#steps.shared();
  }

  /** Whether these, of a step in this local state that was evaluated, are those of one that does nothing. */
  areNothing(local: number, outcomes: readonly Outcome[]): boolean {
    return outcomes === this.#interned.ignoring(local);
  }

  /** Whether a step in this local state changes nothing, sends nothing and shows nothing. */
  ignores(local: number, inputId: number, input: () => Input<Json>): boolean {
    return this.outcomesOf(local, inputId, input).every((outcome) => changesNothing(outcome, local));
  }

  /** The component of a node in the same condition that has sent nothing. */
  bare(component: number): number {
    this.#bare[component] ??= this.withOutbox(component, noOutbox);
    return this.#bare[component];
  }

  /**
   * What `after` is for a node that had sent the messages of `component` before: one that has sent those of
   * both.
   */
  joined(component: number, after: number): number {
    const outbox = this.outboxOf[component]!;
    const known = this.#joined.get(outbox, after);
    if (known >= 0) return known;
    const joined = this.withOutbox(
      after,
      this.#outboxes.after(outbox, this.outboxes[this.outboxOf[after]!]!),
    );
    this.#joined.set(outbox, after, joined);
    return joined;
  }

  /** Whether two components have sent the same message to the same node. */
  haveSentTheSame(a: number, b: number): boolean {
    return this.#outboxes.haveTheSame(this.outboxOf[a]!, this.outboxOf[b]!);
  }

  /** Whether one component has sent everything that another one has. */
  hasSentAllOf(a: number, b: number): boolean {
    return this.#outboxes.includes(this.outboxOf[a]!, this.outboxOf[b]!);
  }

  /** The number of a local state that may be another node's, or why it does not fit the schema of this one. */
  localId(state: Json): number | SchemaMismatch {
    return this.#locals.intern(state);
  }

  #apply(outcome: Outcome, component: number): Reaction {
    const { label, local, kept, timersOn, timersOff, events, sends, defers, sets } = outcome;
    const random = this.#isChance(outcome);
    if (local === this.localOf[component] && kept.length === 0 && (timersOn | timersOff) === 0)
      return { label, random, component, events, sends, defers, sets };
    const { timersOf, outboxOf, crashesOf } = this;
    return this.#applyTo(outcome, timersOf[component]!, outboxOf[component]!, crashesOf[component]!);
  }

  #applyTo(outcome: Outcome, timers: number, outbox: number, crashes: number): Reaction {
    const { label, local, kept, timersOn, timersOff, events, sends, defers, sets } = outcome;
    const timersAfter = (timers & ~timersOff) | timersOn;
    const component = this.#component(local, timersAfter, this.#outboxes.after(outbox, kept), crashes);
    return { label, random: this.#isChance(outcome), component, events, sends, defers, sets };
  }

  #isChance({ random }: Outcome): boolean {
    if (!random || this.stepFaults !== null) return false;
    this.tosses = true;
    return true;
  }

  #component(local: number, timers: number, outbox: number, crashes: number): number {
    const near = this.#near.get(local, outbox);
    if (near >= 0 && this.timersOf[near] === timers && this.crashesOf[near] === crashes) return near;
    this.#view(local); // before the component has a number: what throws must do so again whenever it is asked
    const id = this.#components.id([local, timers, outbox, crashes]);
    if (id === this.localOf.length) this.#keep(local, timers, outbox, crashes);
    if (near < 0) this.#near.set(local, outbox, id);
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
    this.#views[local] ??= viewOf(this.spec, state);
    return this.#views[local];
  }
}
