// The progress of a run: who was served last, in which view, and until when to wait for the next success.

import type { Micros } from "../../model/timed/timing.js";
import type { End } from "../end.js";
import { type GiveUpTime, giveUpTimeOf } from "../give-up-time.js";
import type { Simulation } from "../setting.js";

/** The progress of a run. */
export class Progress {
  /** Every request has succeeded: then only messages in flight are delivered, so that all are counted. */
  isDone = false;
  /** The highest view that a correct replica entered, and when the first one did. */
  highestView = 0;
  highestViewAt: Micros = 0;
  /** Until when to wait, as far as that is known: see {@link endAt}. */
  waitsUntil: Micros;
  readonly #giveUpTime: GiveUpTime;
  #lastServed = { at: 0, view: 0 };

  constructor(simulation: Simulation) {
    this.#giveUpTime = giveUpTimeOf(simulation);
    this.waitsUntil = this.#giveUpTime.until(0, 0, 0, 0);
  }

  /** A correct replica is in this view. */
  entered(now: Micros, view: number): void {
    if (view <= this.highestView) return;
    this.highestView = view;
    this.highestViewAt = now;
  }

  /** A request has succeeded, perhaps the last one. */
  served(now: Micros, isLast: boolean): void {
    this.#lastServed = { at: now, view: this.highestView };
    this.waitsUntil = this.#giveUpTime.until(now, this.highestView, 0, 0);
    this.isDone = isLast;
  }

  /**
   * Why to give up at this time, or null. Waiting in queues and timers that grow extend the time, which is computed only when the
   * time without them is over.
   */
  endAt(time: Micros, queued: Micros, longestTimer: Micros): End | null {
    const { at, view } = this.#lastServed;
    const limit = this.#giveUpTime.atMost(at, view, longestTimer);
    this.waitsUntil = Math.min(limit, this.#giveUpTime.until(at, view, queued, longestTimer));
    if (time <= this.waitsUntil) return null;
    return queued > this.#giveUpTime.overload || this.waitsUntil === limit
      ? { kind: "overloaded", queuedMs: queued / 1000 }
      : { kind: "gave-up" };
  }
}
