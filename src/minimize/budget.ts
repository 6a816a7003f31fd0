// The budget of a minimization. When the time is over, or the user interrupts, the shortest violation so far
// is kept. It violates the property, but may not be minimal.

import { Abandoned, hearInterrupt, lookEveryMs, watched } from "../watch/clock.js";

export interface BudgetOptions {
  /** Seconds for all work; default: no limit. */
  readonly maxSeconds?: number;
  /** Ends it at the next opportunity. */
  readonly signal?: AbortSignal;
  /** Called a few times a second with the number of actions at first and now. */
  readonly onProgress?: (progress: { readonly before: number; readonly now: number }) => void;
}

/** The time that is left, and the shortest violation so far. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #before: number;
  readonly #endsAt: number;
  #lookedAt = 0;
  #isIgnored = false;
  #best: { readonly actions: number; readonly violation: unknown } | null = null;

  /** `before`: the number of actions at first. */
  constructor(options: BudgetOptions, before: number) {
    this.#options = options;
    this.#before = before;
    this.#endsAt = performance.now() + (options.maxSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  }

  /** The shortest violation so far, as passed to {@link keep}; null if there is none. */
  get best(): unknown {
    return this.#best?.violation ?? null;
  }

  /** Records a violation with this many actions. */
  keep(actions: number, violation: unknown): void {
    if (this.#best === null || actions < this.#best.actions) this.#best = { actions, violation };
  }

  /** Does part of the work. @throws {Abandoned} when the time is over. */
  run<T>(work: () => T): T {
    if (this.#isIgnored) return work();
    if (this.#mustEnd()) throw new Abandoned("the time for minimizing is over");
    return watched(() => this.#mustEnd(), work);
  }

  /** Lifts the limit, so that what was kept can be verified. */
  ignore(): void {
    this.#isIgnored = true;
  }

  /** The limits for a search that is part of the work; while it goes on, progress is told as well. */
  get limits(): {
    readonly maxSeconds?: number;
    readonly signal?: AbortSignal;
    readonly onProgress: () => void;
  } {
    const left = (this.#endsAt - performance.now()) / 1000;
    const { signal } = this.#options;
    return {
      ...(Number.isFinite(left) && { maxSeconds: Math.max(0, left) }),
      ...(signal && { signal }),
      onProgress: () => {
        this.#mustEnd();
      },
    };
  }

  #mustEnd(): boolean {
    const now = performance.now();
    if (now >= this.#endsAt) return true;
    if (now - this.#lookedAt < lookEveryMs) return false;
    this.#lookedAt = now;
    hearInterrupt();
    this.#options.onProgress?.({ before: this.#before, now: this.#best?.actions ?? this.#before });
    return this.#options.signal?.aborted === true;
  }
}
