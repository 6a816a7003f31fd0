// Random walks over a model, driven by fast-check.

export { fuzz } from "./fuzz.js";
export { defaultMaxActions, type FuzzOptions, type FuzzProgress, type FuzzResult } from "./result.js";
export { type Strategy, uniform } from "./strategy.js";
