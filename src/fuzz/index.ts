// Fuzzing: random runs in a model.

export { type BlockResult, blockRuns, type Failure } from "./block.js";
export {
  type CampaignRecord,
  campaignsIn,
  encodeCampaigns,
  mergeShards,
  readCampaigns,
  settingKey,
  writeCampaigns,
} from "./campaign-file.js";
export { addToCorpus, type CorpusKey, type CorpusRecord, readCorpus, recordOf } from "./corpus-file.js";
export { type Coverage, coverageOf, type EstimatedShare } from "./coverage.js";
export { fuzz, type MergedBlocks, mergeBlocks, resultOf } from "./fuzz.js";
export { type FailureOrigin, minimizedFailure } from "./minimized-failure.js";
export {
  type CampaignState,
  type DistinctFailure,
  defaultMaxActions,
  defaultMaxTimedActions,
  type FuzzOptions,
  type FuzzProgress,
  type FuzzResult,
} from "./result.js";
export { type StepPlace, stepFileProblem } from "./step-file.js";
export { strategies, strategyNamed } from "./strategies/index.js";
export type { TimedCounts } from "./timed-counts.js";
