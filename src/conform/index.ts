// Holds records of real runs against the model.

export { type Conformance, type ConformOptions, conform, conformTo, type HeldAgainst } from "./conform.js";
export type { Candidate } from "./explanation.js";
export { traceOfConformance } from "./prefix.js";
