// Selective sender: a correct replica that sends only to nodes of its choice, and stops when it likes. It
// adds nothing to safety, since the `async` network need not deliver anything. It matters for liveness, where
// messages of correct replicas must be delivered.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const selectiveSender: Adversary<unknown> = puppet(
  "selective-sender",
  "follows the protocol, but sends to whom it likes, and falls silent when it likes",
  {},
);
