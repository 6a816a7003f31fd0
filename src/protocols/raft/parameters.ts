// What a run of Raft is made of besides what every run has: its bounds, and the parts of the protocol that it uses.

import { type Config, type NodeId, type OwnConfig, replicaIds } from "../../protocol/index.js";

export const parameters = {
  // Fewer candidates are fewer schedules: a bound, as the number of terms is one.
  candidates: { default: 0, help: "how many of the servers have an election timer; 0 means all" },
  preVote: { default: false, help: "whether servers ask first whether they would be elected (thesis, 9.6)" },
  members: { default: 0, help: "how many of the servers are members at the start; 0 means all" },
  changes: {
    default: 0,
    help: "how often a member may be added or removed (thesis, chapter 4)",
  },
  heartbeats: {
    default: false,
    help: "whether leaders also send appends without the entries that a follower lacks",
  },
  led: {
    default: false,
    help: "whether the run begins where r0 leads term 1 and all have committed its first entry, which saves the search that much",
  },
  reads: {
    default: 0,
    help: "how many reads a leader answers in a term without the log, by a read index (thesis, 6.4): ask for reads-are-fresh",
  },
  snapshots: { default: false, help: "whether servers compact their logs (section 7)" },
};
export type RaftConfig = OwnConfig<typeof parameters>;
/** As much of it as the choice of servers depends on. */
type Servers = Pick<Config, "replicas"> & Pick<RaftConfig, "set">;

/** The servers that have an election timer. */
export function candidates(config: Servers): readonly NodeId[] {
  return replicaIds(config).slice(0, config.set.candidates || config.replicas);
}

/** The members at the start. */
export function founders(config: Servers): readonly NodeId[] {
  return replicaIds(config).slice(0, config.set.members || config.replicas);
}

/** The servers that behave alike: those that have an election timer, and the others. Where members change, entries name them. */
export function alike(config: Servers): readonly (readonly NodeId[])[] {
  if (config.set.changes > 0 || config.set.members > 0) return [];
  const able = candidates(config);
  return [able, replicaIds(config).slice(able.length)].filter((group) => group.length > 0);
}
