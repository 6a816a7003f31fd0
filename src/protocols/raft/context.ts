// What the handlers of Raft have in common.

import { type Config, type NodeId, type OwnContext, type Reply, replicaIds } from "../../protocol/index.js";
import type { RaftRules } from "./rules.js";
import type { Message, State } from "./state.js";

type Timer = "election" | "client";
export type Turn = Reply<State, Message, Timer>;
/** Fewer candidates are fewer schedules: a bound, as the number of terms is one. */
export const parameters = {
  candidates: { default: 0, help: "how many of the servers have an election timer; 0 means all" },
};
export type Context = OwnContext<typeof parameters, RaftRules>;

/** The other servers. */
export function others({ self, config }: Pick<Context, "self" | "config">): NodeId[] {
  return replicaIds(config).filter((id) => id !== self);
}

/** The servers that have an election timer. */
export function candidates(
  config: Pick<Config, "replicas"> & Pick<Context["config"], "set">,
): readonly NodeId[] {
  return replicaIds(config).slice(0, config.set.candidates || config.replicas);
}
