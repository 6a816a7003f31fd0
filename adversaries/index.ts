/**
 * The adversaries that come with Turncoat. Those in generic/ know only the schema of messages and work for
 * every protocol; those in pbft/ know PBFT; any other file is for the protocol it is named after. `puppets`
 * are for simulations.
 *
 * @module turncoat/adversaries
 */

export { autobahnArbitrary, autobahnUsurper } from "./autobahn.js";
export { brachaArbitrary } from "./bracha.js";
export { fromView, limitRefusal, together, untilGst } from "./combinators.js";
export { fastHotstuffArbitrary } from "./fast-hotstuff.js";
export { amnesiac } from "./generic/amnesiac.js";
export { delayer } from "./generic/delayer.js";
export { mutator } from "./generic/mutator.js";
export { replayer } from "./generic/replayer.js";
export { selectiveSender } from "./generic/selective-sender.js";
export { silent } from "./generic/silent.js";
export { twin } from "./generic/twin.js";
export { grandpaArbitrary, grandpaEquivocator } from "./grandpa.js";
export { hotstuffArbitrary, hotstuffUsurper } from "./hotstuff.js";
export { ibftArbitrary } from "./ibft.js";
export { minimmitArbitrary } from "./minimmit.js";
export { arbitrary } from "./pbft/arbitrary.js";
export { byzantineClient } from "./pbft/byzantine-client.js";
export { certificateWithholder } from "./pbft/certificate-withholder.js";
export { checkpointLiar } from "./pbft/checkpoint-liar.js";
export { equivocatingPrimary } from "./pbft/equivocating-primary.js";
export { lyingVoter } from "./pbft/lying-voter.js";
export { newViewForger } from "./pbft/new-view-forger.js";
export { viewChangeLiar } from "./pbft/view-change-liar.js";
export { pbftMacsArbitrary, pbftMacsEquivocatingPrimary, pbftMacsViewChangeLiar } from "./pbft-macs.js";
export { pbftRecoveryIntruder } from "./pbft-recovery.js";
export { puppets } from "./puppets/index.js";
export { simplexArbitrary } from "./simplex.js";
export { streamletArbitrary } from "./streamlet.js";
export { tendermintAmnesiac, tendermintArbitrary } from "./tendermint.js";
export { goExerciseArbitrary, tutorialArbitrary } from "./unsigned.js";
