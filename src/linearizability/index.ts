// Linearizability: of the clients of a model, and of recorded histories.

export { type Linearization, type LinearizeLimits, linearize, whyNot } from "./linearize.js";
export {
  type Call,
  kv,
  log,
  map,
  queue,
  register,
  type SequentialObject,
  sequentialObjects,
  set,
} from "./objects.js";
export type { Operation } from "./operation.js";
