// Delayer: a correct replica whose messages arrive as late as it likes, but do arrive. The `async` network
// may delay anybody's messages like that, so in a search it adds nothing to having no adversary. It exists so
// that this can be checked (except that properties do not see what it executes), and for fuzzing and
// combinations.

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const delayer: Adversary<unknown> = puppet(
  "delayer",
  "follows the protocol, but everything that it sends comes as late as it likes",
  { owes: true },
);
