// Tendermint.

export type { Body, Message, Polka, Precommit, Prevote, Proposal } from "./messages.js";
export { tendermintMutants } from "./mutants.js";
export { tendermint } from "./protocol.js";
export { proofOf, type Rules, tendermintRules } from "./rules.js";
