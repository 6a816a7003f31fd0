// Autobahn.

export type { Ballot, Message, Qc, Ticket, Timeout } from "./messages.js";
export { autobahnMutants } from "./mutants.js";
export { autobahn } from "./protocol.js";
export { autobahnRules } from "./rules.js";
