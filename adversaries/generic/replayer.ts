// Replayer: a Byzantine replica that says nothing of its own and shows everybody whatever anybody has signed. On the
// `async` network a message may come again in any case, so there its power is to show messages to those who were not meant
// to see them; on networks that deliver once it is to show them again, too.

import type { Adversary } from "../../src/protocol/index.js";

/** Works for every protocol; in one without signatures there is nothing that it could show. */
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
