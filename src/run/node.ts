// The driver of one node: runs its behaviour, the same pure function that is checked, with real time, real sockets and a
// disk. An input is one step; what the step sends leaves the node once its record is written and its log is
// synced. Inputs go on being handled while the disk works, and the next sync is for all of them.

import { randomInt } from "node:crypto";
import { stableOf, viewOf } from "../model/behaviour-calls.js";
import type { Context, Effect, Event, Json, NodeId, NodeSpec, Step } from "../protocol/index.js";
import {
  canonicalState,
  outcomesOf,
  type RecordedInput,
  type RecordWriter,
  stateDigest,
} from "../records/index.js";
import { Deferred } from "./deferred.js";
import type { DurableLog } from "./durable-log.js";
import type { Signatures } from "./signatures.js";
import { Timers } from "./timers.js";

/** More that wait for the disk make the node stop reading. */
const outboxMax = 5_000;

/** A message on its way out; `to` null: to every replica but the node itself. */
export interface Outgoing {
  readonly to: NodeId | null;
  readonly message: Json;
  /** The number of the step that sent it. */
  readonly step: number;
}

/** What the driver of a node needs. */
export interface NodeDependencies {
  readonly spec: NodeSpec<Json>;
  readonly context: Context;
  readonly timeoutMs: number;
  readonly log: DurableLog;
  readonly record: RecordWriter;
  readonly signatures: Signatures;
  /** Sends a message. */
  readonly send: (outgoing: Outgoing) => void;
  /** Too much waits for the disk, or no longer. */
  readonly pause: (isPaused: boolean) => void;
  /** Hears the events of the node. */
  readonly observe: (events: readonly Event[]) => void;
  /** Hears of each deferred message that is given up. */
  readonly givenUp: () => void;
  /** Hears how long an input has taken, in seconds. */
  readonly timed: (seconds: number) => void;
  /** The node cannot go on. */
  readonly fail: (error: unknown) => void;
}

/** See the file comment. */
export class NodeDriver {
  readonly #deps: NodeDependencies;
  readonly #timers: Timers;
  readonly #deferred: Deferred;
  readonly #clock: { [node: NodeId]: number };
  #state: Json = null;
  #digest = "";
  #outbox: Outgoing[] = [];
  #flushing: Promise<void> | null = null;
  #isStopped = false;
  #jumpedMs = 0;
  /** Set: the node may have promised what its disk does not have, or its behaviour is at fault. Nothing more leaves it. */
  #failure: { readonly error: unknown } | null = null;

  constructor(dependencies: NodeDependencies) {
    this.#deps = dependencies;
    const { timeoutMs, record, givenUp } = dependencies;
    this.#deferred = new Deferred(givenUp);
    this.#timers = new Timers(timeoutMs, (timer) => this.handle({ kind: "timer", timer }));
    this.#clock = { ...record.lastClock };
  }

  /** Begins, or goes on with what the log has. True: it goes on. */
  begin(): boolean {
    const { spec, context, log, signatures } = this.#deps;
    const recovered = log.recover();
    if (recovered !== null) signatures.restore(recovered.signatures);
    const input: RecordedInput =
      recovered === null ? { kind: "start" } : { kind: "restart", stable: recovered.stable };
    const outcomes = outcomesOf(spec, context, null, input);
    const outcome = this.#chosen(outcomes);
    this.#take(input, outcome, outcomes.length > 1);
    this.#deps.record.flush(); // what the log has stands in the record
    log.begin(recovered?.stable ?? stableOf(spec, outcome.state), recovered?.signatures ?? []);
    this.#schedule();
    return recovered !== null;
  }

