// The mutants of Simplex: the protocol with one rule replaced.

import { mutantsOf } from "../mutant.js";
import { simplex } from "./protocol.js";
import { isKnown, simplexRules } from "./rules.js";

/** Three replicas of which none lies are enough for what needs no liar. */
const three = {
  ...{ property: "agreement", clients: false, adversary: "none", byzantine: [] },
  ...{ replicas: 3, faults: 0, views: 1 },
} as const;
const four = { property: "agreement", clients: false } as const;
const liar = { ...four, adversary: "arbitrary", byzantine: ["r0"], views: 1 } as const;

export const simplexMutants = mutantsOf("simplex", simplexRules, simplex, [
  {
    name: "finalizes-what-it-gave-up",
    flaw: "a replica votes to finalize a block of a view that it has given up",
    source: "ava-labs/Simplex issue 280",
    rules: { mayFinalize: () => true },
    exposedBy: three,
  },
  {
    name: "few-give-up",
    flaw: "f+1 votes give up a view",
    source: "derived",
    rules: {
      quorum: (config, tag) => (tag === "nullify" ? config.faults + 1 : simplexRules.quorum(config, tag)),
    },
    exposedBy: three,
  },
  {
    name: "skips-views",
    flaw: "a block builds on any notarized one, whatever became of the views between",
    source: "derived",
    rules: { mayExtend: isKnown, builds: (possible) => possible[0] ?? null },
    exposedBy: three,
  },
  {
    name: "votes-twice",
    flaw: "a replica votes for every block of a view",
    source: "textbook",
    rules: { mayVote: () => true },
    exposedBy: { ...liar, views: 0 },
  },
  {
    name: "keeps-proofs",
    flaw: "who has a proof does not pass it on, so replicas stay behind in a view whose quorum has left",
    source: "commonware pull request 2192",
    rules: { forwards: () => false },
    exposedBy: { ...liar, property: "termination", set: { forward: true } },
  },
  {
    name: "drops-late-proofs",
    flaw: "a proof of a view that the replica has left is dropped, so it does not vote for what is built on it",
    source: "commonware pull request 2192",
    rules: { heedsLate: () => false },
    exposedBy: { ...liar, property: "termination", set: { forward: true } },
  },
]);
