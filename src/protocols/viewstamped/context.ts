// What the handlers of Viewstamped Replication have in common.

import { inTurn, type OwnContext, type Reply, replicaIds } from "../../protocol/index.js";
import type { ViewstampedRules } from "./rules.js";
import type { Message, State } from "./state.js";

type Timer = "view" | "client";
export type Turn = Reply<State, Message, Timer>;
export const parameters = {
  impatient: { default: 0, help: "how many of the replicas start view changes of their own; 0 means all" },
};
export type Context = OwnContext<typeof parameters, ViewstampedRules>;

/** Whether this replica leads the view that it is in. */
export function leads({ self, config }: Context, { view }: State): boolean {
  return self === inTurn(config, view);
}

/** Sets the timer after which it suspects the primary, if it has one. */
export function watching({ self, config }: Context, turn: Turn): Turn {
  const impatient = replicaIds(config).slice(-config.set.impatient);
  return impatient.includes(self) ? turn.setTimer("view") : turn;
}

/** The commit number is `to` now; what is committed is executed. */
export function executed(turn: Turn, to: number): Turn {
  const { commit, log } = turn.state;
  const up = Math.min(to, log.length);
  if (up <= commit) return turn;
  return turn.with({ ...turn.state, commit: up }).executedFrom(commit + 1, log.slice(commit, up));
}
