// An open load: requests are due at a constant rate, whether or not earlier ones have been served. How long one takes is counted from the moment
// at which it was due, also if no client was free to make it then (Tene: coordinated omission). Each client makes one request at a time.

import { type Latency, latencyMs } from "../simulate/percentiles.js";

/** Somebody who makes requests, one at a time. */
export interface FreeClient {
  give(): void;
}

/** How much is asked for. */
export interface OpenLoad {
  /** Requests a second. */
  readonly rate: number;
  readonly seconds: number;
}

/** What came of it. */
export interface OpenLoopResult {
  readonly planned: number;
  /** Requests that were made, of which `late` were made more than {@link lateMs} after they were due. */
  readonly sent: number;
  readonly late: number;
  readonly served: number;
  /** From the first moment at which one was due to the last at which one was served. */
  readonly seconds: number;
  /** Counted from when requests were due. */
  readonly latency: Latency | null;
  /** Counted from when they were made: what a client sees that waits for each answer before it makes the next request. */
  readonly serviceTime: Latency | null;
}

/** A request that is made so much later than it was due was not sent at the rate. */
export const lateMs = 50;

/** Gives clients requests at a rate. */
export class OpenLoop {
  readonly #load: OpenLoad;
  readonly #planned: number;
  /** Clients that wait for a request. */
  readonly #free: FreeClient[];
  /** By client, when its request was due and made. */
  readonly #made = new Map<FreeClient, { readonly due: number; readonly made: number }>();
  readonly #latencies: number[] = [];
  readonly #serviceTimes: number[] = [];
  #startedAt = 0;
  #next = 0;
  #late = 0;
  #lastServedAt = 0;
  #tick: NodeJS.Timeout | undefined;
  #ended: () => void = () => {};

  constructor(load: OpenLoad, clients: readonly FreeClient[]) {
    this.#load = load;
    this.#planned = Math.max(1, Math.round(load.rate * load.seconds));
    this.#free = [...clients];
  }

  /** Ends when all requests were served; or when `signal` says so. */
  async run(signal: AbortSignal): Promise<OpenLoopResult> {
    this.#startedAt = performance.now();
    const ended = new Promise<void>((resolve) => {
      this.#ended = resolve;
      signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve());
    });
    this.#give();
    await ended;
    clearTimeout(this.#tick);
    return {
      ...{ planned: this.#planned, sent: this.#next, late: this.#late, served: this.#latencies.length },
      seconds: Math.max(0, this.#lastServedAt - this.#startedAt) / 1000,
      latency: latencyMs(this.#latencies),
      serviceTime: latencyMs(this.#serviceTimes),
    };
  }

  /** A client was served, and waits. */
  isFree(client: FreeClient): void {
    const times = this.#made.get(client);
    if (times === undefined) return;
    const now = performance.now();
    this.#made.delete(client);
    this.#latencies.push((now - times.due) * 1000);
    this.#serviceTimes.push((now - times.made) * 1000);
    this.#lastServedAt = now;
    this.#free.push(client);
    if (this.#latencies.length === this.#planned) this.#ended();
    else this.#give();
  }

  /** Makes every request that is due, as far as clients are free. */
  #give(): void {
    clearTimeout(this.#tick);
    const now = performance.now();
    while (this.#next < this.#planned && this.#free.length > 0 && this.#dueAt(this.#next) <= now) {
      const due = this.#dueAt(this.#next++);
      const client = this.#free.shift()!;
      if (now - due > lateMs) this.#late++;
      this.#made.set(client, { due, made: now });
      client.give();
    }
    if (this.#next < this.#planned && this.#free.length > 0)
      this.#tick = setTimeout(() => this.#give(), Math.max(0, this.#dueAt(this.#next) - performance.now()));
  }

  #dueAt(number: number): number {
    return this.#startedAt + (number * 1000) / this.#load.rate;
  }
}
