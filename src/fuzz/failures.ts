// The distinct failures of a campaign. Two failures are the same if, minimized, they violate the same
// property in the same way: verdict/distinct.ts defines it.

import { minimize } from "../minimize/index.js";
import type { Setting } from "../model/setting.js";
import { isLikeOneOf } from "../verdict/distinct.js";
import type { Failure } from "./block.js";
import type { DistinctFailure, FuzzOptions } from "./result.js";

/** This many known failures in a row end the search for others. */
const retryLimit = 25;

/** Collects failures, in the order of runs. */
export class Failures {
  readonly #setting: Setting;
  readonly #max: number;
  readonly #options: FuzzOptions;
  #distinct: DistinctFailure[];
  #knownInARow: number;

  /** `knownInARow`: how many known failures came last, where blocks are merged in several steps. Default: 0. */
  constructor(setting: Setting, options: FuzzOptions & { readonly knownInARow?: number }) {
    this.#setting = setting;
    this.#max = options.maxFailures ?? 1;
    this.#options = options;
    this.#distinct = [...(options.resume?.failures ?? [])];
    this.#knownInARow = options.knownInARow ?? 0;
  }

  get distinct(): readonly DistinctFailure[] {
    return this.#distinct;
  }

  get knownInARow(): number {
    return this.#knownInARow;
  }

  /** Whether no more failures are wanted, or others are unlikely. */
  get isEnough(): boolean {
    return this.#distinct.length >= this.#max || this.#knownInARow >= retryLimit;
  }

  /** Adds a failure. */
  async add(failure: Failure): Promise<void> {
    if (this.isEnough) return;
    if (this.#max === 1) {
      this.#distinct.push({ ...failure, minimized: null, times: 1 });
      return;
    }
    const { adversaries } = this.#options;
    const { setting, counterexample } = await minimize(this.#setting, failure.counterexample, {
      ...(adversaries && { adversaries }),
      // Many failures are compared, so they are minimized only by leaving out actions, in this setting.
      ...{ parts: ["adversary"], maxStates: 0 },
    });
    const minimized = { adversary: setting.adversary?.name ?? null, counterexample };
    const like = this.#distinct.findIndex(
      (other) =>
        other.minimized !== null &&
        (isLikeOneOf([other.minimized.counterexample], minimized.counterexample) ||
          isLikeOneOf([minimized.counterexample], other.minimized.counterexample)),
    );
    if (like < 0) {
      this.#knownInARow = 0;
      this.#distinct.push({ ...failure, minimized, times: 1 });
      return;
    }
    this.#knownInARow++;
    const known = this.#distinct[like]!;
    this.#distinct = this.#distinct.with(like, { ...known, times: known.times + 1 });
  }
}
