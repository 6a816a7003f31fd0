// The repaired package, in the setting in which the original loses a committed entry.

import { real } from "turncoat/real";
import { type Packet, proposesAsLeader, raftNode } from "./raft.js";
import { RepairedLog } from "./repaired.js";

export default real<Packet>(
  (io) => {
    const { raft, receive } = raftNode(io, { Log: RepairedLog });
    const waiting = proposesAsLeader(raft);
    return { roots: { raft, waiting }, message: receive, request: (command) => void waiting.push(command) };
  },
  { replicas: 3, ask: "at-start" },
);
