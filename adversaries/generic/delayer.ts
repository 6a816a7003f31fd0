// Delayer: a correct replica whose messages come as late as it likes, but come. The `async` network may do that to anybody,
// so in a search it can do nothing that no adversary at all could not; it is here because that ought to be checked (what
// it executes itself no property sees), and because fuzzing and combinations use it.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const delayer: Adversary<unknown> = puppet(
  "delayer",
  "follows the protocol, but everything that it sends comes as late as it likes",
  { owes: true },
);
