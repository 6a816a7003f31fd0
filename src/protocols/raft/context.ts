// What the handlers of Raft have in common.

import { type NodeId, type OwnContext, type Reply, replicaIds } from "../../protocol/index.js";
import type { RaftRules } from "./rules.js";
import type { Message, State } from "./state.js";

export type Timer = "election" | "client";
export type Turn = Reply<State, Message, Timer>;
export type Context = OwnContext<Record<never, never>, RaftRules>;

/** The other servers. */
export function others({ self, config }: Pick<Context, "self" | "config">, _state: State): NodeId[] {
  return replicaIds(config).filter((id) => id !== self);
}
