// The mutants of two-phase commit: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { twoPhaseCommit, twoPhaseCommitRules } from "./protocol.js";

const agreement = {
  property: "agreement",
  clients: false,
  adversary: "none",
  byzantine: [],
  views: 0,
} as const;

export const twoPhaseCommitMutants = mutantsOf("two-phase-commit", twoPhaseCommitRules, twoPhaseCommit, [
  {
    name: "commits-on-majority",
    flaw: "the coordinator commits once most managers are prepared, not all",
    source: "derived",
    rules: { mayCommit: ({ replicas }, prepared) => prepared > (replicas - 1) / 2 },
    exposedBy: agreement,
  },
  {
    name: "prepared-may-abort",
    flaw: "a manager that has said that it is prepared may still abort by itself",
    source: "derived",
    rules: { abortsPrepared: () => true },
    exposedBy: agreement,
  },
]);
