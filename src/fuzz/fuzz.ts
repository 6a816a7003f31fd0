// A fuzz campaign: one or several threads make block after block of runs until a property is violated, the
// runs are made or the time is over. Its result is the sum of whole blocks in order, so it does not depend on
// the threads.

import { savedAlphabets } from "../liar/work.js";
import { UserError } from "../model/errors.js";
import { prepare } from "../model/preparation.js";
import { asJson, type Setting } from "../model/setting.js";
import { defaultMemoryBytes } from "../verdict/limits.js";
import { residentBytes } from "../verdict/resident-memory.js";
import { hearInterrupt } from "../watch/clock.js";
import {
  BlockMaker,
  type BlockResult,
  blockRuns,
  type CampaignPlan,
  makeAgain,
  nothingSoFar,
  type SoFar,
} from "./block.js";
import { type BlockRanges, blockCount, numbers, ranges } from "./blocks.js";
import { type CampaignCounts, noCounts, sumOf } from "./counts.js";
import { Failures } from "./failures.js";
import { Incidence } from "./incidence.js";
import { allRecipes, type Recipe } from "./recipes.js";
import {
  type CampaignState,
  defaultMaxActions,
  defaultMaxTimedActions,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzResult,
} from "./result.js";
import { DistinctSample } from "./sample.js";
import { strategyNamed } from "./strategies/index.js";
import { mixed } from "./strategies/mixed.js";
import { summarize } from "./summary.js";
import { makeBlocks } from "./workers/pool.js";

/** How long the loop runs before it yields, in milliseconds. */
const sliceMs = 100;

/** The default of `maxRuns` without a limit in seconds. */
const defaultMaxRuns = 1000;

/**
 * Makes random runs in a setting.
 *
 * ```ts
 * const { verdict, path, counterexample } = await fuzz(setting, { seed: 1, maxRuns: 500 });
 * verdict // => "violated"
 * (await fuzz(setting, { seed: 1, path })).counterexample // => counterexample
 * ```
 * @throws {UserError} if the protocol or the adversary throws, mutates its input, is nondeterministic or
 * malformed, and for options that make no sense.
 */
export async function fuzz<Message, Request>(
  setting: Setting<Message, Request>,
  options: FuzzOptions = {},
): Promise<FuzzResult> {
  return new Campaign(asJson(setting), options).toEnd();
}

/** What is known after some blocks of a campaign. */
export interface MergedBlocks {
  readonly result: FuzzResult;
  /** Whether the campaign ends here: there are failures enough. */
  readonly isEnough: boolean;
  /** How many known failures came last, one after another; for the `knownInARow` of what follows. */
  readonly knownInARow: number;
}

/**
 * The campaign of blocks that were made elsewhere, on other machines for instance: no run is made. They come in
 * the order of their numbers, beginning after those of `resume`; some may be missing.
 */
export function mergeBlocks(
  setting: Setting,
  options: FuzzOptions & { readonly knownInARow?: number },
  blocks: AsyncIterable<BlockResult>,
): Promise<MergedBlocks> {
  return new Campaign(asJson(setting), options).merging(blocks);
}

/** The result of a campaign, from the state that a file keeps: nothing in it depends on the clock. */
export function resultOf(setting: Setting, state: CampaignState): FuzzResult {
  const all = new DistinctSample();
  all.merge(state.sample);
  return summarize({
    setting,
    counts: state.counts,
    distinctStates: all.size,
    distinctStatesEstimated: all.isEstimate,
    failures: state.failures,
    path: state.failures[0]?.path ?? null,
    ...{ stepCalls: 0, seconds: 0, peakMemoryBytes: 0, interrupted: false, isWhole: true },
    state,
  });
}

class Campaign {
  readonly #setting: Setting;
  readonly #options: FuzzOptions;
  readonly #plan: CampaignPlan;
  readonly #shard: { readonly index: number; readonly of: number };
  readonly #failures: Failures;
  readonly #startedAt = performance.now();
  #sliceEnd = 0;
  #peakMemoryBytes = 0;
  #stepCalls = 0;
  #made: BlockRanges;
  /** The numbers of the remaining blocks. */
  readonly #todo: (n: number) => number | null;
  #before: CampaignState["before"] | null;
  /** The counts of all blocks taken so far. */
  #counts: CampaignCounts;
  readonly #sample = new DistinctSample();
  /** Null if it goes on from a campaign that has not counted. */
  readonly #incidence: Incidence | null;
  #learned: readonly Recipe[];
  /**
   * Blocks cut off by time or an interrupt: they are reported, and made again when the campaign is continued.
   */
  readonly #rests: BlockResult[] = [];

