// Streamlet.

export { streamletMutants } from "./mutants.js";
export { streamlet } from "./protocol.js";
export { streamletRules } from "./rules.js";
export type { Message } from "./state.js";
