// Twin: two correct copies of one replica run side by side, with one identity and its keys, and do not know
// of each other. Each receives any part of what is sent to the replica; to the others they look like one
// replica that contradicts itself. It needs no knowledge of the protocol. (Bano et al., "Twins: BFT systems
// made robust", OPODIS 2021.)

import type { Adversary } from "../../src/protocol/index.js";
import { puppet } from "./puppet.js";

/** Works for every protocol. */
export const twin: Adversary<unknown> = puppet(
  "twin",
  "runs two correct copies of itself, with one identity, that do not know of each other",
  { copies: 2 },
);
