/**
 * How the fuzzer chooses what happens next, and the types of its options and results.
 *
 * @module turncoat/strategies
 */

export type { Failure } from "../fuzz/block.js";
export type { BlockRanges } from "../fuzz/blocks.js";
export type { CampaignCounts, StrategyCounts, Tally } from "../fuzz/counts.js";
export { type Coverage, coverageOf, type EstimatedShare } from "../fuzz/coverage.js";
export { Dice } from "../fuzz/dice.js";
export { fuzz } from "../fuzz/fuzz.js";
export type { SerializedIncidence } from "../fuzz/incidence.js";
export type { Learned, Recipe } from "../fuzz/recipes.js";
export {
  type CampaignState,
  type DistinctFailure,
  defaultMaxActions,
  defaultMaxTimedActions,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzResult,
} from "../fuzz/result.js";
export type { SerializedSample } from "../fuzz/sample.js";
export type { StepPlace } from "../fuzz/step-file.js";
export { strategies, strategyNamed } from "../fuzz/strategies/index.js";
export type { Corpus, Kept, RunStart, Scheduler, Strategy } from "../fuzz/strategy.js";
export type { TimedCounts } from "../fuzz/timed-counts.js";
export type { RunActions } from "../fuzz/world/run-actions.js";
export type { Abilities, RunView, Statement } from "../fuzz/world/run-view.js";
export type { World } from "../fuzz/world/world.js";
