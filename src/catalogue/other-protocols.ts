// The protocols other than PBFT: the adversaries for each, the properties checked by default, and the
// mutants.

import { genericAdversaries } from "../../adversaries/generic/index.js";
import * as adversaries from "../../adversaries/index.js";
import type { Adversary, Json, Property, Protocol } from "../protocol/index.js";
import { autobahn, autobahnMutants } from "../protocols/autobahn/index.js";
import { bracha, brachaMutants } from "../protocols/bracha/index.js";
import { commonCoin, commonCoinMutants } from "../protocols/common-coin/index.js";
import { distalgo, distalgoMutants } from "../protocols/distalgo/index.js";
import { fastHotstuff, fastHotstuffMutants } from "../protocols/fast-hotstuff/index.js";
import { goExercise, goExerciseMutants } from "../protocols/go-exercise/index.js";
import { finality, grandpa, grandpaMutants } from "../protocols/grandpa/index.js";
import { hotstuff, hotstuffMutants } from "../protocols/hotstuff/index.js";
import { ibft, ibftMutants } from "../protocols/ibft/index.js";
import { minimmit, minimmitMutants } from "../protocols/minimmit/index.js";
import type { Mutant } from "../protocols/mutant.js";
import { linearizable, paxos, paxosMutants } from "../protocols/paxos/index.js";
import { pbftMacs, pbftMacsMutants } from "../protocols/pbft-macs/index.js";
import {
  pbftRecovery,
  pbftRecoveryMutants,
  recoveryCompletes,
  statesAgree,
} from "../protocols/pbft-recovery/index.js";
import {
  electionSafety,
  leaderCompleteness,
  leadersStay,
  logMatching,
  onlyGrows,
  raft,
  raftMutants,
  readsAreFresh,
  termsGrow,
} from "../protocols/raft/index.js";
import { simplex, simplexMutants } from "../protocols/simplex/index.js";
import { streamlet, streamletMutants } from "../protocols/streamlet/index.js";
import { tendermint, tendermintMutants } from "../protocols/tendermint/index.js";
import { tutorial } from "../protocols/tutorial/index.js";
import { twoPhaseCommit, twoPhaseCommitMutants } from "../protocols/two-phase-commit/index.js";
import { viewstamped, viewstampedMutants } from "../protocols/viewstamped/index.js";

/** A protocol with all that belongs to it. */
export interface RegisteredProtocol {
  readonly protocol: Protocol<Json, Json>;
  /** The generic ones, and those that speak this protocol; the weakest first. */
  readonly adversaries: readonly Adversary<Json>[];
  /** Its own, besides the built-in ones. */
  readonly properties: readonly Property[];
  /** Names of those that are checked if nobody says which. */
  readonly defaultProperties: readonly string[];
  readonly mutants: readonly Mutant[];
  /** What it needs in order to decide at all, or what its faults are, where nobody says otherwise. */
  readonly defaults?: Defaults;
}

/** See `CheckRequest`, whose defaults these replace. */
export interface Defaults {
  readonly replicas?: number;
  readonly faults?: number;
  readonly requests?: number;
  readonly slots?: number;
  readonly views?: number;
  readonly network?: string;
  readonly adversaries?: readonly string[];
  readonly clients?: boolean;
  readonly reduce?: "none" | "sleep-sets";
}

/** Their faults are crashes: nobody is Byzantine unless somebody says so. */
const crashTolerant: Defaults = { adversaries: ["none"] };

const raftProperties = [electionSafety, logMatching, leaderCompleteness, onlyGrows];

