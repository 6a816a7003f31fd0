// Two-phase commit.

export { twoPhaseCommitMutants } from "./mutants.js";
export { type Rules, twoPhaseCommit, twoPhaseCommitRules } from "./protocol.js";
