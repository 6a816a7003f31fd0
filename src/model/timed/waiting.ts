// The waiting clients of a timed run, and since when they wait: the goal, measured. A client that waits at
// GST, or begins to wait later, must be served within k Delta.

import type { Event } from "../../protocol/index.js";
import type { Micros, TimingMicros } from "./timing.js";

/** The clients that wait, and since when. */
export class Waiting {
  /** How long, after GST, those who were served have waited at most. */
  longest: Micros = 0;
  readonly #timing: TimingMicros;
  readonly #since = new Map<string, Micros>();
  #served = 0;

  constructor(timing: TimingMicros) {
    this.#timing = timing;
  }

  begin(): void {
    this.longest = 0;
    this.#served = 0;
    this.#since.clear();
  }

  note(event: Event, now: Micros): void {
    if (event.kind === "invoked") this.#since.set(event.request, now);
    if (event.kind !== "accepted") return;
    const since = this.#since.get(event.request);
    if (since === undefined) return;
    this.longest = Math.max(this.longest, now - this.#from(since));
    this.#since.delete(event.request);
    this.#served++;
  }

  /** Whether somebody has asked, and everybody who has was served. */
  get isOver(): boolean {
    return this.#since.size === 0 && this.#served > 0;
  }

  get isAnybody(): boolean {
    return this.#since.size > 0;
  }

  /** The last moment at which the first of those who wait may still be served; infinite if nobody waits. */
  get until(): Micros {
    return Math.min(...[...this.#since.values()].map((since) => this.#from(since) + this.#timing.within));
  }

  /** The requests that wait, in an order of content. */
  get requests(): readonly string[] {
    return [...this.#since.keys()].sort();
  }

  #from(since: Micros): Micros {
    return Math.max(since, this.#timing.gst);
  }
}
