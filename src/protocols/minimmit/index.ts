// Minimmit.

export { minimmitMutants } from "./mutants.js";
export { minimmit } from "./protocol.js";
export { minimmitRules } from "./rules.js";
export type { Message, Vote } from "./state.js";
