/**
 * Reading, writing, replaying, minimizing and exporting counterexamples.
 *
 * @module turncoat/traces
 */

export { type Exporter, exporterNamed, exporters, type ReplayedTrace } from "../export/index.js";
export {
  type Account,
  type Kept,
  type Minimized,
  type MinimizedTrace,
  type MinimizeOptions,
  minimize,
  minimizeTrace,
  type Needed,
  type Part,
  type Removed,
} from "../minimize/index.js";
export type { Action, Counterexample, Execution } from "../model/action.js";
export type { Clock, RecordedInput, RecordedStep, RecordHead } from "../records/index.js";
export type { Paint } from "../render/paint.js";
export { renderReplay } from "../render/render.js";
export {
  type Diverged,
  decodeTrace,
  encodeTrace,
  type HoldsNow,
  type Lost,
  type NodeSummary,
  type ReplayResult,
  type Reproduced,
  readTrace,
  replay,
  replayIn,
  type Sent,
  type StepChange,
  type Trace,
  type TraceOptions,
  traceOf,
  writeTrace,
} from "../trace/index.js";
