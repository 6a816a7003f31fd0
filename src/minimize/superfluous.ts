// Is a trace minimal? A file may say so; this asks the model, action by action. What is left after an action is taken away is replayed as the
// minimizer replays it: what is not possible any more is left out, nothing else is repaired.

import { settingFrom } from "../catalogue.js";
import { replayIn } from "../trace/replay.js";
import type { Trace } from "../trace/schema.js";
import { Oracle } from "./oracle.js";

/**
 * The numbers (from 1) of actions without which the property of the trace is violated, too; of a trace that ends in a loop, those of its stem and of
 * its loop, in this order. Empty for a minimal trace; null if the trace itself does not violate the property, exactly with its last action.
 *
 * @throws {UserError} for unknown names.
 */
export async function superfluousActions(trace: Trace): Promise<readonly number[] | null> {
  const setting = await settingFrom(trace.setting);
  const { property } = trace.violates;
  const { start, actions, loop } = trace;
  if (loop) {
    const all = [...actions, ...loop];
    const goesRound = (kept: Pick<Trace, "actions" | "loop">) =>
      replayIn(setting, property, { start, actions: kept.actions, loop: kept.loop ?? [] }).outcome ===
      "reproduced";
    if (!goesRound(trace)) return null;
    return numbersOf(all, (index) =>
      goesRound(
        index < actions.length
          ? { actions: actions.toSpliced(index, 1), loop }
          : { actions, loop: loop.toSpliced(index - actions.length, 1) },
      ),
    );
  }
  const oracle = new Oracle(setting, property, start);
  if (oracle.strict(actions) === null) return null;
  return numbersOf(actions, (index) => oracle.lenient(actions.toSpliced(index, 1)) !== null);
}

function numbersOf(items: readonly unknown[], isSuperfluous: (index: number) => boolean): number[] {
  return [...items.keys()].filter(isSuperfluous).map((index) => index + 1);
}
