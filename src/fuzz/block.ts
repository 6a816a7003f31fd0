// A block: a fixed number of consecutive runs, independent of the runs of other blocks. It is a campaign's
// unit of work. Its result depends only on the setting, the options and its number, so any thread can make
// blocks in any order, and a campaign can be interrupted between any two.

import type { Counterexample } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import type { Violation } from "../model/walk.js";
import { Abandoned, watched } from "../watch/clock.js";
import { BlockCorpus, maxSituations } from "./corpus.js";
import { BlockCounts, type CampaignCounts } from "./counts.js";
import type { SerializedIncidence } from "./incidence.js";
import { drawn, type Recipe } from "./recipes.js";
import { remake } from "./remake.js";
import { Runner } from "./run.js";
import type { SerializedSample } from "./sample.js";
import { StepFile, type StepPlace } from "./step-file.js";
import type { Kept, Strategy } from "./strategy.js";
import { tally } from "./tally.js";
import { traceStride } from "./world/run-record.js";
import type { RunnableWorld, Witness } from "./world/world.js";

/** Runs in a block. */
export const blockRuns = 5000;

/**
 * A system is replaced between blocks once it knows this many steps, or components of states: its tables only
 * grow.
 */
const [maxStepCalls, maxComponents] = [400_000, 2_000_000];

/** A run that has violated a property. */
export interface Failure {
  readonly run: number;
  /** Together with the seed, enough to make the run again. */
  readonly path: string;
  /** The strategy that made the run. */
  readonly strategy: string;
  readonly counterexample: Counterexample;
}

/** The result of a block. */
export interface BlockResult {
  readonly block: number;
  readonly counts: CampaignCounts;
  readonly sample: SerializedSample;
  readonly incidence: SerializedIncidence;
  /** Recipes for later campaigns, if asked for: see {@link CampaignPlan.corpus}. */
  readonly learned: readonly Recipe[];
  /** In the order of runs. */
  readonly failures: readonly Failure[];
  /** The number of protocol steps evaluated; depends on what was cached before. */
  readonly stepCalls: number;
  /** Whether it ended before its last run. */
  readonly isCut: boolean;
}

/** The progress of a block. */
export interface SoFar {
  readonly runs: number;
  readonly events: number;
  readonly decided: number;
}

export const nothingSoFar: SoFar = { runs: 0, events: 0, decided: 0 };

/** The options that all blocks of a campaign share. */
export interface CampaignPlan {
  readonly seed: number;
  readonly strategy: Strategy;
  readonly maxActions: number;
  /** The number of runs of the campaign; `Infinity`: no limit. */
  readonly maxRuns: number;
  /** The block ends with its first failure. */
  readonly stopsAtFailure: boolean;
  /** Recipes that every block begins with, and adds to. Default: none, and nothing learned is kept. */
  readonly corpus?: readonly Recipe[];
}

/** Makes blocks in one setting, and keeps evaluated steps from one to the next. */
export class BlockMaker {
  readonly #setting: Setting;
  readonly #plan: CampaignPlan;
  #system: TransitionSystem | null = null;
  #runner: Runner | null = null;
  #counts: BlockCounts | null = null;
  /** The runs of recipes, by path and number of events, in this system's numbers. */
  #remade = new Map<string, Kept>();
  #stepCallsBefore = 0;

  readonly #onFailure: ((failure: Failure) => void) | undefined;
  readonly #steps: StepFile | null;

  /** `onFailure` is called with every failure at once. `steps`: where evaluated steps are kept; default: nowhere. */
  constructor(
    setting: Setting,
    plan: CampaignPlan,
    onFailure?: (failure: Failure) => void,
    steps?: StepPlace,
  ) {
    this.#setting = setting;
    this.#plan = plan;
    this.#onFailure = onFailure;
    this.#steps = steps ? new StepFile(steps) : null;
  }

  /** The progress of the current block. */
  get soFar(): SoFar {
    return this.#counts?.soFar ?? nothingSoFar;
  }

  /**
   * Makes a block. `pause` is called before each run, and `mustEnd` from time to time during a long one. The
   * block ends when one of them returns true, and is then not whole: an unfinished run does not count.
   * `sampleLevel` is the current level of the sample that the block's own will be merged into: see
   * `DistinctSample`.
   */
  async make(
    block: number,
    pause: () => Promise<boolean> | boolean = () => false,
    sampleLevel = 0,
    mustEnd: () => boolean = () => false,
  ): Promise<BlockResult> {
    const { maxRuns, stopsAtFailure } = this.#plan;
    const { runner, system } = this.#stage();
    const { buildsOnOthers } = this.#plan.strategy;
    const properties = this.#setting.properties.length;
    const counts = new BlockCounts(system, properties, buildsOnOthers, sampleLevel, block * blockRuns);
    const corpus = this.#corpusFor(block, runner, counts);
    this.#counts = counts;
    const failures: Failure[] = [];
    const end = Math.min((block + 1) * blockRuns, maxRuns);
    let isCut = false;
    for (let run = block * blockRuns; run < end; run++) {
      const wait = pause();
      const isOver = wait !== false && (wait === true || (await wait));
      isCut = isOver || !this.#run(runner, run, corpus, mustEnd);
      if (isCut) break;
      const strategy = this.#strategyOf(run);
      counts.ended(runner.world, strategy.name);
      const { violation } = runner.world;
      if (violation) {
        const counterexample = counterexampleOf(runner.world, violation);
        const failure = { run, path: corpus.pathOf(run), strategy: strategy.name, counterexample };
        failures.push(failure);
        this.#onFailure?.(failure);
        if (stopsAtFailure) break;
      } else this.#learn(runner.world, run, corpus, counts);
    }
    this.#counts = null;
    const stepCalls = system.stepCalls - this.#stepCallsBefore;
    this.#stepCallsBefore = system.stepCalls;
    if (stepCalls > 0) system.lookAgain();
    this.#steps?.keep(system);
    const learned = this.#plan.corpus ? corpus.recipes() : [];
    return { block, ...counts.result(), learned, failures, stepCalls, isCut };
  }

