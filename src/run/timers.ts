// The timers of a node: names of the model mapped to real time. A timer that is set again starts anew.

/** Node's timers end at once if they are to take longer. */
const longestMs = 2 ** 31 - 1;

/** See the file comment. */
export class Timers {
  readonly #baseMs: number;
  readonly #expired: (timer: string) => void;
  readonly #running = new Map<string, NodeJS.Timeout>();

  /** `baseMs`: the protocol's base timeout, of which the delays of timers are multiples. */
  constructor(baseMs: number, expired: (timer: string) => void) {
    this.#baseMs = baseMs;
    this.#expired = expired;
  }

  set(timer: string, delay = 1): void {
    this.cancel(timer);
    const ms = Math.min(longestMs, delay * this.#baseMs);
    this.#running.set(
      timer,
      setTimeout(() => {
        this.#running.delete(timer);
        this.#expired(timer);
      }, ms),
    );
  }

  cancel(timer: string): void {
    clearTimeout(this.#running.get(timer));
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const timer of [...this.#running.keys()]) this.cancel(timer);
  }
}
