// Mutants of PBFT that only timed runs expose: the search has no clock, so a timer may fire at any moment and
// must fire in the end. Each violates a property of timed runs in the setting given with it.

import type { Flaw, Mutant } from "../mutant.js";
import { mutantsOf } from "../mutant.js";
import { pbft } from "./protocol.js";
import { pbftRules, type Rules } from "./rules.js";

const service = { property: "clients-are-served", clients: true } as const;

const definitions: readonly Flaw<Rules>[] = [
  {
    // With Delta above the timeout no view is long enough, even without a Byzantine replica.
    name: "timeout-constant",
    flaw: "timers do not double with the view",
    source: "derived; OSDI'99, section 4.4, says why they do",
    rules: { timeoutFactor: () => 1 },
    exposedBy: { ...service, adversary: "silent", byzantine: ["r3"], views: 200, timing: {} },
  },
];

/** The mutants of PBFT for timed runs. */
export const pbftTimedMutants: readonly Mutant[] = mutantsOf("pbft", pbftRules, pbft, definitions);
