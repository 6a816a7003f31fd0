// The adversaries that come with Turncoat. Those that know nothing of messages but their schema work for every protocol, those
// named after a protocol speak that one, the others PBFT; `puppets` are for simulations.

export { amnesiac } from "./amnesiac.js";
export { arbitrary } from "./arbitrary.js";
export { brachaArbitrary } from "./bracha.js";
export { byzantineClient } from "./byzantine-client.js";
export { certificateWithholder } from "./certificate-withholder.js";
export { checkpointLiar } from "./checkpoint-liar.js";
export { fromView, limitRefusal, together, untilGst } from "./combinators.js";
export { delayer } from "./delayer.js";
export { equivocatingPrimary } from "./equivocating-primary.js";
export { fastHotstuffArbitrary } from "./fast-hotstuff.js";
export { hotstuffArbitrary } from "./hotstuff.js";
export { ibftArbitrary } from "./ibft.js";
export { lyingVoter } from "./lying-voter.js";
export { mutator } from "./mutator.js";
export { newViewForger } from "./new-view-forger.js";
export { puppets } from "./puppets/index.js";
export { replayer } from "./replayer.js";
export { selectiveSender } from "./selective-sender.js";
export { silent } from "./silent.js";
export { tendermintAmnesiac, tendermintArbitrary } from "./tendermint.js";
export { twin } from "./twin.js";
export { goExerciseArbitrary, tutorialArbitrary } from "./unsigned.js";
export { viewChangeLiar } from "./view-change-liar.js";
