// A fuzz campaign: random walks over a model until one violates a property or the runs are made. A run is a fast-check
// property over a list of choices, so seed and path are fast-check's own; shrinking is not, see src/minimize.
//
// All runs share one transition system, so that what one has evaluated no other evaluates again. A run that fails is made
// once more in a fresh system: that is exactly what its seed and path will make later, so they are printed only if it
// fails there too, and the counterexample is the one that comes out there.

import * as fc from "fast-check";
import { defaultMemoryBytes } from "../explore/limits.js";
import type { Counterexample } from "../model/action.js";
import { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { Counts } from "./counts.js";
import { RandomWalks } from "./random-walk.js";
import { defaultMaxActions, type FuzzOptions, type FuzzProgress, type FuzzResult } from "./result.js";
import { uniform } from "./strategy.js";
import { summarize } from "./summary.js";
import { tally } from "./tally.js";

/** How long the loop runs before it hands control back, in milliseconds. */
const sliceMs = 100;

/** The default of `maxRuns` where there is no limit in seconds either. */
const defaultMaxRuns = 1000;

/** The default of `maxVisitedBytes`. */
const defaultVisitedBytes = 512 * 2 ** 20;

/**
 * Walks at random through what can happen in a setting.
 *
 * ```ts
 * const result = await fuzz(setting, { seed: 1, maxRuns: 500 });
 * result.verdict // => "violated"
 * const again = await fuzz(setting, { seed: 1, path: result.path });
 * again.counterexample // => the same execution
 * ```
 * @throws {UserError} if the protocol or the adversary throws, mutates its input, is nondeterministic or malformed, and
 * for options that make no sense.
 */
export async function fuzz(setting: Setting, options: FuzzOptions = {}): Promise<FuzzResult> {
  const campaign = new Campaign(setting, options);
  return campaign.toEnd();
}

/** Thrown inside a run to make fast-check stop: its own time limit knows neither signals nor memory. */
class CampaignOver extends Error {}

interface FailedRun {
  readonly choices: readonly number[];
  readonly counterexample: Counterexample;
}

class Campaign {
  readonly #setting: Setting;
  readonly #options: FuzzOptions;
  readonly #seed: number;
  readonly #maxActions: number;
  readonly #system: TransitionSystem;
  readonly #walks: RandomWalks;
  readonly #counts: Counts;
  readonly #startedAt = performance.now();
  #sliceEnd = 0;
  #peakMemoryBytes = 0;
  /** The run that violated a property. */
  #failing: FailedRun | null = null;

  constructor(setting: Setting, options: FuzzOptions) {
    this.#setting = { ...setting, properties: [...setting.properties, tally] };
    this.#options = options;
    this.#seed = options.seed ?? Math.floor(Math.random() * 2 ** 32) | 0;
    this.#maxActions = options.maxActions ?? defaultMaxActions;
    if (options.path !== undefined && !/^\d+$/.test(options.path))
      throw new UserError(
        "bad-option",
        `"${options.path}" is not the path of a run; it is a number, as in 42.`,
      );
    this.#system = new TransitionSystem(this.#setting);
    this.#walks = this.#walksThrough(this.#system);
    this.#counts = new Counts(
      this.#system,
      setting.properties.length,
      options.maxVisitedBytes ?? defaultVisitedBytes,
    );
  }

  async toEnd(): Promise<FuzzResult> {
    const length = this.#maxActions + 1;
    const choices = fc.array(fc.nat(), { minLength: length, maxLength: length });
    const details = await fc.check(
      fc.asyncProperty(choices, (list) => this.#run(list)),
      {
        seed: this.#seed,
        numRuns: this.#numRuns(),
        endOnFailure: true,
        unbiased: true,
        ...(this.#options.path === undefined ? {} : { path: this.#options.path }),
      },
    );
    const isOver = details.errorInstance instanceof CampaignOver;
    // fast-check turns every exception into a failed run; the user's errors, and ours, are not findings.
    if (details.failed && !isOver && this.#failing === null) throw details.errorInstance;
    return this.#result(details.counterexamplePath);
  }

  #numRuns(): number {
    const { path, maxRuns, maxSeconds } = this.#options;
    if (path !== undefined) return 1;
    return maxRuns ?? (maxSeconds === undefined ? defaultMaxRuns : Number.MAX_SAFE_INTEGER);
  }

  #walksThrough(system: TransitionSystem): RandomWalks {
    return new RandomWalks(system, this.#options.strategy ?? uniform);
  }

  /** False if the run violates a property. */
  async #run(choices: readonly number[]): Promise<boolean> {
    await this.#pause();
    const end = this.#walks.walk(choices, this.#counts);
    this.#counts.ended(end);
    if (end.violation === null) return true;
    this.#failing = { choices, counterexample: { ...end.violation, ...end.walk.execution } };
    return false;
  }

  /** Makes a run once more, as somebody will who has nothing but its seed and path. */
  #again({ choices, counterexample }: FailedRun): Counterexample | null {
    const { walk, violation } = this.#walksThrough(new TransitionSystem(this.#setting)).walk(choices);
    return violation?.property === counterexample.property ? { ...violation, ...walk.execution } : null;
  }

  /** Now and then lets others have their turn, and looks whether the campaign has to stop. */
  async #pause(): Promise<void> {
    if (performance.now() < this.#sliceEnd) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#sliceEnd = performance.now() + sliceMs;
    const progress = this.#progress();
    this.#options.onProgress?.(progress);
    const {
      signal,
      maxSeconds = Number.POSITIVE_INFINITY,
      maxMemoryBytes = defaultMemoryBytes,
    } = this.#options;
    if (signal?.aborted || progress.seconds >= maxSeconds || progress.memoryBytes >= maxMemoryBytes)
      throw new CampaignOver();
  }

  #progress(): FuzzProgress {
    const memoryBytes = process.memoryUsage().rss;
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, memoryBytes);
    return {
      runs: this.#counts.runs,
      events: this.#counts.events,
      distinctStates: this.#counts.distinctStates,
      decided: this.#counts.decided,
      seconds: (performance.now() - this.#startedAt) / 1000,
      memoryBytes,
    };
  }

  #result(path: string | null): FuzzResult {
    const failing = this.#failing;
    const repeated = failing && this.#again(failing);
    return summarize({
      system: this.#system,
      counts: this.#counts,
      strategy: (this.#options.strategy ?? uniform).name,
      maxActions: this.#maxActions,
      seed: this.#seed,
      path: repeated ? path : null,
      counterexample: repeated ?? failing?.counterexample ?? null,
      seconds: this.#progress().seconds,
      peakMemoryBytes: this.#peakMemoryBytes,
      interrupted: this.#options.signal?.aborted ?? false,
    });
  }
}
