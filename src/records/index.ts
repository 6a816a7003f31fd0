// Records of what nodes did: their schema, how they are written, read and merged.

export { outcomesOf } from "./evaluate.js";
export { type Merged, merged } from "./merge.js";
export { type Records, readRecords } from "./reader.js";
export type { Clock, RecordedInput, RecordedStep, RecordHead } from "./schema.js";
export { canonicalState, stateDigest } from "./state.js";
export { RecordWriter } from "./writer.js";
