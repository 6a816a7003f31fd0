// The mutants of HotStuff: the protocol with a rule replaced.

import { mutantsOf } from "../mutant.js";
import { hotstuff } from "./protocol.js";
import { hotstuffRules } from "./rules.js";

const agreement = { property: "agreement", clients: false, adversary: "arbitrary" } as const;

export const hotstuffMutants = mutantsOf("hotstuff", hotstuffRules, hotstuff, [
  {
    // Two rules for one idea: the phases, and the phase whose QC is locked on. It stays safe, but a leader
    // would have to wait for every live replica.
    name: "two-phase",
    flaw: "there is no pre-commit phase: replicas lock on the prepareQC, and leaders do not wait for all",
    source: "arXiv 2310.09006; arXiv 1803.05069, section 4.4, says so",
    rules: { phases: ["prepare", "commit"], locksOn: "prepare" },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r0"],
      views: 1,
    },
  },
  {
    name: "no-lock",
    flaw: "a proposal is voted for, whatever the replica is locked on",
    source: "derived",
    rules: { isSafe: () => true },
    exposedBy: { ...agreement, byzantine: ["r1"], views: 1 },
  },
  {
    name: "extends-anything",
    flaw: "a leader proposes what it likes, whatever QCs the new-views show",
    source: "derived",
    rules: { extended: () => null },
    exposedBy: { property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 1 },
  },
  {
    name: "qc-unproven",
    flaw: "the QC in a proposal is not checked",
    source: "libhotstuff issue 21",
    rules: { isProven: () => true },
    exposedBy: { ...agreement, byzantine: ["r1"], views: 1 },
  },
  {
    name: "anybody-proposes",
    flaw: "a replica votes for whoever proposes first, leader or not",
    source: "libhotstuff issue 22",
    rules: { mayPropose: () => true },
    exposedBy: { property: "termination", clients: false, adversary: "usurper", byzantine: ["r3"], views: 0 },
  },
  {
    name: "forgets-its-timeouts",
    flaw: "that a replica has left a view is not on its disk, so after a crash it votes on in a view whose end it has announced",
    source: "babylon-node pull request 110 (Radix)",
    rules: { timeoutsAreDurable: () => false },
    exposedBy: { ...agreement, byzantine: ["r2"], views: 1, crashes: 1, recovery: "always" },
  },
  {
    name: "value-unchecked",
    flaw: "a proposed value is not validated",
    source: "derived",
    rules: { isValid: () => true },
    exposedBy: { ...agreement, property: "validity", byzantine: ["r0"], views: 0 },
  },
]);