  constructor(setting: Setting, options: FuzzOptions & { readonly knownInARow?: number }) {
    this.#setting = setting;
    this.#options = options;
    const { resume, path, maxRuns, maxSeconds } = options;
    const known = resume && (resume.maxRuns ?? Number.POSITIVE_INFINITY);
    const unlimited =
      maxSeconds === undefined && path === undefined ? (known ?? defaultMaxRuns) : Number.POSITIVE_INFINITY;
    const usual = setting.timing ? defaultMaxTimedActions : defaultMaxActions;
    // A continued campaign begins with the same corpus, or it would be another one.
    const corpus = resume ? resume.corpus?.start : options.corpus && allRecipes(options.corpus);
    this.#plan = {
      seed: resume?.seed ?? options.seed ?? Math.floor(Math.random() * 2 ** 32) | 0,
      strategy: options.strategy ?? (resume ? strategyNamed(resume.strategy) : mixed),
      maxActions: options.maxActions ?? resume?.maxActions ?? usual,
      maxRuns: maxRuns ?? unlimited,
      stopsAtFailure: (options.maxFailures ?? 1) === 1,
      ...(corpus && { corpus }),
    };
    this.#shard = options.shard ?? resume?.shard ?? { index: 1, of: 1 };
    this.#refuseLateCorpus();
    const begun = resume && this.#beginning(resume);
    this.#failures = new Failures(setting, begun ? { ...options, resume: begun } : options);
    this.#learned = begun?.corpus?.learned ?? [];
    this.#made = begun?.made ?? [];
    this.#before = begun?.before ?? null;
    this.#counts = begun?.counts ?? noCounts;
    if (begun) this.#sample.merge(begun.sample);
    this.#incidence = begun?.incidence === null ? null : new Incidence();
    if (begun?.incidence) this.#incidence?.merge(begun.incidence);
    this.#todo = this.#unmadeBlocks(this.#made);
    if (resume && !this.#continues(resume))
      throw new UserError(
        "bad-option",
        "That campaign was made with another seed, strategy, shard or number of actions: it cannot be continued so.",
      );
  }

  /** The state to continue from: a block that was cut short is made again. */
  #beginning(resume: CampaignState): CampaignState {
    const { before, failures } = resume;
    const isOver =
      failures.length >= (this.#options.maxFailures ?? 1) || !before || this.#plan.maxRuns <= before.upTo;
    return isOver ? resume : before.state;
  }

  #refuseLateCorpus(): void {
    if (this.#options.corpus && this.#options.resume?.corpus === null)
      throw new UserError(
        "bad-option",
        "That campaign was begun without a corpus: it can be continued without one only, or it would be another campaign.",
      );
  }

  async toEnd(): Promise<FuzzResult> {
    const { path, workers = 1, source } = this.#options;
    await prepare(this.#setting, (preparing) => {
      hearInterrupt();
      return !this.#isOver(nothingSoFar, preparing);
    });
    this.#sliceEnd = 0; // limits are looked at before the first run
    if (path !== undefined) await this.#take(makeAgain(this.#setting, this.#plan, path));
    else if (workers > 1 && source) await this.#withWorkers(workers);
    else await this.#alone();
    const state = this.#state();
    for (const { failures } of this.#rests) for (const failure of failures) await this.#failures.add(failure);
    return this.#result(state);
  }

