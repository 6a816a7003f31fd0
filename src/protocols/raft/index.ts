// Raft: see protocol.ts.

export { raftMutants } from "./mutants.js";
export * from "./properties.js";
export { raft } from "./protocol.js";
export { type RaftRules, raftRules } from "./rules.js";
