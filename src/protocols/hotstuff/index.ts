// Basic HotStuff.

export { type Body, type Message, type Phase, phases, type Qc, type Vote } from "./messages.js";
export { hotstuffMutants } from "./mutants.js";
export { hotstuff } from "./protocol.js";
export { hotstuffRules, qcOf, type Rules } from "./rules.js";
