// Amnesiac: a correct replica that loses all that it knows, what it should have kept through a crash included, and begins
// anew; as often as it likes. What it has said before is still on its way.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const amnesiac: Adversary<unknown> = puppet(
  "amnesiac",
  "follows the protocol, but may at any time forget everything and begin anew",
  { forgets: true },
);
