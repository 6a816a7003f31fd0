// The adversaries that come with Turncoat. `silent` and `replayer` work for every protocol, the others speak PBFT; `puppets`
// are for simulations.

export { arbitrary } from "./arbitrary.js";
export { certificateWithholder } from "./certificate-withholder.js";
export { checkpointLiar } from "./checkpoint-liar.js";
export { equivocatingPrimary } from "./equivocating-primary.js";
export { lyingVoter } from "./lying-voter.js";
export { newViewForger } from "./new-view-forger.js";
export { puppets } from "./puppets/index.js";
export { replayer } from "./replayer.js";
export { silent } from "./silent.js";
export { viewChangeLiar } from "./view-change-liar.js";
