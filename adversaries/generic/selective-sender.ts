// Selective sender: a correct replica that serves whom it likes, and stops when it likes. For safety that is nothing new, since
// the `async` network need not deliver anything; its power is over liveness, where correct replicas are owed more.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const selectiveSender: Adversary<unknown> = puppet(
  "selective-sender",
  "follows the protocol, but sends to whom it likes, and falls silent when it likes",
  {},
);
