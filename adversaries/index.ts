// The adversaries that come with Turncoat. Those that know nothing of messages but their schema work for every protocol, the
// others speak PBFT; `puppets` are for simulations.

export { amnesiac } from "./amnesiac.js";
export { arbitrary } from "./arbitrary.js";
export { certificateWithholder } from "./certificate-withholder.js";
export { checkpointLiar } from "./checkpoint-liar.js";
export { fromView, limitRefusal, together, untilGst } from "./combinators.js";
export { delayer } from "./delayer.js";
export { equivocatingPrimary } from "./equivocating-primary.js";
export { lyingVoter } from "./lying-voter.js";
export { mutator } from "./mutator.js";
export { newViewForger } from "./new-view-forger.js";
export { puppets } from "./puppets/index.js";
export { replayer } from "./replayer.js";
export { selectiveSender } from "./selective-sender.js";
export { silent } from "./silent.js";
export { twin } from "./twin.js";
export { viewChangeLiar } from "./view-change-liar.js";
