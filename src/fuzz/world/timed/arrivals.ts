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
  readonly #clock: Clockwork;
  #queue = new EventQueue<Envelope>();
  #delays!: Delays;

  constructor(clock: Clockwork) {
    this.#clock = clock;
  }

  begin(): void {
    this.due = [];
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

  /** Delays those of the messages that arrive now that would change nothing any more. */
  sift(): void {
    this.due = this.due.filter((envelope) => this.isOfUse(envelope));
  }

  /** Advances to this time, and collects what arrives. */
  unload(time: Micros): void {
    while (this.#queue.nextTime <= time && this.#queue.next()) {
      const envelope = this.#queue.what!;
      if (envelope.arrives === this.#queue.time && this.isOfUse(envelope)) this.due.push(envelope);
    }
  }

  /** A message that is of no use when it arrives is delayed: it arrives again once it is. */
  isOfUse(envelope: Envelope): boolean {
    if (this.#clock.isOfUse(envelope.to, envelope.packet)) return true;
    envelope.arrives = never;
    this.#clock.reassess(envelope);
    return false;
  }
}
