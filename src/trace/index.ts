// The trace file: what is found once can be replayed for ever.

export { decodeTrace, encodeTrace } from "./codec.js";
export { type TraceOptions, traceOf } from "./create.js";
export { type FaultTracing, tracingFaults } from "./fault-files.js";
export { readTrace, writeTrace, writeTraceNow } from "./files.js";
export { type Repair, repair } from "./repair.js";
export { checkMessages, replay, replayIn } from "./replay.js";
export type { Diverged, HoldsNow, ReplayResult, Reproduced } from "./replay-result.js";
export { Trace } from "./schema.js";
export type { Lost, NodeSummary, Sent, StepChange } from "./step-change.js";
