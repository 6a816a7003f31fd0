// The mutants of Fast-HotStuff: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { fastHotstuff } from "./protocol.js";
import { fastHotstuffRules } from "./rules.js";

const agreement = { property: "agreement", clients: false } as const;

export const fastHotstuffMutants = mutantsOf("fast-hotstuff", fastHotstuffRules, fastHotstuff, [
  {
    name: "commits-across-a-gap",
    flaw: "a block is committed by a certified child of any later view, not of the very next one",
    source: "the Twins scenarios of relab/hotstuff",
    rules: { commits: () => true },
    exposedBy: { ...agreement, adversary: "none", byzantine: [], views: 3 },
  },
  {
    name: "proposal-unproven",
    flaw: "the new-views behind a proposal are not checked",
    source: "derived",
    rules: { isProven: () => true },
    exposedBy: { ...agreement, adversary: "arbitrary", byzantine: ["r2"], views: 3 },
  },
]);
