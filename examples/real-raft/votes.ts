// Monitors the votes of a node.

import type Raft from "@markwylde/liferaft";
import type { Io, RealReplica } from "turncoat/real";
import { type Packet, raftNode } from "./raft.js";

export function votingNode(io: Io<Packet, string>, Class: typeof Raft): RealReplica<Packet> {
  const { raft, receive } = raftNode(io, { Raft: Class });
  raft.on("vote", ({ term, address }: { term: number; address: string }, isGranted: boolean) => {
    if (isGranted) io.event("voted", { term, candidate: address });
  });
  return { roots: { raft }, message: receive };
}

interface Votes {
  readonly [voter: string]: readonly string[];
}

/** Raft, section 5.2: each server votes for at most one candidate in a term. */
export const oneVote = {
  name: "one-vote",
  summary: "no node votes for two candidates in one term",
  kind: "always",
  observes: "both",
  exercise: "a node must have voted",
  monitor: () => ({
    init: {} as Votes,
    on: (
      votes: Votes,
      by: string,
      event: { kind: string; data?: { term: number; candidate: string } },
    ): Votes => {
      if (event.kind !== "custom" || event.data === undefined) return votes;
      const voter = `${by} in term ${event.data.term}`;
      const cast = votes[voter] ?? [];
      return cast.includes(event.data.candidate)
        ? votes
        : { ...votes, [voter]: [...cast, event.data.candidate] };
    },
    verdict: (votes: Votes) => (twice(votes) ? "violated" : "holds"),
    exercised: (votes: Votes) => Object.keys(votes).length,
    explain: (votes: Votes) =>
      twice(votes) ? `${twice(votes)![0]} votes for ${twice(votes)![1].join(" and for ")}` : "one vote each",
  }),
};

function twice(votes: Votes) {
  return Object.entries(votes).find(([, cast]) => cast.length > 1);
}
