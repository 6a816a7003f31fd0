// Fast-HotStuff.

export type { Body, Chain, Message, NewView, Qc } from "./messages.js";
export { fastHotstuffMutants } from "./mutants.js";
export { fastHotstuff } from "./protocol.js";
export { blockNames, extended, fastHotstuffRules, qcOf } from "./rules.js";
