// Replayer: a Byzantine replica that sends nothing of its own, and forwards to everybody whatever anybody has
// signed. The `async` network may deliver a message again in any case, so there it only adds receivers that
// were not addressed. On networks that deliver once it also adds duplicates.

import type { Adversary } from "../../src/protocol/index.js";

/** Works for every protocol; without signatures it has nothing to forward. */
export const replayer: Adversary<unknown> = {
  name: "replayer",
  summary: "passes on what correct nodes have signed, to anybody and again, and says nothing else",
  strength: 1,
  forwards: true,
  speaks: true,
  canMove: () => true,
  observes: () => false,
  moves: () => [],
};
