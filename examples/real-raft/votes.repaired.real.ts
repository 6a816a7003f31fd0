// The repaired node, with the same disk.

import { real } from "turncoat/real";
import type { Packet } from "./raft.js";
import { RepairedRaft } from "./repaired.js";
import { oneVote, votingNode } from "./votes.js";

export default real<Packet>((io) => votingNode(io, RepairedRaft), {
  replicas: 3,
  requestCount: 1,
  disk: "later",
  properties: ["one-vote"],
});

export const properties = [oneVote];
