// Is a trace minimal? A file may say so; this asks the model, action by action. What is left after an action is taken away is replayed as the
// minimizer replays it: what is not possible any more is left out, nothing else is repaired.

import { settingFrom } from "../catalogue/index.js";
import type { Trace } from "../trace/schema.js";
import { superfluousIn } from "./account.js";
import { superfluousInTime } from "./minimize-timed.js";
import { Oracle } from "./oracle.js";

/**
 * The numbers (from 1) of actions without which the property of the trace is violated, too; of a trace that ends in a loop, those of its stem and of
 * its loop, in this order. Of a timed trace those before its loop are asked for: the rest of such a run has to happen. Empty for a minimal
 * trace; null if the trace itself does not violate the property, exactly with its last action.
 *
 * @throws {UserError} for unknown names.
 */
export async function superfluousActions(trace: Trace): Promise<readonly number[] | null> {
  const setting = await settingFrom(trace.setting);
  const { start, actions, loop = [], schedule, violates } = trace;
  if (schedule) return superfluousInTime(setting, { ...trace, property: violates.property, schedule });
  const oracle = new Oracle(setting, violates.property, start);
  const sequence = { actions, loop };
  return oracle.strictSequence(sequence) === null ? null : superfluousIn(oracle, sequence);
}
