// Istanbul BFT.

export type { Body, Commit, Message, PrePrepare, Prepare, Prepared, RoundChange } from "./messages.js";
export { ibftMutants } from "./mutants.js";
export { ibft } from "./protocol.js";
export { ibftRules, proofOf, type Rules } from "./rules.js";
