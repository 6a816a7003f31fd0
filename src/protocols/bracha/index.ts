// Bracha's reliable broadcast.

export type { Message } from "./messages.js";
export { brachaMutants } from "./mutants.js";
export { bracha } from "./protocol.js";
export { sender } from "./rules.js";