/** All of them but PBFT itself. */
export const registry: readonly RegisteredProtocol[] = [
  registered(pbftMacs(), {
    adversaries: [
      adversaries.pbftMacsViewChangeLiar,
      adversaries.pbftMacsEquivocatingPrimary,
      adversaries.pbftMacsArbitrary,
    ],
    defaultProperties: ["agreement", "validity", "integrity"],
    mutants: pbftMacsMutants,
  }),
  {
    ...registered(pbftRecovery(), {
      properties: [statesAgree, recoveryCompletes],
      defaultProperties: ["agreement", "validity", "states-agree"],
      mutants: pbftRecoveryMutants,
      defaults: { slots: 3 },
    }),
    // Who is faulty, and when, is a matter of the protocol here: nobody else may be.
    adversaries: [adversaries.pbftRecoveryIntruder as Adversary<never> as Adversary<Json>],
  },
  registered(bracha(), {
    adversaries: [adversaries.brachaArbitrary],
    defaultProperties: ["agreement", "validity", "totality"],
    mutants: brachaMutants,
  }),
  registered(twoPhaseCommit(), {
    defaultProperties: ["agreement", "termination"],
    mutants: twoPhaseCommitMutants,
    defaults: crashTolerant,
  }),
  registered(paxos(), {
    properties: [linearizable],
    defaultProperties: ["agreement", "validity", "linearizable"],
    mutants: paxosMutants,
    defaults: crashTolerant,
  }),
  registered(raft(), {
    // (What is about one part of it only is asked for by name.)
    properties: [...raftProperties, leadersStay, termsGrow, readsAreFresh],
    defaultProperties: ["agreement", ...raftProperties.map(({ name }) => name)],
    mutants: raftMutants,
    defaults: { ...crashTolerant, replicas: 3, views: 2 },
  }),
  registered(viewstamped(), {
    defaultProperties: ["agreement", "validity"],
    mutants: viewstampedMutants,
    defaults: { ...crashTolerant, replicas: 3 },
  }),
  registered(ibft(), {
    adversaries: [adversaries.ibftArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: ibftMutants,
  }),
  registered(tendermint(), {
    adversaries: [adversaries.tendermintAmnesiac, adversaries.tendermintArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: tendermintMutants,
  }),
  registered(hotstuff(), {
    adversaries: [adversaries.hotstuffUsurper, adversaries.hotstuffArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: hotstuffMutants,
  }),
  registered(fastHotstuff(), {
    adversaries: [adversaries.fastHotstuffArbitrary],
    defaultProperties: ["agreement"],
    mutants: fastHotstuffMutants,
    // A block commits once the blocks of the next two views are certified above it.
    defaults: { views: 2 },
  }),
  registered(streamlet(), {
    adversaries: [adversaries.streamletArbitrary],
    defaultProperties: ["agreement"],
    mutants: streamletMutants,
    // Three epochs make something final.
    defaults: { views: 2 },
  }),
  registered(simplex(), {
    adversaries: [adversaries.simplexArbitrary],
    defaultProperties: ["agreement"],
    mutants: simplexMutants,
  }),
  registered(minimmit(), {
    adversaries: [adversaries.minimmitArbitrary],
    defaultProperties: ["agreement"],
    mutants: minimmitMutants,
  }),
  registered(grandpa(), {
    adversaries: [adversaries.grandpaEquivocator, adversaries.grandpaArbitrary],
    properties: [finality],
    defaultProperties: ["agreement", "finality"],
    mutants: grandpaMutants,
  }),
  registered(autobahn(), {
    adversaries: [adversaries.autobahnUsurper, adversaries.autobahnArbitrary],
    defaultProperties: ["agreement"],
    mutants: autobahnMutants,
  }),
  registered(commonCoin(), {
    defaultProperties: ["agreement", "termination"],
    mutants: commonCoinMutants,
    // What the fourth process, which lies, can do is in the exchange.
    defaults: { ...crashTolerant, replicas: 3, faults: 0, network: "once" },
  }),
  registered(goExercise(), {
    adversaries: [adversaries.goExerciseArbitrary],
    defaultProperties: ["agreement", "validity", "termination"],
    mutants: goExerciseMutants,
  }),
  registered(distalgo, {
    adversaries: [
      adversaries.equivocatingPrimary,
      adversaries.lyingVoter,
      adversaries.checkpointLiar,
      adversaries.arbitrary,
    ],
    defaultProperties: ["agreement", "validity", "clients-are-served"],
    mutants: distalgoMutants,
  }),
  registered(tutorial, {
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
  readonly defaults?: Defaults;
}

function registered<Message, Request>(
  protocol: Protocol<Message, Request>,
  { adversaries: own = [], properties = [], mutants = [], ...others }: Parts,
): RegisteredProtocol {
  return {
    protocol: protocol as unknown as Protocol<Json, Json>,
    adversaries: [...genericAdversaries, ...own],
    properties,
    mutants,
    ...others,
  };
}
