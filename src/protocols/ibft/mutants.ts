// The mutants of Istanbul BFT: the protocol with a rule replaced.

import { mutantsOf } from "../mutant.js";
import { ibft } from "./protocol.js";
import { ibftRules } from "./rules.js";

const agreement = { property: "agreement", clients: false, adversary: "arbitrary" } as const;

export const ibftMutants = mutantsOf("ibft", ibftRules, ibft, [
  {
    name: "no-lock",
    flaw: "the proposer of a later round may propose anything, whatever has prepared before",
    source: "IBFT before locking was added; arXiv 2002.03613 tells the story",
    rules: { mustPropose: () => null },
    // Four correct replicas: with one of them silent, those that have not decided are too few to decide
    // otherwise.
    exposedBy: { ...agreement, adversary: "none", byzantine: [], views: 1 },
  },
  {
    // Two rules for one idea: as in IBFT's first version, a replica that has prepared keeps to its value, and
    // round-changes prove nothing.
    name: "lock-never-released",
    flaw: "a replica that has prepared a value accepts no other one ever after, and nobody learns of it",
    source: "quorum issue 305; pbft-consensus PR 51",
    rules: {
      mustPropose: (_changes, own) => own?.value ?? null,
      acceptsAfter: (prepared, value) => prepared === null || prepared.value === value,
    },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "silent",
      byzantine: ["r4"],
      views: 1,
      replicas: 5,
    },
  },
  {
    name: "decision-kept-secret",
    flaw: "a replica that has decided gives the proof to nobody",
    source: "derived",
    rules: { tellsDecision: () => false },
    exposedBy: {
      property: "termination",
      clients: false,
      adversary: "arbitrary",
      byzantine: ["r2"],
      views: 1,
    },
  },
  {
    name: "quorum-fixed-2f+1",
    flaw: "a quorum is 2f+1, whatever n is",
    source: "arXiv 1901.07160; celo-blockchain issues 117 and 253",
    rules: { quorum: ({ faults }) => 2 * faults + 1 },
    exposedBy: { ...agreement, byzantine: ["r0"], views: 0, replicas: 5 },
  },
  {
    name: "proposal-unjustified",
    flaw: "proposals of later rounds are believed, whatever round-changes are behind them",
    source: "derived",
    rules: { isJustified: () => true },
    exposedBy: { ...agreement, byzantine: ["r1"], views: 1 },
  },
  {
    name: "round-change-unproven",
    flaw: "a round-change is believed to have prepared what it says, though one replica may have signed all of its prepares",
    source: "besu issue 1736",
    rules: { isProven: () => true },
    exposedBy: { ...agreement, byzantine: ["r1"], views: 1 },
  },
  {
    name: "value-unchecked",
    flaw: "a proposed value is not validated",
    source: "derived",
    rules: { isValid: () => true },
    exposedBy: { ...agreement, property: "validity", byzantine: ["r0"], views: 0 },
  },
]);
