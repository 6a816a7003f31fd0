/**
 * The properties that come with Turncoat.
 *
 * @module turncoat/properties
 */

export {
  type Call,
  log,
  map,
  queue,
  register,
  type SequentialObject,
  sequentialObjects,
  set,
} from "../src/linearizability/index.js";
export { invariant, pairInvariant } from "../src/protocol/index.js";
export { agreement } from "./agreement.js";
export { allExecute } from "./all-execute.js";
export { boundedLog } from "./bounded-log.js";
export { catchingUp } from "./catching-up.js";
export { checkpointAgreement } from "./checkpoint-agreement.js";
export { checkpointDurability } from "./checkpoint-durability.js";
export { clientsAreServed } from "./clients-are-served.js";
export {
  causalOrder,
  type Delivery,
  type DeliveryOf,
  fifoOrder,
  totalOrder,
} from "./delivery-order.js";
export { integrity } from "./integrity.js";
export { linearizability } from "./linearizability.js";
export { linearizable, type Service } from "./linearizable.js";
export { nobodyWaitsForEver } from "./nobody-waits-for-ever.js";
export { nullAgreement } from "./null-agreement.js";
export {
  type LogOf,
  leaderCompleteness,
  logMatching,
  oneLeaderPerTerm,
  type ReplicaOf,
} from "./replicated-logs.js";
export { termination } from "./termination.js";
export { totality } from "./totality.js";
export { validity } from "./validity.js";
