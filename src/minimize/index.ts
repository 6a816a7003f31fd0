// Minimization: from a long trace to a short one with the same violation.

export type { Account, Kept, Needed, Removed } from "./account.js";
export type { BudgetOptions } from "./budget.js";
export { ddmin, type Test } from "./ddmin.js";
export { type MinimizeOptions, minimize } from "./minimize.js";
export { minimizeFault } from "./minimize-fault.js";
export { type MinimizedTrace, minimizeTrace } from "./minimize-trace.js";
export type { Minimized } from "./minimized.js";
export type { Part } from "./smaller.js";
