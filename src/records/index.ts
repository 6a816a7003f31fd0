// Records of what nodes did: their schema, how they are written, read and merged.

export { outcomesOf } from "./evaluate.js";
export { invokedIn, recordFilesIn, recordName } from "./files.js";
export { type Merged, merged } from "./merge.js";
export { NodeRun, type StepDifference, type StepProblem } from "./node-run.js";
export { type Records, readRecords } from "./reader.js";
export { type Clock, checkedStep, type RecordedInput, type RecordedStep, RecordHead } from "./schema.js";
export { refuseFull, SimulatedRecords } from "./simulated.js";
export { canonicalState, stateDigest } from "./state.js";
export { RecordWriter } from "./writer.js";
