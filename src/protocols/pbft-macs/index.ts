// PBFT without signatures: what the rest of the code uses of it.

export type { Assigned, Body, Claim, Message, NewView, ViewChange, ViewChangeAck } from "./messages.js";
export { pbftMacsMutants } from "./mutants.js";
export { pbftMacs } from "./protocol.js";
export { type MacRules, macRules } from "./rules.js";
