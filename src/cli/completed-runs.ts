// Collects the completed runs of a check. Runs end in any order; suites are handed over whole, in their
// order.

import type { MadeRun } from "../report/check.js";
import type { PlannedSuite } from "./planned-suites.js";

/** The completed runs, and by suite those that were not handed over yet. */
export interface SoFar {
  readonly all: readonly MadeRun[];
  readonly left: readonly { readonly suite: PlannedSuite; readonly runs: readonly MadeRun[] }[];
}

/** The completed runs of all suites. */
export class CompletedRuns {
  readonly #suites: readonly PlannedSuite[];
  /** By run: the number of its suite. */
  readonly #suiteOf: readonly number[];
  readonly #onSuite: (suite: PlannedSuite, runs: readonly MadeRun[]) => void;
  readonly #completed: (MadeRun | undefined)[];
  readonly #handedOver = new Set<number>();

  constructor(
    suites: readonly PlannedSuite[],
    suiteOf: readonly number[],
    onSuite: (suite: PlannedSuite, runs: readonly MadeRun[]) => void,
  ) {
    this.#suites = suites;
    this.#suiteOf = suiteOf;
    this.#onSuite = onSuite;
    this.#completed = suiteOf.map(() => undefined);
  }

  get all(): readonly MadeRun[] {
    return this.#completed.filter((run) => run !== undefined);
  }

  get soFar(): SoFar {
    const left = [...this.#suites.entries()].flatMap(([index, suite]) => {
      const runs = this.#handedOver.has(index) ? [] : this.#finishedOf(index);
      return runs.length === 0 ? [] : [{ suite, runs }];
    });
    return { all: this.all, left };
  }

  /** Adds a run, and hands over each complete suite whose predecessors were handed over. */
  add(index: number, run: MadeRun): void {
    this.#completed[index] = run;
    for (const suite of this.#suites.keys()) {
      if (!this.#handedOver.has(suite) && suite !== this.#handedOver.size) break;
      if (this.#finishedOf(suite).length === this.#sizeOf(suite)) this.#handOver(suite);
    }
  }

  /** Hands over the rest, including suites that were cut off. */
  handOverRest(): void {
    for (const suite of this.#suites.keys()) this.#handOver(suite);
  }

  #handOver(suite: number): void {
    const finished = this.#finishedOf(suite);
    if (this.#handedOver.has(suite) || finished.length === 0) return;
    this.#handedOver.add(suite);
    this.#onSuite(this.#suites[suite]!, finished);
  }

  #finishedOf(suite: number): MadeRun[] {
    return this.#completed.filter((run, at) => run !== undefined && this.#suiteOf[at] === suite) as MadeRun[];
  }

  #sizeOf(suite: number): number {
    return this.#suiteOf.filter((one) => one === suite).length;
  }
}
