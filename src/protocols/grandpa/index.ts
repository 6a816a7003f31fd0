// GRANDPA's voting core.

export { grandpaMutants } from "./mutants.js";
export { finality } from "./properties.js";
export { grandpa } from "./protocol.js";
export { type GrandpaRules, grandpaRules } from "./rules.js";
export type { Message, Statement } from "./state.js";
