// PBFT with proactive recovery: what the rest of the code uses of it.

export { pbftRecoveryMutants } from "./mutants.js";
export { recoveryCompletes, statesAgree } from "./properties.js";
export { pbftRecovery } from "./protocol.js";
export { recoveryRules } from "./rules.js";
