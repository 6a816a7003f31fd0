// What the handlers have in common.

import type { OwnContext, Reply } from "../../protocol/index.js";
import type { parameters } from "./parameters.js";
import type { RecoveryRules } from "./rules.js";
import type { Message, State } from "./state.js";

export type Timer = "propose" | "watchdog" | "intrusion";
export type Turn = Reply<State, Message, Timer>;
export type Context = OwnContext<typeof parameters, RecoveryRules>;

/** A turn with a changed state. */
export function update(turn: Turn, change: Partial<State>): Turn {
  return turn.with({ ...turn.state, ...change });
}

/** Whether the replica is not counted as faulty, so that what it shows must be right. */
export function isCorrect({ standing }: State): boolean {
  return standing === "normal";
}
