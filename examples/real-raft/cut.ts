// Monitors the entries that a follower has acknowledged and those that its log deletes.

import type Log from "@markwylde/liferaft/log.js";
import type { Io, RealReplica } from "turncoat/real";
import { type Packet, proposesAsLeader, raftNode } from "./raft.js";

export function watchedNode(io: Io<Packet, string>, LogClass: typeof Log): RealReplica<Packet> {
  class WatchedLog extends LogClass {
    /** How the package deletes an entry, one at a time. */
    async removeEntriesAfter(index: number): Promise<unknown> {
      const before = await this.getEntriesAfter(index);
      const result = await super.removeEntriesAfter(index);
      const after = await this.getEntriesAfter(index);
      if (after.length < before.length) io.event("cut", { after: index, term: this.node.term });
      return result;
    }
  }
  const onSend = ({ type, data }: Packet) => {
    if (type === "append ack") io.event("acknowledged", data);
  };
  const { raft, receive } = raftNode(io, { Log: WatchedLog, onSend });
  const waiting = proposesAsLeader(raft);
  return { roots: { raft, waiting }, message: receive, request: (command) => void waiting.push(command) };
}

interface Acknowledged {
  readonly [node: string]: readonly { readonly term: number; readonly index: number }[] | string;
}

/** An entry reported as safe to the leader of a term stays until another term begins. */
export const acknowledgedStays = {
  name: "acknowledged-stays",
  summary: "no follower deletes an entry that it has acknowledged in the same term",
  kind: "always",
  observes: "both",
  exercise: "a follower must have acknowledged an entry",
  monitor: () => ({
    init: {} as Acknowledged,
    on: (
      state: Acknowledged,
      by: string,
      event: { kind: string; name?: string; data?: never },
    ): Acknowledged => {
      if (event.kind !== "custom" || event.data === undefined) return state;
      const mine = (state[by] ?? []) as { term: number; index: number }[];
      if (event.name === "acknowledged") return { ...state, [by]: [...mine, event.data] };
      const { after, term } = event.data as { after: number; term: number };
      const gone = mine.find((entry) => entry.term === term && entry.index > after);
      return gone
        ? {
            ...state,
            offence: `${by} deleted entry ${gone.index} of term ${term}, which it had acknowledged`,
          }
        : state;
    },
    verdict: (state: Acknowledged) => (state.offence === undefined ? "holds" : "violated"),
    exercised: (state: Acknowledged) => Object.keys(state).length,
    explain: (state: Acknowledged) => state.offence ?? "nothing was deleted",
  }),
};
