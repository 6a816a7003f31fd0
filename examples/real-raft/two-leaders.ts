// Two of three nodes may lead: r0, which proposes A, and r2, which proposes B. r1 only votes. Enough to lose a committed entry, and few
// enough states for a search to go through all of them.

import type Log from "@markwylde/liferaft/log.js";
import type { Io, RealReplica } from "turncoat/real";
import { type Packet, proposesAsLeader, raftNode } from "./raft.js";

const commands: { readonly [leader: string]: string } = { r0: "A", r2: "B" };

export function leaderOrVoter(io: Io<Packet, string>, LogClass: typeof Log): RealReplica<Packet> {
  const { raft, receive } = raftNode(io, { Log: LogClass });
  const waiting = proposesAsLeader(raft);
  if (!(io.self in commands)) {
    raft.timers.clear("heartbeat"); // the timer after which a node stands for election
    raft.heartbeat = () => raft;
  }
  return {
    roots: { raft, waiting },
    message: receive,
    request: (command) => {
      if (command === commands[io.self]) waiting.push(command);
    },
  };
}
