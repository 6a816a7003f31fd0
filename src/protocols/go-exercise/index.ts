// The Go exercise's protocol.

export type { Message } from "./messages.js";
export { goExerciseMutants } from "./mutants.js";
export { goExercise } from "./protocol.js";
