// Viewstamped Replication.

export { viewstampedMutants } from "./mutants.js";
export { viewstamped } from "./protocol.js";
