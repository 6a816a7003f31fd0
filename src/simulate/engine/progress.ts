// The progress of a run: who was served last, in which view, and until when to wait for the next success.
//
// Where every view has its leader, and timers do not grow, a view may fail by chance: a leader goes on with the first n-f messages that arrive,
// and the one that it needed may come later each time. So as long as nodes go from view to view, a run gives up only after many views.

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
  readonly #hasLeaders: boolean;
  /** So many views without a success are no chance. */
  readonly #manyViews: number;
  #lastServed = { at: 0, view: 0 };
  /** The view from which on timers would double, if they did. */
  #firstView = 0;
  /** The longest timer that was set before a node first entered another view. */
  #firstTimer: Micros | null = null;

  constructor(simulation: Simulation) {
    const { entry, parameters } = simulation;
    this.#giveUpTime = giveUpTimeOf(simulation);
    this.#hasLeaders = entry.protocol.primary !== undefined;
    this.#manyViews = Math.max(60, 3 * parameters.replicas);
    this.waitsUntil = this.#giveUpTime.until(0, 0, 0, 0);
  }

  /** A correct replica is in this view, and no timer has been longer than this one so far. */
  entered(now: Micros, view: number, longestTimer: Micros): void {
    if (view <= this.highestView) return;
    this.#firstTimer ??= longestTimer;
    this.highestView = view;
    this.highestViewAt = now;
  }

  /** A request has succeeded, perhaps the last one. */
  served(now: Micros, isLast: boolean): void {
    this.#lastServed = { at: now, view: this.highestView };
    this.waitsUntil = this.#giveUpTime.until(now, this.highestView - this.#firstView, 0, 0);
    this.isDone = isLast;
  }

  /** Waits again, as long as from the start on. */
  beginAgain(now: Micros): void {
    this.#firstView = this.highestView;
    this.served(now, false);
  }

  /** In how many views nobody has been served. */
  get viewsInVain(): number {
    return this.highestView - this.#lastServed.view;
  }

  /** Whether nodes still go from view to view at the pace at which they began. */
  isMoving(time: Micros, longestTimer: Micros): boolean {
    const isSlowing = longestTimer >= 4 * (this.#firstTimer ?? longestTimer);
    return this.#hasLeaders && time - this.highestViewAt <= 2 * longestTimer && !isSlowing;
  }

  /** The same, and too few views are over for all of them to have failed by chance. */
  isBetweenViews(time: Micros, longestTimer: Micros): boolean {
    return this.isMoving(time, longestTimer) && this.viewsInVain < this.#manyViews;
  }

  /**
   * Why to give up at this time, or null. Waiting in queues and timers that grow extend the time, which is computed only when the
   * time without them is over.
   */
  endAt(time: Micros, queued: Micros, longestTimer: Micros): End | null {
    const { at } = this.#lastServed;
    const view = this.#lastServed.view - this.#firstView;
    const limit = this.#giveUpTime.atMost(at, view, longestTimer);
    this.waitsUntil = Math.min(limit, this.#giveUpTime.until(at, view, queued, longestTimer));
    if (time <= this.waitsUntil) return null;
    return queued > this.#giveUpTime.overload || this.waitsUntil === limit
      ? { kind: "overloaded", queuedMs: queued / 1000 }
      : { kind: "gave-up" };
  }
}
