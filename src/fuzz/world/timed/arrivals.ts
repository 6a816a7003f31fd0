// What is on its way in a timed run, and what arrives at this very moment: that is what a strategy chooses among.

import type { Clockwork, Envelope } from "../../../model/timed/clockwork.js";
import { never } from "../../../model/timed/clockwork.js";
import { EventQueue } from "../../../model/timed/event-queue.js";
import type { Micros } from "../../../model/timed/timing.js";
import type { Delays } from "./delays.js";

/** See the file comment. */
export class Arrivals {
  /** What arrives at this moment, in no meaningful order. */
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

  /** From now on messages take as long as this says. */
  set delays(delays: Delays) {
    this.#delays = delays;
  }

  /** When the next envelope arrives. */
  get next(): Micros {
    return this.#queue.nextTime;
  }

  /** An envelope is on its way from now on. */
  send(envelope: Envelope): void {
    envelope.arrives = this.#delays.arrival(envelope.from, envelope.to, this.#clock.now);
    this.#queue.add(envelope.arrives, envelope.to, envelope);
  }

  /** Takes what is at this place of {@link due}. */
  take(place: number): Envelope {
    const envelope = this.due[place]!;
    this.due[place] = this.due.at(-1)!;
    this.due.pop();
    return envelope;
  }

  /** Takes an envelope, wherever it is. */
  withdraw(envelope: Envelope): void {
    this.due = this.due.filter((one) => one !== envelope);
  }

  /** Puts off what is at this place: late, but not too late. Where it has to arrive now, it stays where it is. */
  putOff(place: number): void {
    const envelope = this.due[place]!;
    const { now, timing } = this.#clock;
    const deadline = this.#clock.deadline(envelope);
    if (deadline <= now) return;
    this.due.splice(place, 1);
    envelope.arrives = Math.min(deadline, Math.max(now, timing.gst) + timing.delta);
    this.#queue.add(envelope.arrives, envelope.to, envelope);
  }

  /** Of what arrives now, what would change nothing any more is put off. */
  sift(): void {
    this.due = this.due.filter((envelope) => this.isOfUse(envelope));
  }

  /** It is this time now: what arrives at it. */
  unload(time: Micros): void {
    while (this.#queue.nextTime <= time && this.#queue.next()) {
      const envelope = this.#queue.what!;
      if (envelope.arrives === this.#queue.time && this.isOfUse(envelope)) this.due.push(envelope);
    }
  }

  /** What is of no use when it arrives is put off: it arrives again once it is. */
  isOfUse(envelope: Envelope): boolean {
    if (this.#clock.isOfUse(envelope.to, envelope.packet)) return true;
    envelope.arrives = never;
    this.#clock.reassess(envelope);
    return false;
  }
}
