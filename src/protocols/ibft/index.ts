// Istanbul BFT.

export type { Body, Message, Prepared, RoundChange } from "./messages.js";
export { ibftMutants } from "./mutants.js";
export { ibft } from "./protocol.js";
export { ibftRules, proofOf } from "./rules.js";
