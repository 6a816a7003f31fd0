// A node votes twice in one term, because it waits for its log between checking whether it has voted and
// voting.

import Raft from "@markwylde/liferaft";
import { real } from "turncoat/real";
import type { Packet } from "./raft.js";
import { oneVote, votingNode } from "./votes.js";

export default real<Packet>((io) => votingNode(io, Raft), {
  replicas: 3,
  requestCount: 1,
  disk: "later",
  properties: ["one-vote"],
});

export const properties = [oneVote];
