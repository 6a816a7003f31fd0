// Dead messages: those that a replica ignores from now on. False where that is not obvious.

import type { NodeId } from "../../protocol/index.js";
import { type Context, isCorrect } from "./context.js";
import { senderOf } from "./keys.js";
import { entryOf } from "./ordering.js";
import { firstOf, primaryOf, secondOf } from "./parameters.js";
import type { Message, State } from "./state.js";

/** Whether a replica ignores the message in this state and in every later one. */
export function isDead(context: Context, state: State, from: NodeId, message: Message): boolean {
  const { self, config } = context;
  const said = message.tag === "signed" ? message.body : message;
  if (self === firstOf(config)) return false; // it may be anything when it comes back
  if ("mac" in said && senderOf(context, state, from, said.mac) === null) return true;
  if (!isCorrect(state)) return true; // it has fallen, for good
  switch (said.tag) {
    case "pre-prepare":
      return said.slot <= state.stable || entryOf(state, said.slot) !== undefined;
    case "prepare":
    case "commit": {
      const entry = entryOf(state, said.slot);
      const isCounted = said.tag === "prepare" && entry !== undefined && entry.phase !== "pre-prepared";
      return (
        said.slot <= state.stable ||
        (entry !== undefined && (entry.value !== said.value || entry.phase === "committed" || isCounted))
      );
    }
    case "checkpoint":
      return said.history.length <= state.stable;
    case "query-stable":
      return state.hasAnswered;
    case "recovered":
      return self !== secondOf(config);
    case "recover":
      return self !== primaryOf(config);
    default:
      return true;
  }
}
