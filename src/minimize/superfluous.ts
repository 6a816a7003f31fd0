// Checks whether a trace is minimal, action by action, whatever its file claims. After an action is removed
// the rest is replayed as the minimizer replays it: impossible actions are left out, nothing else is
// repaired.

import { settingFrom } from "../catalogue/index.js";
import { sayingOnly } from "../liar/told.js";
import type { Trace } from "../trace/schema.js";
import { superfluousIn } from "./account.js";
import { superfluousInTime } from "./minimize-timed.js";
import { Oracle } from "./oracle.js";

/**
 * The numbers (from 1) of actions without which the trace's property is violated too; in a lasso those of the
 * stem and then of the loop. Of a timed trace only those before its loop, since the rest of such a run has to
 * happen. Empty for a minimal trace; null if the trace itself does not violate the property exactly with its
 * last action.
 *
 * @throws {UserError} for unknown names.
 */
export async function superfluousActions(trace: Trace): Promise<readonly number[] | null> {
  const { start, actions, loop = [], schedule, violates } = trace;
  const setting = sayingOnly(await settingFrom(trace.setting), [...actions, ...loop]);
  if (schedule) return superfluousInTime(setting, { ...trace, property: violates.property, schedule });
  const oracle = new Oracle(setting, violates.property, start);
  const sequence = { actions, loop };
  return oracle.strictSequence(sequence) === null ? null : superfluousIn(oracle, sequence);
}
