// The messages in flight in a timed run, and those that arrive now, among which a strategy chooses.

import type { Clockwork, Envelope } from "../../../model/timed/clockwork.js";
import { never } from "../../../model/timed/clockwork.js";
import { EventQueue } from "../../../model/timed/event-queue.js";
import type { Micros } from "../../../model/timed/timing.js";
import type { Delays } from "./delays.js";

/** The messages in flight in a timed run. */
export class Arrivals {
  /** The messages that arrive now, in no meaningful order. */
  due: Envelope[] = [];
  /** Those that have arrived before others that have to come first on their link. */
  #held: Envelope[] = [];
  readonly #clock: Clockwork;
  #queue = new EventQueue<Envelope>();
  #delays!: Delays;

  constructor(clock: Clockwork) {
    this.#clock = clock;
  }

  begin(): void {
    this.due = [];
    this.#held = [];
    this.#queue = new EventQueue();
  }

  /** Sets the delays of messages from now on. */
  set delays(delays: Delays) {
    this.#delays = delays;
  }

  /** When the next envelope arrives. */
  get next(): Micros {
    return this.#queue.nextTime;
  }

  /** Puts an envelope in flight. */
  send(envelope: Envelope): void {
    envelope.arrives = this.#delays.arrival(envelope.from, envelope.to, this.#clock.now);
    this.#queue.add(envelope.arrives, envelope.to, envelope);
  }

  /** Removes the envelope at this place of {@link due}. */
  take(place: number): Envelope {
    const envelope = this.due[place]!;
    this.due[place] = this.due.at(-1)!;
    this.due.pop();
    return envelope;
  }

  /** Removes an envelope, wherever it is. */
  withdraw(envelope: Envelope): void {
    this.due = this.due.filter((one) => one !== envelope);
    this.#held = this.#held.filter((one) => one !== envelope);
  }

  /** Delays what is at this place, within the bound. If it has to arrive now, it stays. */
  putOff(place: number): void {
    const envelope = this.due[place]!;
    const { now, timing } = this.#clock;
    const deadline = this.#clock.deadline(envelope);
    if (deadline <= now) return;
    this.due.splice(place, 1);
    envelope.arrives = Math.min(deadline, Math.max(now, timing.gst) + timing.delta);
    this.#queue.add(envelope.arrives, envelope.to, envelope);
  }

  /**
   * Delays those of the messages that arrive now that would change nothing any more, and has those arrive for which it is the turn.
   */
  sift(): void {
    const all = [...this.due, ...this.#held];
    this.#held = [];
    this.due = all.filter((envelope) => this.isDeliverable(envelope));
  }

  /** Advances to this time, and collects what arrives. */
  unload(time: Micros): void {
    while (this.#queue.nextTime <= time && this.#queue.next()) {
      const envelope = this.#queue.what!;
      if (envelope.arrives === this.#queue.time && this.isDeliverable(envelope)) this.due.push(envelope);
    }
  }

  /**
   * A message that is of no use when it arrives is delayed: it arrives again once it is. One that has to let others go first waits for
   * them.
   */
  isDeliverable(envelope: Envelope): boolean {
    if (this.#clock.isDeliverable(envelope)) return true;
    if (envelope.isUsedUp) return false;
    if (this.#clock.hasLinks && !envelope.isDeferred) {
      this.#held.push(envelope);
      return false;
    }
    envelope.arrives = never;
    this.#clock.reassess(envelope);
    return false;
  }
}
