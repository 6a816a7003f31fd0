// Turncoat as a library. The command line is made of these.

export {
  builtins,
  describeSetting,
  type Entry,
  findProtocol,
  type SettingDescription,
  settingFrom,
} from "./catalogue.js";
export type { Progress } from "./explore/progress.js";
export { type SearchOptions, search } from "./explore/search.js";
export type { Reduction, SearchResult } from "./explore/search-result.js";
export { type Exporter, exporterNamed, exporters, type ReplayedTrace } from "./export/index.js";
export {
  adversary,
  type FaultPhase,
  type FaultPlan,
  faultPlan,
  type RunChanges,
  type Schedule,
  type ScheduledRun,
  type ScheduleOptions,
  schedule,
} from "./fuzz/arbitraries.js";
export {
  type FuzzOptions,
  type FuzzResult,
  fuzz,
  type RunStart,
  type Scheduler,
  type Strategy,
  strategies,
  strategyNamed,
} from "./fuzz/index.js";
export { minimize } from "./minimize/index.js";
export type { Action, Counterexample, Execution } from "./model/action.js";
export { UserError, type UserErrorCode } from "./model/errors.js";
export { type Bounds, insideContract, type Setting } from "./model/setting.js";
export type { Timing } from "./model/timed/timing.js";
export * from "./protocol/index.js";
export { renderReplay } from "./render/render.js";
export { type SimulationResult, simulate } from "./simulate/result.js";
export { defaults as simulationDefaults, type Parameters } from "./simulate/setting.js";
export type { CheckRequest, Suite } from "./suite/request.js";
export { type CheckedRun, configuredRuns, type SuiteRun, suiteRuns } from "./suite/runs.js";
export {
  decodeTrace,
  encodeTrace,
  type ReplayResult,
  readTrace,
  replay,
  type Trace,
  traceOf,
  writeTrace,
} from "./trace/index.js";
export type { Limits } from "./verdict/limits.js";
export type { PropertyResult, Verdict, Witnesses } from "./verdict/verdict.js";
export { version } from "./version.js";
