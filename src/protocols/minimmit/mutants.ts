// The mutants of Minimmit: the protocol with one rule replaced.

import { isAmong } from "../chain.js";
import { mutantsOf } from "../mutant.js";
import { minimmit } from "./protocol.js";
import { minimmitRules } from "./rules.js";

/** Six replicas bear one fault. */
const six = { property: "agreement", clients: false, replicas: 6, faults: 1 } as const;
/** One lies, and shows what votes prove: a notary that does so, too, would multiply the states. */
const liar = { ...six, adversary: "arbitrary", byzantine: ["r5"], views: 1, set: { notary: false } } as const;
/** Where liveness must not wait for the liar, there has to be a notary. */
const stuck = { ...liar, property: "termination", byzantine: ["r0"], set: { forward: true } } as const;
/** What needs no liar: three replicas that bear none. */
const three = { ...six, replicas: 3, faults: 0, adversary: "none", byzantine: [], views: 1 } as const;

export const minimmitMutants = mutantsOf("minimmit", minimmitRules, minimmit, [
  {
    name: "few-are-f+1",
    flaw: "f+1 votes notarize a block or nullify a view",
    source: "derived",
    rules: { few: ({ faults }) => faults + 1 },
    exposedBy: liar,
  },
  {
    name: "final-too-early",
    flaw: "one vote less than n-f makes a block final",
    source: "derived",
    rules: { many: ({ replicas, faults }) => replicas - faults - 1 },
    exposedBy: liar,
  },
  {
    name: "votes-twice",
    flaw: "a replica votes for every block of a view",
    source: "textbook",
    rules: { mayNotarize: ({ nullified }) => !nullified },
    exposedBy: { ...liar, byzantine: ["r0"], views: 0 },
  },
  {
    name: "notarizes-what-it-gave-up",
    flaw: "a replica votes for a block of a view that it has voted to nullify",
    source: "derived",
    rules: { mayNotarize: ({ notarized }) => notarized === null },
    exposedBy: liar,
  },
  {
    name: "gives-up-its-vote",
    flaw: "a replica that has voted for a block votes to nullify its view on a timeout",
    source: "derived",
    rules: { mayNullify: ({ nullified }) => !nullified },
    exposedBy: liar,
  },
  {
    name: "contradicted-by-f+1",
    flaw: "a replica nullifies the view of its block once f+1 others have voted otherwise",
    source: "derived",
    rules: { contradicting: ({ faults }) => faults + 1 },
    exposedBy: liar,
  },
  {
    name: "skips-views",
    flaw: "a block builds on any notarized one, whatever the views between were",
    source: "derived",
    rules: {
      mayExtend: ({ notarizations }, parent) => isAmong(notarizations, parent),
      builds: (possible) => possible,
    },
    exposedBy: three,
  },
  {
    name: "never-contradicted",
    flaw: "a replica that has voted for a block never votes to nullify its view",
    source: "derived",
    rules: { contradicting: () => Number.POSITIVE_INFINITY },
    exposedBy: stuck,
  },
  {
    name: "leaves-without-voting",
    flaw: "a replica that sees a block notarized goes on without voting for it",
    source:
      "commonware's specification of Minimmit, section 8.4; the paper has it in line 20 of its algorithm 1",
    rules: { joins: () => false },
    exposedBy: { ...three, property: "termination", views: 0 },
  },
  {
    name: "keeps-proofs",
    flaw: "who has a proof does not pass it on",
    source: "derived",
    rules: { forwards: () => false },
    exposedBy: stuck,
  },
]);
