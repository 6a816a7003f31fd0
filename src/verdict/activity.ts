// The activity of a run: which messages had an effect, and whether the adversary made any difference. It is
// part of a verdict, because a verdict without activity is worth nothing.

import type { Reactions } from "../model/reactions.js";
import type { Setting } from "../model/setting.js";
import { typeNameOf } from "../model/terms.js";
import type { Json } from "../protocol/index.js";
import type { Witnesses } from "./verdict.js";

/** The actions that have had an effect, with their messages. */
export type Causes = ReturnType<Reactions["causes"]>;

/** Why the adversary made no difference, or null. */
export function idleAdversary({ adversary, byzantine }: Setting, causes: Causes): string | null {
  if (!adversary?.speaks || byzantine.length === 0) return null;
  if (adversary.stepFaults?.owes) return null; // what it does counts as a correct node's deliveries
  if (causes.some(({ kind }) => kind === "inject" || kind === "relay")) return null;
  return `the adversary ${adversary.name} at ${byzantine.join(", ")} had no move that changed anything`;
}

/** The messages behind these actions, by type. */
export function messagesOf(causes: Causes): Pick<Witnesses, "messages" | "adversaryMoves"> {
  return {
    messages: countByType(causes.filter(({ kind }) => kind === "deliver").map(({ message }) => message)),
    adversaryMoves: countByType(
      causes.filter(({ kind }) => kind === "inject" || kind === "relay").map(({ message }) => message),
    ),
  };
}

function countByType(messages: readonly Json[]): { [type: string]: number } {
  const counts: { [type: string]: number } = {};
  for (const message of messages) {
    const type = typeNameOf(message);
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return counts;
}
