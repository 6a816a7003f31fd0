// Basic HotStuff.

export { type Body, type Message, phases, type Qc } from "./messages.js";
export { hotstuffMutants } from "./mutants.js";
export { hotstuff } from "./protocol.js";
export { hotstuffRules, qcOf } from "./rules.js";
