// The context of the handlers of Raft: the types and helpers that all of them use.

import { type NodeId, type OwnContext, type Reply, replicaIds } from "../../protocol/index.js";
import { candidates, type parameters } from "./parameters.js";
import type { RaftRules } from "./rules.js";
import type { Message, State } from "./state.js";

type Timer = "election" | "client" | "compact" | "read";
export type Turn = Reply<State, Message, Timer>;
export type Context = OwnContext<typeof parameters, RaftRules>;

/**
 * The election timer begins anew when a server hears from the current leader, or gives somebody its vote (section 5.2). In a search that changes
 * nothing: there a timer may fire at any moment.
 */
export function waitAgain({ self, config }: Pick<Context, "self" | "config">, turn: Turn): Turn {
  const waits = candidates(config).includes(self) && turn.state.role !== "leader";
  return waits ? turn.setTimer("election") : turn;
}

/** The other servers. */
export function others({ self, config }: Pick<Context, "self" | "config">): NodeId[] {
  return replicaIds(config).filter((id) => id !== self);
}
