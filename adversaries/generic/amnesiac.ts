// Amnesiac: a correct replica that may restart without its state, stable storage included, as often as it
// likes. What it sent before may still be delivered.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const amnesiac: Adversary<unknown> = puppet(
  "amnesiac",
  "follows the protocol, but may at any time forget everything and begin anew",
  { forgets: true },
);
