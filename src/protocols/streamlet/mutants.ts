// The mutants of Streamlet: the protocol with one rule replaced. (Those that finalize a block too soon by one need five or six epochs, which
// is more than can be searched.)

import { mutantsOf } from "../mutant.js";
import { streamlet } from "./protocol.js";
import { streamletRules } from "./rules.js";

export const streamletMutants = mutantsOf("streamlet", streamletRules, streamlet, [
  {
    name: "notarized-is-final",
    flaw: "a notarized block is final at once",
    source: "textbook",
    rules: { finalLength: (chain) => chain.length },
    exposedBy: { property: "agreement", clients: false, adversary: "none", byzantine: [], views: 1 },
  },
]);