  async merging(blocks: AsyncIterable<BlockResult>): Promise<MergedBlocks> {
    const known = new Set(numbers(this.#made));
    if (!this.#failures.isEnough)
      for await (const result of blocks) {
        if (known.has(result.block)) continue;
        await this.#take(result);
        if (this.#failures.isEnough) break;
      }
    const { isEnough, knownInARow } = this.#failures;
    return { result: await this.#result(this.#state()), isEnough, knownInARow };
  }

  #continues({ seed, strategy, maxActions, shard }: CampaignState): boolean {
    const { plan, options } = { plan: this.#plan, options: this.#options };
    return (
      (options.seed ?? seed) === seed &&
      plan.strategy.name === strategy &&
      plan.maxActions === maxActions &&
      this.#shard.index === shard.index &&
      this.#shard.of === shard.of
    );
  }

  /** The number of the n-th block of the shard that was not made, from 0; null if there is none. */
  #unmadeBlocks(made: BlockRanges): (n: number) => number | null {
    const { index, of } = this.#shard;
    const known = new Set(numbers(made));
    const todo: number[] = [];
    let next = index - 1;
    return (n) => {
      for (; todo.length <= n; next += of) {
        if (next * blockRuns >= this.#plan.maxRuns) return null;
        if (!known.has(next)) todo.push(next);
      }
      return todo[n]!;
    };
  }

  async #alone(): Promise<void> {
    const maker = new BlockMaker(this.#setting, this.#plan, this.#options.onFailure, this.#options.steps);
    for (let n = 0; ; n++) {
      const block = this.#todo(n);
      if (block === null || this.#failures.isEnough) return;
      const pause = () => performance.now() >= this.#sliceEnd && this.#pause(maker.soFar);
      const mustEnd = () => this.#isOver(maker.soFar);
      const result = await maker.make(block, pause, this.#sample.level, mustEnd);
      if (result.isCut) {
        this.#rests.push(result);
        return;
      }
      await this.#take(result);
    }
  }

  async #withWorkers(workers: number): Promise<void> {
    const { source, signal, steps } = this.#options;
    await makeBlocks({
      workers,
      start: {
        source: source!,
        ...this.#plan,
        strategy: this.#plan.strategy.name,
        ...(steps && { steps }),
        alphabets: savedAlphabets(this.#setting.protocol),
      },
      blockAt: this.#todo,
      from: 0,
      sampleLevel: () => this.#sample.level,
      isOver: (underWay) => this.#isOver(underWay),
      ...(this.#options.onFailure && { onFailure: this.#options.onFailure }),
      ...(signal && { signal }),
      takeRest: (result) => this.#rests.push(result),
      take: async (result) => {
        await this.#take(result);
        return !this.#failures.isEnough;
      },
    });
  }

  async #take(result: BlockResult): Promise<void> {
    const { block, counts } = result;
    if (counts.runs < blockRuns)
      this.#before = { upTo: block * blockRuns + counts.runs, state: this.#state() };
    this.#made = ranges([...numbers(this.#made), block]);
    this.#counts = sumOf(this.#counts, result.counts);
    this.#sample.merge(result.sample);
    this.#incidence?.merge(result.incidence);
    this.#learned = allRecipes(this.#learned, result.learned);
    this.#stepCalls += result.stepCalls;
    for (const failure of result.failures) await this.#failures.add(failure);
    if (this.#options.path === undefined) await this.#options.onBlock?.(this.#state());
  }

  /** Yields from time to time, and checks whether the campaign must stop. */
  async #pause(underWay: SoFar): Promise<boolean> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.#isOver(underWay);
  }

  #isOver(underWay: SoFar = nothingSoFar, preparing?: string): boolean {
    this.#sliceEnd = performance.now() + sliceMs;
    const progress = this.#progress(underWay);
    this.#options.onProgress?.({ ...progress, ...(preparing !== undefined && { preparing }) });
    const {
      signal,
      maxSeconds = Number.POSITIVE_INFINITY,
      maxMemoryBytes = defaultMemoryBytes,
    } = this.#options;
    return (
      signal?.aborted === true || progress.seconds >= maxSeconds || progress.memoryBytes >= maxMemoryBytes
    );
  }

  #progress(underWay: SoFar = nothingSoFar): FuzzProgress {
    const memoryBytes = residentBytes();
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, memoryBytes);
    const { runs, events, decided } = this.#counts;
    return {
      runs: runs + underWay.runs,
      events: events + underWay.events,
      decided: decided + underWay.decided,
      distinctStates: this.#sample.size,
      seconds: (performance.now() - this.#startedAt) / 1000,
      memoryBytes,
    };
  }

  /** The state after the whole blocks. */
  #state(): CampaignState {
    const { maxRuns } = this.#plan;
    return {
      seed: this.#plan.seed,
      strategy: this.#plan.strategy.name,
      maxActions: this.#plan.maxActions,
      shard: this.#shard,
      blocks: blockCount(this.#made),
      made: this.#made,
      maxRuns: Number.isFinite(maxRuns) ? maxRuns : null,
      counts: this.#counts,
      sample: this.#sample.sorted(),
      incidence: this.#incidence?.serialized() ?? null,
      failures: this.#failures.distinct.toSorted((a, b) => a.run - b.run),
      corpus: this.#plan.corpus ? { start: this.#plan.corpus, learned: this.#learned } : null,
      ...(this.#before && { before: this.#before }),
    };
  }

  #result(state: CampaignState): FuzzResult {
    const { distinct } = this.#failures;
    const all = new DistinctSample();
    all.merge(state.sample);
    for (const { sample } of this.#rests) all.merge(sample);
    return summarize({
      setting: this.#setting,
      counts: this.#rests.map(({ counts }) => counts).reduce(sumOf, this.#counts),
      distinctStates: all.size,
      distinctStatesEstimated: all.isEstimate,
      failures: distinct,
      path: distinct[0] ? this.#reproducible(distinct[0].path, distinct[0].counterexample.property) : null,
      stepCalls: this.#rests.reduce((sum, { stepCalls }) => sum + stepCalls, this.#stepCalls),
      seconds: this.#progress().seconds,
      peakMemoryBytes: this.#peakMemoryBytes,
      interrupted: this.#options.signal?.aborted ?? false,
      isWhole: false,
      state,
    });
  }

  /** The path, if the run fails again when it is made from the path alone; else null. */
  #reproducible(path: string, property: string): string | null {
    const [failure] = makeAgain(this.#setting, this.#plan, path).failures;
    return failure?.counterexample.property === property ? path : null;
  }
}
