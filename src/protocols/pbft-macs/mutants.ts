// The mutants of PBFT without signatures: one rule of its view change replaced.

import { type Flaw, type Mutant, mutantsOf } from "../mutant.js";
import { pbftMacs } from "./protocol.js";
import { type MacRules, macRules } from "./rules.js";

const definitions: readonly Flaw<MacRules>[] = [];

/** All mutants of PBFT without signatures. */
export const pbftMacsMutants: readonly Mutant[] = mutantsOf("pbft-macs", macRules, pbftMacs, definitions);
