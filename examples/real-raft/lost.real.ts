// A committed entry is lost, without any fault, on a network that keeps the order of packets.

import { real } from "turncoat/real";
import { type Packet, proposesAsLeader, raftNode } from "./raft.js";

export default real<Packet>(
  (io) => {
    const { raft, receive } = raftNode(io);
    const waiting = proposesAsLeader(raft);
    return { roots: { raft, waiting }, message: receive, request: (command) => void waiting.push(command) };
  },
  { replicas: 3, ask: "at-start" },
);
