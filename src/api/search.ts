/**
 * The exhaustive search, with the types of its settings, options and results.
 *
 * @module turncoat/search
 */

export type { Cause } from "../explore/blow-up/causes.js";
export type { Costs } from "../explore/blow-up/costs.js";
export type { CountingShare } from "../explore/blow-up/counting.js";
export type { Pattern } from "../explore/blow-up/patterns.js";
export type { Explanation, FieldFactor, MessageShare, NodeShare } from "../explore/explain.js";
export type { AlphabetShare } from "../explore/liar.js";
export type { LocalProgress, Progress } from "../explore/progress.js";
export { search } from "../explore/search.js";
export type { SearchOptions } from "../explore/search-options.js";
export type { Reduction, RefusedReduction, SearchResult } from "../explore/search-result.js";
export type { TallyReliance } from "../explore/tallies/tally-book.js";
export type { Identity } from "../identity/identity.js";
export type { Parts } from "../identity/parts.js";
export type {
  Action,
  ActionTimes,
  Counterexample,
  CrashKind,
  DeliveryKind,
  Execution,
  NetworkFaultKind,
  PartitionKind,
  StartChoice,
} from "../model/action.js";
export {
  type FaultCode,
  faultCodes,
  UserError,
  type UserErrorCode,
  type UserErrorDetails,
} from "../model/errors.js";
export { type Bounds, insideContract, type Losing, type Recovery, type Setting } from "../model/setting.js";
export type { Timing } from "../model/timed/timing.js";
export type { Violation } from "../model/walk.js";
export type { Kind, Readable } from "../parameters/kinds.js";
export type { Parameter, ParameterTable, Place } from "../parameters/parameter.js";
export type { TimingFields } from "../parameters/search.js";
export type { Caveat } from "../verdict/caveats.js";
export type { Faults } from "../verdict/faults.js";
export type { Limits } from "../verdict/limits.js";
export type { SettingSource } from "../verdict/setting-source.js";
export type { PropertyResult, Verdict, Witnesses } from "../verdict/verdict.js";
