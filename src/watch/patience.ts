// The time slice of one piece of work. Then the work is abandoned, so that the event loop can hear of an interrupt, and begun again with twice
// the time, so that it is finished in the end. Where interrupts are heard anyway, nothing is abandoned.

import { hearsInterrupts } from "./clock.js";

/** At first, in milliseconds. */
const firstMs = 100;

/** See the file comment. */
export class Patience {
  #work = -1;
  #ms = firstMs;
  #isBegun = false;
  #endsAt = 0;

  /** Whether the piece of work with this number was let alone long enough. Once it was, it counts as begun again. */
  isOver(work: number): boolean {
    if (hearsInterrupts || work < 0) return false;
    if (work !== this.#work) [this.#work, this.#ms, this.#isBegun] = [work, firstMs, false];
    const now = performance.now();
    if (!this.#isBegun) [this.#isBegun, this.#endsAt] = [true, now + this.#ms];
    if (now < this.#endsAt) return false;
    this.#ms *= 2;
    this.#isBegun = false;
    return true;
  }
}
