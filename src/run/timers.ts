// The timers of a node: names of the model mapped to real time. A timer that is set again starts anew. The clock that they read is the
// node's own: it can be made to jump, as clocks of machines do.

/** Node's timers end at once if they are to take longer. */
const longestMs = 2 ** 31 - 1;

interface Running {
  /** When it expires, by the node's clock. */
  readonly dueMs: number;
  readonly handle: NodeJS.Timeout;
}

/** See the file comment. */
export class Timers {
  readonly #baseMs: number;
  readonly #expired: (timer: string) => void;
  readonly #running = new Map<string, Running>();
  #jumpedMs = 0;

  /** `baseMs`: the protocol's base timeout, of which the delays of timers are multiples. */
  constructor(baseMs: number, expired: (timer: string) => void) {
    this.#baseMs = baseMs;
    this.#expired = expired;
  }

  set(timer: string, delay = 1): void {
    this.#until(timer, this.#now() + delay * this.#baseMs);
  }

  cancel(timer: string): void {
    clearTimeout(this.#running.get(timer)?.handle);
    this.#running.delete(timer);
  }

  cancelAll(): void {
    for (const timer of [...this.#running.keys()]) this.cancel(timer);
  }

  /** The node's clock jumps by so many milliseconds: forwards, and timers expire earlier; or backwards. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
    for (const [timer, { dueMs }] of [...this.#running]) this.#until(timer, dueMs);
  }

  #now(): number {
    return performance.now() + this.#jumpedMs;
  }

  #until(timer: string, dueMs: number): void {
    this.cancel(timer);
    const ms = Math.min(longestMs, Math.max(0, dueMs - this.#now()));
    const handle = setTimeout(() => {
      this.#running.delete(timer);
      this.#expired(timer);
    }, ms);
    this.#running.set(timer, { dueMs, handle });
  }
}
