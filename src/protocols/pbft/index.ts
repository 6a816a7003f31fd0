/**
 * PBFT, for use as a library: `turncoat/protocols/pbft`.
 *
 * @module turncoat/protocols/pbft
 */

export type {
  Body,
  Commit,
  Message,
  NewView,
  PrePrepare,
  Prepare,
  Prepared,
  Reply,
  Request,
  ViewChange,
} from "./messages.js";
export { pbftMutants } from "./mutants.js";
export { pbft } from "./protocol.js";
export { primaryOf, quorumSize, weakQuorumSize } from "./quorums.js";
export { digestOf, nullDigest, requestsOf } from "./requests.js";
export { type Proposal, pbftRules, type Rules } from "./rules.js";
export { pbftTimedMutants } from "./timed-mutants.js";
export { pbftVariants, type Variant } from "./variants.js";
