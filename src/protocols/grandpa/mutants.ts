// The mutants of GRANDPA: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { grandpa } from "./protocol.js";
import { grandpaRules } from "./rules.js";

const liar = {
  ...{ property: "finality", clients: false, adversary: "arbitrary", byzantine: ["r3"], views: 1 },
  set: { notary: false },
} as const;

export const grandpaMutants = mutantsOf("grandpa", grandpaRules, grandpa, [
  {
    name: "forgets-its-votes",
    flaw: "what a voter has voted does not survive its crash, so it votes again",
    source: "kagome issue 1235",
    rules: { durable: () => ["round", "rounds", "final"] },
    exposedBy: { ...liar, views: 0, crashes: 1, recovery: "always" },
  },
  {
    name: "precommits-unbacked",
    flaw: "a voter precommits to a block that has no supermajority of prevotes",
    source: "gossamer issue 2888",
    rules: { mayPrecommit: (block, _ghost, base) => block.startsWith(base) },
    exposedBy: liar,
  },
  {
    name: "builds-on-final",
    flaw: "a voter builds on what it knows to be final, not on its estimate of what others may have finalized",
    source: "graypaper pull request 556",
    rules: { base: ({ final }) => final },
    exposedBy: liar,
  },
  {
    name: "precommits-below",
    flaw: "a voter precommits to the ghost even where that is below its estimate of the round before",
    source: "derived",
    rules: { mayPrecommit: (block, ghost) => block === ghost },
    exposedBy: { ...liar, views: 2 },
  },
  {
    name: "prevoted-is-final",
    flaw: "a supermajority of prevotes makes a block final",
    source: "textbook",
    rules: { isFinal: () => true },
    exposedBy: liar,
  },
  {
    name: "half-is-enough",
    flaw: "half of the voters are a supermajority",
    source: "textbook",
    rules: { supermajority: ({ replicas }) => Math.ceil(replicas / 2) },
    exposedBy: { ...liar, views: 0 },
  },
  {
    name: "needs-all",
    flaw: "a supermajority is all voters, so one that is silent stops everything",
    source: "textbook",
    rules: { supermajority: ({ replicas }) => replicas },
    exposedBy: {
      ...{ property: "termination", clients: false, adversary: "silent", byzantine: ["r3"], views: 0 },
      set: { blocks: 1, heads: true },
    },
  },
]);
