// The driver of one node: runs its behaviour, the same pure function that is checked, with real time, real sockets and a
// disk. An input is one step; what the step sends leaves the node once its record and then its log are
// synced, and only then is the input acknowledged. Inputs go on being handled while the disk works, and the next sync is for all of them.

import { randomInt } from "node:crypto";
import { stableOf, viewOf } from "../model/behaviour-calls.js";
import type { Effect, Json, NodeId, Step } from "../protocol/index.js";
import { canonicalState, outcomesOf, type RecordedInput, stateDigest } from "../records/index.js";
import type { DeferredMessage } from "./deferred.js";
import { Deliveries, type SentMessage } from "./deliveries.js";
import type { Recovered } from "./durable-log.js";
import type { Arrived } from "./envelope.js";
import type { NodeDependencies } from "./node-dependencies.js";
import { Timers } from "./timers.js";

/** More messages that wait for the disk, to be sent or to be acknowledged, make the node stop reading. */
const pendingMax = 5_000;

/** See the file comment. */
export class NodeDriver {
  readonly #deps: NodeDependencies;
  readonly #timers: Timers;
  readonly #deliveries: Deliveries;
  readonly #clock: { [node: NodeId]: number };
  #state: Json = null;
  #digest = "";
  #flushing: Promise<void> | null = null;
  #isStopped = false;
  #jumpedMs = 0;
  #hasBegun = false;
  /** Set: the node may have promised what its disk does not have, or its behaviour is at fault. Nothing more leaves it. */
  #failure: { readonly error: unknown } | null = null;

  constructor(dependencies: NodeDependencies) {
    this.#deps = dependencies;
    const { timeoutMs, record, replicas, dropped } = dependencies;
    this.#deliveries = new Deliveries(replicas, () => dropped("deferred-too-many"));
    this.#timers = new Timers(timeoutMs, (timer) => this.handle({ kind: "timer", timer }));
    this.#clock = { ...record.lastClock };
  }

  /** Begins, or goes on with what the log has: then what was not acknowledged is sent again. True: it goes on. */
  begin(): boolean {
    const { spec, context, log, signatures, record } = this.#deps;
    const recovered = log.recover();
    if (recovered !== null) signatures.restore(recovered.signatures);
    const input: RecordedInput = recovered === null ? { kind: "start" } : restartFrom(recovered);
    const outcomes = outcomesOf(spec, context, null, input);
    const outcome = this.#chosen(outcomes);
    const standing = recovered?.standing ?? null;
    const deferred = standing === null ? [] : this.#deliveries.restore(standing, recovered!.sent);
    // Somebody has taken the record away: steps that others have counted must not be counted again.
    if (standing !== null)
      this.#clock[context.self] = Math.max(standing.step, this.#clock[context.self] ?? 0);
    const { kept, unacknowledged } = this.#deliveries;
    this.#take(input, outcome, outcomes.length > 1);
    record.flush(); // what the log has stands in the record
    if (recovered !== null) log.begin({ ...recovered, signatures: signatures.all(), sent: kept });
    this.#hasBegun = true;
    for (const sent of unacknowledged) this.#send(sent);
    for (const message of deferred) this.handle(message);
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
    return this.#deliveries.waiting;
  }

  /**
   * Takes a message with its proofs verified. Of the steps of other nodes only the one that sent it is counted: what a sender says of
   * others' steps might be a lie, and spoil the order of what correct nodes have recorded. `handled` is called once the disk has what came of it.
   */
  message(via: NodeId, { from, message, step, sent }: Arrived, handled: () => void): void {
    if (this.#isStopped) return;
    this.#deliveries.handled(handled);
    if (this.#deliveries.isNew(via, sent)) {
      if (via !== this.#deps.context.self) this.#clock[via] = Math.max(step, this.#clock[via] ?? 0);
      this.handle({ kind: "message", from, ...(via !== from && { via }), message });
    } else {
      this.#deps.dropped("duplicate");
      this.#schedule();
    }
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
      if (this.#hasBegun) await this.#flush(); // one that has not must leave the log as it is
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
      if (effect.kind === "defer" && input.kind === "message") this.#defer(effect.key, input);
    this.#take(input, outcome, outcomes.length > 1);
    return outcome.state !== before;
  }

  /** It is kept as it came first: also the disk has it so. */
  #defer(key: string, { again: _, ...message }: DeferredMessage): void {
    this.#deliveries.deferred.add(key, message);
  }

  /** As the simulator does: deferred messages are delivered again after every change, until one changes nothing. */
  #retryDeferred(): void {
    const { deferred } = this.#deliveries;
    for (let changed = true; changed && deferred.size > 0; ) {
      changed = false;
      for (const input of deferred.take()) if (this.#step({ ...input, again: true })) changed = true;
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
        this.#deliveries.add(effect.to, effect.message, step);
        break;
      case "broadcast":
        this.#deliveries.add(null, effect.message, step);
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
    if (this.#deliveries.pending > pendingMax) this.#deps.pause(true);
    this.#flushing ??= new Promise((resolve) => setImmediate(resolve))
      .then(() => this.#flush())
      .catch((error) => this.#failed(error))
      .finally(() => {
        this.#flushing = null;
        if (this.#deliveries.pending > 0 && !this.#isStopped) this.#schedule();
      });
  }

  /** After a failure the disk must not hear of the input that has failed: it would not come again. */
  async #flush(): Promise<void> {
    if (this.#failure !== null) return;
    const { spec, context, record, log, signatures, pause } = this.#deps;
    const deliveries = this.#deliveries;
    const { due, handled } = deliveries.take();
    record.flush();
    const standing = deliveries.standing(this.#clock[context.self]!);
    const stable = stableOf(spec, this.#state);
    const entry = { stable, signatures: signatures.takeFresh(), sent: due, standing };
    // Meanwhile there are other steps, which the log must not hear of yet.
    const isOfEntry = ({ number }: SentMessage) => number <= standing.sent;
    const whole = () => ({ signatures: signatures.all(), sent: deliveries.kept.filter(isOfEntry) });
    await record.sync(); // whatever the log names stands in the record, also after a power cut
    if (log.write(entry, whole)) await log.sync();
    for (const sent of due) this.#send(sent);
    for (const acknowledge of handled) acknowledge();
    pause(false);
  }

  #send(message: SentMessage): void {
    const deliveries = this.#deliveries;
    this.#deps.send({ ...message, sent: deliveries.numbered(message) }, (receiver, isAcknowledged) =>
      deliveries.settled(message.number, receiver, isAcknowledged),
    );
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

function restartFrom({ stable, standing }: Recovered): RecordedInput {
  return { kind: "restart", stable, ...(standing && { kept: standing.step }) };
}