  /** The view that it is in, or null. */
  get view(): number | null {
    const { spec } = this.#deps;
    return spec.behaviour.view === undefined ? null : viewOf(spec, this.#state);
  }

  /** How many messages wait for the disk. */
  get waiting(): number {
    return this.#outbox.length;
  }

  /**
   * Takes a message with its proofs verified; `step`: which one of its sender sent it. Only that is counted of other nodes: what a sender says of
   * others' steps might be a lie, and spoil the order of what correct nodes have recorded.
   */
  message(via: NodeId, from: NodeId, message: Json, step: number): void {
    if (via !== this.#deps.context.self) this.#clock[via] = Math.max(step, this.#clock[via] ?? 0);
    this.handle({ kind: "message", from, ...(via !== from && { via }), message });
  }

  /** Handles an input, and the deferred messages that it makes worth another look. */
  handle(input: Exclude<RecordedInput, { readonly kind: "start" | "restart" }>): void {
    if (this.#isStopped) return;
    const since = performance.now();
    try {
      if (this.#step(input)) this.#retryDeferred();
      this.#deps.timed((performance.now() - since) / 1000);
      this.#schedule();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** The clock of its machine jumps by so many milliseconds, forwards if they are positive. */
  jumpClock(ms: number): void {
    this.#jumpedMs += ms;
    this.#timers.jump(ms);
  }

  /** Stops: what was promised is written, and timers expire no more. @throws what has made the node fail while it stopped. */
  async stop(): Promise<void> {
    const { record, log } = this.#deps;
    const wasSound = this.#failure === null;
    this.#isStopped = true;
    this.#timers.cancelAll();
    try {
      await this.#flushing;
      if (this.#failure === null) await this.#flush();
    } finally {
      record.close();
      log.close();
    }
    if (wasSound && this.#failure !== null) throw (this.#failure as { readonly error: unknown }).error;
  }

  /** Evaluates one step. True if the state changed. */
  #step(input: Exclude<RecordedInput, { readonly kind: "start" | "restart" }>): boolean {
    const before = this.#state;
    const { spec, context } = this.#deps;
    const outcomes = outcomesOf(spec, context, before, input);
    const outcome = this.#chosen(outcomes);
    for (const effect of outcome.effects)
      if (effect.kind === "defer" && input.kind === "message") this.#deferred.add(effect.key, input);
    this.#take(input, outcome, outcomes.length > 1);
    return outcome.state !== before;
  }

  /** As the simulator does: deferred messages are delivered again after every change, until one changes nothing. */
  #retryDeferred(): void {
    for (let changed = true; changed && this.#deferred.size > 0; ) {
      changed = false;
      for (const input of this.#deferred.take()) if (this.#step({ ...input, again: true })) changed = true;
    }
  }

  /** Where chance decides it is tossed, and another choice is drawn as well: nobody schedules a real run. */
  #chosen(outcomes: readonly Step<Json, Json>[]): Step<Json, Json> {
    return outcomes.length === 1 ? outcomes[0]! : outcomes[randomInt(outcomes.length)]!;
  }

  #take(input: RecordedInput, outcome: Step<Json, Json>, isChoice: boolean): void {
    const { spec, context, record, observe } = this.#deps;
    const { effects, events, label } = outcome;
    if (this.#digest === "" || outcome.state !== this.#state) {
      this.#state = canonicalState(spec, outcome.state);
      this.#digest = stateDigest(this.#state);
    }
    this.#clock[context.self] = (this.#clock[context.self] ?? 0) + 1;
    const clock = { ...this.#clock };
    record.add({
      ...{ kind: "step", node: context.self, at: Date.now() + this.#jumpedMs, clock, input },
      ...(isChoice && label !== undefined && { choice: label }),
      ...{ effects, events, digest: this.#digest },
    });
    for (const effect of effects) this.#perform(effect, clock[context.self]!);
    if (events.length > 0) observe(events);
  }

  #perform(effect: Effect<Json>, step: number): void {
    switch (effect.kind) {
      case "send":
        this.#outbox.push({ to: effect.to, message: effect.message, step });
        break;
      case "broadcast":
        this.#outbox.push({ to: null, message: effect.message, step });
        break;
      case "set-timer":
        this.#timers.set(effect.timer, effect.delay);
        break;
      case "cancel-timer":
        this.#timers.cancel(effect.timer);
        break;
      case "defer":
        break; // kept in `#step`
      default:
        effect satisfies never;
    }
  }

  /** Writes and sends, once what has arrived together is handled. */
  #schedule(): void {
    if (this.#outbox.length > outboxMax) this.#deps.pause(true);
    this.#flushing ??= new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#flush())
      .catch((error) => this.#failed(error))
      .finally(() => {
        this.#flushing = null;
        if (this.#outbox.length > 0 && !this.#isStopped) this.#schedule();
      });
  }

  async #flush(): Promise<void> {
    const { spec, record, log, signatures, send, pause } = this.#deps;
    const outbox = this.#outbox;
    this.#outbox = [];
    record.flush();
    if (log.write(stableOf(spec, this.#state), signatures.takeFresh(), () => signatures.all()))
      await log.sync();
    for (const outgoing of outbox) send(outgoing);
    pause(false);
  }

  #failed(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    if (this.#isStopped) return; // `stop` tells
    this.#isStopped = true;
    this.#timers.cancelAll();
    this.#deps.fail(error);
  }
}
