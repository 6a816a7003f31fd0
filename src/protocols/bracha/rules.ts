// The rules of reliable broadcast. Why the thresholds suffice:
//   - Any two sets of more than (n+f)/2 echoes share a correct replica, which echoes one value: so no two correct replicas
//     are ready for different values.
//   - Of f+1 readies one is from a correct replica, which followed the rules: so a replica that receives f+1 may be ready too.
//   - Of 2f+1 readies f+1 are from correct replicas and reach everybody: so if one delivers, all become ready and deliver.

import type { Config, NodeId } from "../../protocol/index.js";
import { quorumSize, weakQuorumSize } from "../pbft/quorums.js";

/** The replica whose value is broadcast. */
export const sender: NodeId = "r0";

export interface Rules {
  /** Whether a value is accepted from this replica: from the sender alone. */
  readonly isSender: (from: NodeId) => boolean;
  /** Equal echoes that make a replica ready: more than (n+f)/2. */
  readonly echoesNeeded: (config: Config) => number;
  /** Equal readies that make a replica ready without the echoes: f+1. */
  readonly readiesToJoin: (config: Config) => number;
  /** Equal readies that deliver a value: 2f+1. */
  readonly readiesToDeliver: (config: Config) => number;
}

export const brachaRules: Rules = {
  isSender: (from) => from === sender,
  echoesNeeded: quorumSize,
  readiesToJoin: weakQuorumSize,
  readiesToDeliver: ({ faults }) => 2 * faults + 1,
};
