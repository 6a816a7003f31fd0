// How long minimizing may take. When the time is over, or the user wants an end, what is shortest so far is kept: it violates the property,
// but nobody has tried whether something can still be left out.

import { Abandoned, hearInterrupt, lookEveryMs, watched } from "../watch/clock.js";

export interface BudgetOptions {
  /** In seconds, for all that is done; default: no limit. */
  readonly maxSeconds?: number;
  /** Ends it at the next opportunity. */
  readonly signal?: AbortSignal;
  /** Called a few times a second: how many actions there were, and how many there are now. */
  readonly onProgress?: (progress: { readonly before: number; readonly now: number }) => void;
}

/** See the file comment. */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #before: number;
  readonly #endsAt: number;
  #lookedAt = 0;
  #isIgnored = false;
  #best: { readonly actions: number; readonly violation: unknown } | null = null;

  /** `before`: how many actions there are at first. */
  constructor(options: BudgetOptions, before: number) {
    this.#options = options;
    this.#before = before;
    this.#endsAt = performance.now() + (options.maxSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  }

  /** The shortest violation so far, as it was kept; null if there is none. */
  get best(): unknown {
    return this.#best?.violation ?? null;
  }

  /** Something that violates the property, with so many actions. */
  keep(actions: number, violation: unknown): void {
    if (this.#best === null || actions < this.#best.actions) this.#best = { actions, violation };
  }

  /** Does a part of the work. @throws {Abandoned} when the time is over. */
  run<T>(work: () => T): T {
    if (this.#isIgnored) return work();
    if (this.#mustEnd()) throw new Abandoned("the time for minimizing is over");
    return watched(() => this.#mustEnd(), work);
  }

  /** From now on there is no limit: what was kept is verified. */
  ignore(): void {
    this.#isIgnored = true;
  }

  /** What a search that is a part of the work has to keep to. */
  get limits(): { readonly maxSeconds?: number; readonly signal?: AbortSignal } {
    const left = (this.#endsAt - performance.now()) / 1000;
    const { signal } = this.#options;
    return { ...(Number.isFinite(left) && { maxSeconds: Math.max(0, left) }), ...(signal && { signal }) };
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
