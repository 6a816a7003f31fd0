// Raft: see protocol.ts.

export { readsAreFresh } from "./fresh-reads.js";
export { raftMutants } from "./mutants.js";
export * from "./properties.js";
export { raft } from "./protocol.js";
export { type RaftRules, raftRules } from "./rules.js";
