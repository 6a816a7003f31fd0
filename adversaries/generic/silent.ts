// Silent: a Byzantine replica that never sends anything, as if crashed. It adds nothing to safety, where a
// correct replica may be just as slow. It matters for liveness.

import type { Adversary } from "../../src/protocol/index.js";

/** Works for every protocol. */
export const silent: Adversary<unknown> = {
  name: "silent",
  summary: "never sends anything",
  strength: 1,
  forwards: false,
  speaks: false,
  canMove: () => true,
  observes: () => false,
  moves: () => [],
};
