// Two-phase commit.

export { twoPhaseCommitMutants } from "./mutants.js";
export { twoPhaseCommit } from "./protocol.js";
