// Campaigns on several machines, over a queue in Redis (BullMQ). A campaign is a list of blocks, and a block is
// a function of the plan and its number. So it does not matter who makes it, when, or how often:
//
// 1. `start` writes the plan into the server and adds the first jobs. Nothing else coordinates: all state is in
//    the server, and whoever finishes something adds the jobs that have become possible.
// 2. `work` compares the identity of its own code with the plan's, makes blocks in threads, and stores each
//    result once. Every sixteen blocks a job merges them into the state of a local campaign.
// 3. `result` merges the rest, and reports as `turncoat fuzz` does: the same campaign file, byte for byte.
//
// A campaign of searches has one job for each run of the suites of `turncoat check`, and nothing to merge.

export { type CheckPlan, type CheckPlanRun, isCheckPlan, planCheck, runsOf } from "./check-plan.js";
export type { CampaignHistory, Minute, SeenThen, WorkerShare } from "./history.js";
export { addJobs, defaultAhead, isOver, openQueue, stateOf } from "./jobs.js";
export type { WorkerCounts } from "./maker.js";
export { decodeState } from "./merge.js";
export type { FailureNews, News, RunNews } from "./news.js";
export {
  blocksOf,
  type CampaignPlan,
  decodePlan,
  encodePlan,
  optionsOf,
  planCampaign,
} from "./plan.js";
export { type AnyPlan, decodeAnyPlan, encodeAnyPlan, madeOf, nameOf } from "./plans.js";
export type { CampaignProgress } from "./progress.js";
export { type PartRest, restOf } from "./rest.js";
export { decodeRun, type MadeSearch } from "./run-bytes.js";
export {
  connect,
  doubtsAbout,
  isRefusal,
  type ServerAddress,
  serverAddress,
  serverVariable,
} from "./server.js";
export { type GivenUp, givenUp, startCampaign, stopCampaign } from "./start.js";
export { CampaignStore } from "./store.js";
export { planText, type WorkerEnd, work } from "./worker.js";
export type { WorkerNote } from "./worker-notes.js";
