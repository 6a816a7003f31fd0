/**
 * Schedules, fault plans and adversaries as arbitraries of fast-check, and `check`, which holds a protocol
 * against its properties as `fc.assert` would. This is the only entry of the package that needs fast-check.
 *
 * @module turncoat/fast-check
 */

export { adversary } from "./adversary.js";
export { type CheckOptions, check, type ScheduledCase, scheduledRuns } from "./check.js";
export type { Choice } from "./choice.js";
export { type FaultPhase, type FaultPlan, type FaultPlanOptions, faultPlan } from "./fault-plan.js";
export {
  type ModelRun,
  type ModelRunOptions,
  modelRun,
  type RealRequest,
  realSchedule,
} from "./model-run.js";
export { type Schedule, type ScheduleOptions, schedule } from "./schedule.js";
export type { RunChanges, ScheduledRun } from "./shared-system.js";
