// Simplex.

export { simplexMutants } from "./mutants.js";
export { simplex } from "./protocol.js";
export { simplexRules } from "./rules.js";
export type { Message, Vote } from "./state.js";
