// The context of the handlers of Raft: the types and helpers that all of them use.

import { type NodeId, type OwnContext, type Reply, replicaIds } from "../../protocol/index.js";
import type { parameters } from "./parameters.js";
import type { RaftRules } from "./rules.js";
import type { Message, State } from "./state.js";

type Timer = "election" | "client" | "compact";
export type Turn = Reply<State, Message, Timer>;
export type Context = OwnContext<typeof parameters, RaftRules>;

/** The other servers. */
export function others({ self, config }: Pick<Context, "self" | "config">): NodeId[] {
  return replicaIds(config).filter((id) => id !== self);
}
