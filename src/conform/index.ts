// Holds records of real runs against the model.

export { type Conformance, type ConformOptions, conform, conformTo, type HeldAgainst } from "./conform.js";
export type { Candidate } from "./explanation.js";
export { type ForeignRecord, foreignRecords, readForeign } from "./map/foreign.js";
export { type MapFile, MapSchema, readMap } from "./map/map-file.js";
export { conformMapped, conformMappedTo, type MappedConformance, type Obstacle } from "./map/mapped.js";
export { otherCodeAdvice } from "./other-code.js";
export { traceOfConformance } from "./prefix.js";
