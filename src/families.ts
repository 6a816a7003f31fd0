// The neighbours of PBFT: which adversaries speak each protocol, which properties are checked if nobody names any, and
// which mutants there are.

import * as adversaries from "../adversaries/index.js";
import type { Adversary, Json, Property, Protocol } from "./protocol/index.js";
import { bracha, brachaMutants } from "./protocols/bracha/index.js";
import { distalgo, distalgoMutants } from "./protocols/distalgo/index.js";
import { fastHotstuff, fastHotstuffMutants } from "./protocols/fast-hotstuff/index.js";
import { goExercise, goExerciseMutants } from "./protocols/go-exercise/index.js";
import { hotstuff, hotstuffMutants } from "./protocols/hotstuff/index.js";
import { ibft, ibftMutants } from "./protocols/ibft/index.js";
import type { Mutant } from "./protocols/mutant.js";
import { linearizable, paxos, paxosMutants } from "./protocols/paxos/index.js";
import { tendermint, tendermintMutants } from "./protocols/tendermint/index.js";
import { tutorial } from "./protocols/tutorial/index.js";
import { twoPhaseCommit, twoPhaseCommitMutants } from "./protocols/two-phase-commit/index.js";

/** A protocol with all that belongs to it. */
export interface Family {
  readonly protocol: Protocol<Json, Json>;
  /** The generic ones first, then its own; the weakest first. */
  readonly adversaries: readonly Adversary<Json>[];
  /** Its own, besides the built-in ones. */
  readonly properties: readonly Property[];
  /** Names of those that are checked if nobody says which. */
  readonly defaultProperties: readonly string[];
  readonly mutants: readonly Mutant[];
}

/** These work for every protocol. */
export const genericAdversaries = [
  adversaries.silent,
  adversaries.replayer,
  adversaries.delayer,
  adversaries.selectiveSender,
  adversaries.amnesiac,
  adversaries.twin,
  adversaries.mutator,
] as unknown as readonly Adversary<Json>[];

/** All of them but PBFT itself. */
export const families: readonly Family[] = [
  family(bracha(), {
    adversaries: [adversaries.brachaArbitrary],
    defaultProperties: ["agreement", "validity", "totality"],
    mutants: brachaMutants,
  }),
  family(twoPhaseCommit(), {
    defaultProperties: ["agreement", "termination"],
    mutants: twoPhaseCommitMutants,
  }),
  family(paxos(), {
    properties: [linearizable],
    defaultProperties: ["agreement", "validity", "linearizable"],
    mutants: paxosMutants,
  }),
  family(ibft(), {
    adversaries: [adversaries.ibftArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: ibftMutants,
  }),
  family(tendermint(), {
    adversaries: [adversaries.tendermintAmnesiac, adversaries.tendermintArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: tendermintMutants,
  }),
  family(hotstuff(), {
    adversaries: [adversaries.hotstuffArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: hotstuffMutants,
  }),
  family(fastHotstuff(), {
    adversaries: [adversaries.fastHotstuffArbitrary],
    defaultProperties: ["agreement"],
    mutants: fastHotstuffMutants,
  }),
  family(goExercise(), {
    adversaries: [adversaries.goExerciseArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: goExerciseMutants,
  }),
  family(distalgo, {
    adversaries: [
      adversaries.equivocatingPrimary,
      adversaries.lyingVoter,
      adversaries.checkpointLiar,
      adversaries.arbitrary,
    ],
    defaultProperties: ["agreement", "validity", "clients-are-served"],
    mutants: distalgoMutants,
  }),
  family(tutorial, {
    adversaries: [adversaries.tutorialArbitrary],
    defaultProperties: ["agreement", "validity", "all-execute"],
  }),
];

interface Parts {
  // biome-ignore lint/suspicious/noExplicitAny: each speaks its own protocol's messages
  readonly adversaries?: readonly Adversary<any>[];
  readonly properties?: readonly Property[];
  readonly defaultProperties: readonly string[];
  readonly mutants?: readonly Mutant[];
}

function family<Message, Request>(
  protocol: Protocol<Message, Request>,
  { adversaries: own = [], properties = [], defaultProperties, mutants = [] }: Parts,
): Family {
  return {
    protocol: protocol as unknown as Protocol<Json, Json>,
    adversaries: [...genericAdversaries, ...own],
    properties,
    defaultProperties,
    mutants,
  };
}
