// What is on its way in a timed run, and what arrives at this very moment: that is what a strategy chooses among.

import type { Clockwork, Letter } from "../../../model/timed/clockwork.js";
import { never } from "../../../model/timed/clockwork.js";
import { EventQueue } from "../../../model/timed/event-queue.js";
import type { Micros } from "../../../model/timed/timing.js";
import type { Delays } from "./delays.js";

/** See the file comment. */
export class Arrivals {
  /** What arrives at this moment, in no meaningful order. */
  due: Letter[] = [];
  readonly #clock: Clockwork;
  #queue = new EventQueue<Letter>();
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

  /** When the next letter arrives. */
  get next(): Micros {
    return this.#queue.nextTime;
  }

  /** A letter is on its way from now on. */
  send(letter: Letter): void {
    letter.arrives = this.#delays.arrival(letter.from, letter.to, this.#clock.now);
    this.#queue.add(letter.arrives, letter.to, letter);
  }

  /** Takes what is at this place of {@link due}. */
  take(place: number): Letter {
    const letter = this.due[place]!;
    this.due[place] = this.due.at(-1)!;
    this.due.pop();
    return letter;
  }

  /** Takes a letter, wherever it is. */
  withdraw(letter: Letter): void {
    this.due = this.due.filter((one) => one !== letter);
  }

  /** Puts off what is at this place: late, but not too late. Where it has to arrive now, it stays where it is. */
  putOff(place: number): void {
    const letter = this.due[place]!;
    const { now, timing } = this.#clock;
    const deadline = this.#clock.deadline(letter);
    if (deadline <= now) return;
    this.due.splice(place, 1);
    letter.arrives = Math.min(deadline, Math.max(now, timing.gst) + timing.delta);
    this.#queue.add(letter.arrives, letter.to, letter);
  }

  /** Of what arrives now, what would change nothing any more is put off. */
  sift(): void {
    this.due = this.due.filter((letter) => this.isOfUse(letter));
  }

  /** It is this time now: what arrives at it. */
  unload(time: Micros): void {
    while (this.#queue.nextTime <= time && this.#queue.next()) {
      const letter = this.#queue.what!;
      if (letter.arrives === this.#queue.time && this.isOfUse(letter)) this.due.push(letter);
    }
  }

  /** What is of no use when it arrives is put off: it arrives again once it is. */
  isOfUse(letter: Letter): boolean {
    if (this.#clock.isOfUse(letter.to, letter.packet)) return true;
    letter.arrives = never;
    this.#clock.weigh(letter);
    return false;
  }
}
