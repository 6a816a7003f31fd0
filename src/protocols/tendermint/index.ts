// Tendermint.

export type { Body, Message, Polka } from "./messages.js";
export { tendermintMutants } from "./mutants.js";
export { tendermint } from "./protocol.js";
export { proofOf, tendermintRules } from "./rules.js";
