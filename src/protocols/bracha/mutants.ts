// The mutants of reliable broadcast: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { weakQuorumSize } from "../pbft/quorums.js";
import { bracha } from "./protocol.js";
import { brachaRules } from "./rules.js";

const totality = { property: "totality", clients: false, adversary: "arbitrary", views: 0 } as const;
const validity = { property: "validity", clients: false, adversary: "arbitrary", views: 0 } as const;

export const brachaMutants = mutantsOf("bracha", brachaRules, bracha, [
  {
    // It violates totality, not agreement: two sets of 2f+1 readies share a correct replica, which is ready
    // for one value only.
    name: "echo-quorum-weak",
    flaw: "f+1 echoes make ready instead of more than (n+f)/2",
    source: "textbook",
    rules: { echoesNeeded: weakQuorumSize },
    exposedBy: { ...totality, byzantine: ["r0"] },
  },
  {
    // With n = 3f+1 the two thresholds are the same.
    name: "echo-quorum-rounded",
    flaw: "(n+f)/2 echoes, rounded up, make ready instead of more than (n+f)/2",
    source: "wasp pull request 946 (IOTA), in review",
    rules: { echoesNeeded: ({ replicas, faults }) => Math.ceil((replicas + faults) / 2) },
    exposedBy: { ...totality, property: "agreement", byzantine: ["r0"], replicas: 5 },
  },
  {
    name: "delivers-on-weak-quorum",
    flaw: "f+1 readies deliver instead of 2f+1",
    source: "derived",
    rules: { readiesToDeliver: weakQuorumSize },
    exposedBy: { ...totality, byzantine: ["r0"] },
  },
  {
    name: "nobody-joins",
    flaw: "readies of others make nobody ready",
    source: "derived",
    rules: { readiesToJoin: () => Number.POSITIVE_INFINITY },
    exposedBy: { ...totality, byzantine: ["r0"] },
  },
  {
    name: "joins-on-one",
    flaw: "one ready makes ready instead of f+1",
    source: "derived",
    rules: { readiesToJoin: () => 1 },
    exposedBy: { ...validity, byzantine: ["r1"] },
  },
  {
    name: "initial-from-anyone",
    flaw: "whoever says that it is the sender is echoed",
    source: "derived",
    rules: { isSender: () => true },
    exposedBy: { ...validity, byzantine: ["r1"] },
  },
]);