  /** Keeps a run that was the first in some situation. */
  #learn(world: RunnableWorld, run: number, corpus: BlockCorpus, { moments }: BlockCounts): void {
    if (moments.length > 0) corpus.keep(run, world.trace(), world.initial, moments);
  }

  /** False if the run was abandoned. */
  #run(runner: Runner, run: number, corpus: BlockCorpus, mustEnd: () => boolean): boolean {
    try {
      watched(mustEnd, () => runner.run(this.#plan.strategy, run, corpus));
      return true;
    } catch (error) {
      if (error instanceof Abandoned) return false;
      throw runner.blamed(error, originOf(this.#plan, corpus.pathOf(run)));
    }
  }

  /** The corpus that a block begins with. */
  #corpusFor(block: number, runner: Runner, counts: BlockCounts): BlockCorpus {
    const { seed, corpus: recipes } = this.#plan;
    const corpus = new BlockCorpus(seed);
    if (!recipes || !this.#plan.strategy.buildsOnOthers) return corpus;
    counts.knows(recipes.map(({ situation }) => situation));
    for (const recipe of drawn(recipes, maxSituations / 2, seed, block))
      corpus.begin(recipe.situation, this.#remake(runner, recipe));
    return corpus;
  }

  #remake(runner: Runner, { path, events }: Recipe): Kept {
    const key = `${path} ${events}`;
    const known = this.#remade.get(key);
    if (known) return known;
    const { name } = remake(runner, this.#plan, path);
    const { initial } = runner.world;
    const trace = runner.world.trace().slice(0, events * traceStride);
    const kept = { name, path, trace, initial };
    this.#remade.set(key, kept);
    return kept;
  }

  #strategyOf(run: number): Strategy {
    return this.#plan.strategy.part?.(run) ?? this.#plan.strategy;
  }

  #stage(): { readonly system: TransitionSystem; readonly runner: Runner } {
    if (this.#system && this.#runner && !isFull(this.#system))
      return { system: this.#system, runner: this.#runner };
    const system = systemFor(this.#setting);
    this.#system = system;
    this.#steps?.load(system);
    this.#stepCallsBefore = system.stepCalls;
    this.#remade = new Map();
    const witness: Witness = {
      // Runs that are made again are not counted.
      began: (world) => this.#counts?.began(world),
      happened: (world, kind, type) => this.#counts?.happened(world, kind, type),
    };
    this.#runner = new Runner(system, witness, this.#plan.seed, this.#plan.maxActions);
    return { system, runner: this.#runner };
  }
}

/** The counterexample of a run that violated a property; of timed runs also the times and the lasso. */
function counterexampleOf(world: RunnableWorld, violation: Violation): Counterexample {
  const all = world.actions();
  const { end, schedule, loopFrom = all.length } = world;
  const [actions, loop] = [all.slice(0, loopFrom), all.slice(loopFrom)];
  return {
    ...violation,
    start: world.start,
    actions,
    ...(loop.length > 0 && { loop }),
    ...(schedule && end && { schedule }), // what else is violated needs no times
  };
}

function isFull({ stepCalls, nodes }: TransitionSystem): boolean {
  return (
    stepCalls > maxStepCalls || nodes.reduce((sum, { localOf }) => sum + localOf.length, 0) > maxComponents
  );
}

function remadeOrBlamed(runner: Runner, plan: CampaignPlan, path: string) {
  try {
    return remake(runner, plan, path);
  } catch (error) {
    throw runner.blamed(error, originOf(plan, path));
  }
}

/** What makes a run again, in words. */
function originOf({ seed, strategy }: CampaignPlan, path: string): string {
  return `fuzz, strategy ${strategy.name}, seed ${seed}, path ${path}`;
}

/** The transition system for the runs of a setting; it also counts executions. */
function systemFor(setting: Setting): TransitionSystem {
  return new TransitionSystem({ ...setting, properties: [...setting.properties, tally] });
}

/**
 * Makes the run with this path again, and the runs that it is made of. Null if it violates nothing.
 *
 * @throws {UserError} `bad-option` if the path is malformed.
 */
export function makeAgain(setting: Setting, plan: CampaignPlan, path: string): BlockResult {
  const system = systemFor(setting);
  let counts = new BlockCounts(system, setting.properties.length);
  const witness: Witness = {
    began: (world) => {
      counts = new BlockCounts(system, setting.properties.length); // those of the last run are wanted
      counts.began(world);
    },
    happened: (world, kind, type) => counts.happened(world, kind, type),
  };
  const runner = new Runner(system, witness, plan.seed, plan.maxActions);
  const { world } = runner;
  const { run } = remadeOrBlamed(runner, plan, path);
  const strategy = plan.strategy.part?.(run) ?? plan.strategy;
  counts.ended(world, strategy.name);
  const counterexample = world.violation && counterexampleOf(world, world.violation);
  const failures = counterexample ? [{ run, path, strategy: strategy.name, counterexample }] : [];
  const block = Math.floor(run / blockRuns);
  return { block, ...counts.result(), learned: [], failures, stepCalls: system.stepCalls, isCut: false };
}
