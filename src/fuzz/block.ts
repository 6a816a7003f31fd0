// A block: so many runs, one after the other, that know nothing of runs of other blocks. It is the unit of work of a campaign: the
// result of a block depends on the setting, the options and its number alone, so blocks can be made by anybody in any order,
// and a campaign can be interrupted between any two of them.

import type { Counterexample } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import type { Violation } from "../model/walk.js";
import { BlockCorpus, lineageOf } from "./corpus.js";
import { BlockCounts, type CampaignCounts } from "./counts.js";
import { Runner } from "./run.js";
import type { DistinctSample, PortableSample } from "./sample.js";
import type { Strategy } from "./strategy.js";
import { tally } from "./tally.js";
import type { RunnableWorld, Witness } from "./world/world.js";

/** Runs in a block. */
export const blockRuns = 5000;

/** A system is replaced between blocks when it knows so many steps, or components of states: its tables only grow. */
const [maxStepCalls, maxComponents] = [400_000, 2_000_000];

/** A run that has violated a property. */
export interface Failure {
  readonly run: number;
  /** With the seed, what makes the run again. */
  readonly path: string;
  /** The strategy that made the run. */
  readonly strategy: string;
  readonly counterexample: Counterexample;
}

/** What a block has come to. */
export interface BlockResult {
  readonly block: number;
  readonly counts: CampaignCounts;
  readonly sample: PortableSample;
  /** In the order of runs. */
  readonly failures: readonly Failure[];
  /** Steps of the protocol that were evaluated; depends on what was known before. */
  readonly stepCalls: number;
}

/** How far a block has come. */
export interface SoFar {
  readonly runs: number;
  readonly events: number;
  readonly decided: number;
}

export const nothingSoFar: SoFar = { runs: 0, events: 0, decided: 0 };

/** What is the same for all blocks of a campaign. */
export interface CampaignPlan {
  readonly seed: number;
  readonly strategy: Strategy;
  readonly maxActions: number;
  /** How many runs the campaign has; `Infinity`: no limit. */
  readonly maxRuns: number;
  /** The block ends with its first failure. */
  readonly stopsAtFailure: boolean;
}

/** Makes blocks in one setting, and remembers from one to the next what it has evaluated. */
export class BlockMaker {
  readonly #setting: Setting;
  readonly #plan: CampaignPlan;
  #system: TransitionSystem | null = null;
  #runner: Runner | null = null;
  #counts: BlockCounts | null = null;
  #stepCallsBefore = 0;

  constructor(setting: Setting, plan: CampaignPlan) {
    this.#setting = setting;
    this.#plan = plan;
  }

  /** How far the block at hand has come. */
  get soFar(): SoFar {
    return this.#counts?.soFar ?? nothingSoFar;
  }

  /**
   * Makes a block. `pause` is asked before each run; the block ends where it says true, and is then not whole. `sampleLevel` is that
   * of the sample to which the block's own will be added, as far as it is known: see {@link DistinctSample}.
   */
  async make(
    block: number,
    pause: () => Promise<boolean> | boolean = () => false,
    sampleLevel = 0,
  ): Promise<BlockResult> {
    const { seed, maxRuns, stopsAtFailure } = this.#plan;
    const { runner, system } = this.#stage();
    const { buildsOnOthers } = this.#plan.strategy;
    const properties = this.#setting.properties.length;
    const counts = new BlockCounts(system, properties, buildsOnOthers, sampleLevel);
    this.#counts = counts;
    const corpus = new BlockCorpus(seed);
    const failures: Failure[] = [];
    const end = Math.min((block + 1) * blockRuns, maxRuns);
    for (let run = block * blockRuns; run < end; run++) {
      const wait = pause();
      if (wait !== false && (wait === true || (await wait))) break;
      const strategy = this.#strategyOf(run);
      runner.run(this.#plan.strategy, run, corpus);
      const { world } = runner;
      counts.ended(world, strategy.name);
      if (world.violation) {
        failures.push({
          run,
          path: corpus.pathOf(run),
          strategy: strategy.name,
          counterexample: counterexampleOf(world, world.violation),
        });
        if (stopsAtFailure) break;
      } else if (counts.moments.length > 0) corpus.keep(run, world.trace(), world.initial, counts.moments);
    }
    this.#counts = null;
    const stepCalls = system.stepCalls - this.#stepCallsBefore;
    this.#stepCallsBefore = system.stepCalls;
    return { block, ...counts.result(), failures, stepCalls };
  }

  #strategyOf(run: number): Strategy {
    return this.#plan.strategy.part?.(run) ?? this.#plan.strategy;
  }

  #stage(): { readonly system: TransitionSystem; readonly runner: Runner } {
    if (this.#system && this.#runner && !isFull(this.#system))
      return { system: this.#system, runner: this.#runner };
    const system = systemFor(this.#setting);
    this.#system = system;
    this.#stepCallsBefore = 0;
    const witness: Witness = {
      began: (world) => this.#counts!.began(world),
      happened: (world, kind, type) => this.#counts!.happened(world, kind, type),
    };
    this.#runner = new Runner(system, witness, this.#plan.seed, this.#plan.maxActions);
    return { system, runner: this.#runner };
  }
}

/** What a run that has violated a property shows; of timed runs also when, and what goes on for ever. */
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

/** The system in which runs of a setting take place: it counts executions, too. */
function systemFor(setting: Setting): TransitionSystem {
  return new TransitionSystem({ ...setting, properties: [...setting.properties, tally] });
}

/**
 * Makes the run that a path names again, and nothing else but the runs that it is made of. Null if it violates nothing.
 *
 * @throws {UserError} `bad-option` if that is no path.
 */
export function makeAgain(setting: Setting, plan: CampaignPlan, path: string): BlockResult {
  const lineage = lineageOf(path);
  const system = systemFor(setting);
  const corpus = new BlockCorpus(plan.seed, lineage);
  let counts = new BlockCounts(system, setting.properties.length);
  const witness: Witness = {
    began: (world) => counts.began(world),
    happened: (world, kind, type) => counts.happened(world, kind, type),
  };
  const runner = new Runner(system, witness, plan.seed, plan.maxActions);
  const { world } = runner;
  let last = 0;
  for (const run of lineage.keys()) {
    counts = new BlockCounts(system, setting.properties.length);
    runner.run(plan.strategy, run, corpus);
    corpus.made(run, world.trace(), world.initial);
    last = run;
  }
  const strategy = (plan.strategy.part?.(last) ?? plan.strategy).name;
  counts.ended(world, strategy);
  const counterexample = world.violation && counterexampleOf(world, world.violation);
  const failures = counterexample ? [{ run: last, path, strategy, counterexample }] : [];
  const block = Math.floor(last / blockRuns);
  return { block, ...counts.result(), failures, stepCalls: system.stepCalls };
}
