// The adversaries that come with Turncoat. `silent` works for every protocol, the others speak PBFT; `puppets` are for
// simulations.

export { arbitrary } from "./arbitrary.js";
export { byzantineClient } from "./byzantine-client.js";
export { checkpointLiar } from "./checkpoint-liar.js";
export { equivocatingPrimary } from "./equivocating-primary.js";
export { lyingVoter } from "./lying-voter.js";
export { puppets } from "./puppets/index.js";
export { silent } from "./silent.js";
