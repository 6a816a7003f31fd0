// The decision points of reliable broadcast. Why they are what they are:
//   - Any two sets of more than (n+f)/2 echoes share a correct replica, which echoes one value: so no two correct replicas
//     are ready for different values.
//   - Of f+1 readies one is a correct replica's, which has its reasons: so whoever sees f+1 can be ready too.
//   - Of 2f+1 readies f+1 are correct replicas' and reach everybody: so if one delivers, everybody gets ready and delivers.

import type { Config, NodeId } from "../../protocol/index.js";
import { quorumSize, weakQuorumSize } from "../pbft/quorums.js";

/** The replica whose value is broadcast. */
export const sender: NodeId = "r0";

export interface Rules {
  /** Whether a value is taken from this replica: from the sender alone. */
  readonly isSender: (from: NodeId) => boolean;
  /** Equal echoes that make a replica ready: more than (n+f)/2. */
  readonly echoesNeeded: (config: Config) => number;
  /** Equal readies that make a replica ready that has not seen the echoes: f+1. */
  readonly readiesToJoin: (config: Config) => number;
  /** Equal readies on which a value is delivered: 2f+1. */
  readonly readiesToDeliver: (config: Config) => number;
}

export const brachaRules: Rules = {
  isSender: (from) => from === sender,
  echoesNeeded: quorumSize,
  readiesToJoin: weakQuorumSize,
  readiesToDeliver: ({ faults }) => 2 * faults + 1,
};
