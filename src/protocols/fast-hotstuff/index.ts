// Fast-HotStuff.

export type { Body, Message, NewView, Qc } from "./messages.js";
export { fastHotstuffMutants } from "./mutants.js";
export { fastHotstuff } from "./protocol.js";
export { fastHotstuffRules, qcOf } from "./rules.js";
