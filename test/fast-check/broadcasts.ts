// A protocol that stands in no registry, with its own types: the broadcast of the examples.

import broadcast, { adversaries } from "../../examples/broadcast.js";

/** Echo broadcast that asks for too few echoes, and the liar that exposes it. */
export const tooFewEchoes = { protocol: broadcast, adversary: adversaries[0]! };
