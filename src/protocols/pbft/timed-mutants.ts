// PBFT with one rule replaced whose absence only time shows: in the search, which knows no clock, nothing comes of it (a timer may fire
// at any moment, and must), or nothing within two views. Each falls in timed runs in the setting that stands beside it.

import type { Flaw, Mutant } from "../mutant.js";
import { mutantsOf } from "../mutant.js";
import { pbft } from "./protocol.js";
import { pbftRules, type Rules } from "./rules.js";

const service = { property: "clients-are-served", clients: true } as const;

const definitions: readonly Flaw<Rules>[] = [
  {
    // With Delta above the timeout no view is ever long enough, and nobody lies.
    name: "timeout-constant",
    flaw: "timers do not double with the view",
    source: "derived; OSDI'99, section 4.4, says why they do",
    rules: { patience: () => 1 },
    falls: { ...service, adversary: "silent", byzantine: ["r3"], views: 200, timing: {} },
  },
  {
    // The Byzantine primary of view 1 shows its new-view to one replica, which goes on to view 2 alone; the others wait for a new-view
    // without a timer, for they are two, and no quorum. The search finds it, too, with views 0-2 (selective-sender at r1).
    name: "new-view-withheld",
    flaw: "a new-view is not passed on to those who have not got it",
    source: "OSDI'99, section 4.4 to the letter",
    rules: { passesOnNewViews: () => false },
    falls: { ...service, adversary: "selective-sender", byzantine: ["r1"], views: 4, timing: {} },
  },
];

/** The mutants of PBFT for timed runs. */
export const pbftTimedMutants: readonly Mutant[] = mutantsOf("pbft", pbftRules, pbft, definitions);
