// Replays a trace from an older version of a protocol, in which some actions are no longer possible. Often
// they do not matter. They are left out and the rest is tried; the result lists what was left out.

import { settingFrom } from "../catalogue/index.js";
import { sayingOnly } from "../liar/told.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import { focusOn } from "./focus.js";
import type { Trace } from "./schema.js";

/** A trace that violates its property without some of its actions. */
export interface Repair {
  /** The numbers (from 1) of the actions that were left out. */
  readonly skipped: readonly number[];
  /** After how many of the remaining ones the property is violated. */
  readonly after: number;
  readonly explanation: string;
  /** The trace without what was left out, and without what comes after the violation. */
  readonly trace: Trace;
}

/**
 * Replays a trace without what is not possible. Null if the property is not violated then, or if the trace
 * could not even start.
 *
 * @throws {UserError} for unknown names.
 */
export async function repair(trace: Trace, overrideProtocol?: string): Promise<Repair | null> {
  const protocol = overrideProtocol ?? trace.setting.protocol;
  if (trace.simulation || trace.recorded) return null; // its actions follow from its seed, or its record
  const setting = await settingFrom({ ...trace.setting, protocol });
  if (trace.schedule) return null; // what is left out of a timed run has to be late, so nothing follows from the rest
  const asked = sayingOnly(focusOn(setting, trace.violates.property), trace.actions);
  const walk = Walk.begin(new TransitionSystem(asked), trace.start);
  if (!walk) return null;
  const skipped: number[] = [];
  for (const [index, action] of trace.actions.entries()) {
    if (walk.violation()) break;
    if (!walk.perform(action)) skipped.push(index + 1);
  }
  const violation = walk.violation();
  if (!violation) return null;
  const { explanation, property } = violation;
  const { loop: _, minimal: __, ...rest } = trace;
  const repaired: Trace = {
    ...rest,
    setting: { ...trace.setting, protocol },
    violates: { property, explanation },
    actions: walk.actions,
  };
  return { skipped, after: walk.actions.length, explanation, trace: repaired };
}
