// The adversaries that come with Turncoat. `silent` works for every protocol, those named after a protocol speak
// that one, the others PBFT; `puppets` are for
// simulations.

export { arbitrary } from "./arbitrary.js";
export { brachaArbitrary } from "./bracha.js";
export { checkpointLiar } from "./checkpoint-liar.js";
export { equivocatingPrimary } from "./equivocating-primary.js";
export { fastHotstuffArbitrary } from "./fast-hotstuff.js";
export { hotstuffArbitrary } from "./hotstuff.js";
export { ibftArbitrary } from "./ibft.js";
export { lyingVoter } from "./lying-voter.js";
export { puppets } from "./puppets/index.js";
export { silent } from "./silent.js";
export { amnesiac, tendermintArbitrary } from "./tendermint.js";
