// Silent: a Byzantine replica that never says anything. It looks like a crashed one. In safety runs it can do nothing
// that a slow correct replica could not; its power is over liveness.

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
