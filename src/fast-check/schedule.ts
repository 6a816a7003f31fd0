// Schedules as an arbitrary, for properties of one's own:
//
//   fc.assert(
//     fc.property(schedule(setting), faultPlan(setting), (schedule, plan) => schedule.run({ plan }).violation === null),
//   );
//
// Campaigns (src/fuzz) do not go this way: they are made for speed, and their failures are minimized by delta debugging over actions,
// which gets further than shrinking.

import * as fc from "fast-check";
import type { Action } from "../model/action.js";
import { asJson, type Setting } from "../model/setting.js";
import type { Json } from "../protocol/index.js";
import { type Choice, choices } from "./choice.js";
import { type RunChanges, type ScheduledRun, SharedSystem } from "./shared-system.js";

/** A list of choices, and the setting in which they are made. */
export interface Schedule<Message = Json> {
  readonly choices: readonly Choice[];
  /** Makes the run. The same schedule and changes always give the same run. @throws {UserError} if the protocol misbehaves. */
  run(changes?: RunChanges<Message>): ScheduledRun;
}

/** How long schedules become. */
export interface ScheduleOptions {
  /** Actions at most; default 100. */
  readonly maxActions?: number;
}

/**
 * Schedules of a setting: random orders in which messages arrive, timers run out, and the adversary lies.
 *
 * ```ts
 * const agrees = fc.property(schedule(setting), (one) => one.run().violation === null);
 * const { failed, counterexample } = fc.check(agrees, { seed: 1, numRuns: 500 });
 * failed // => true
 * counterexample[0].run().actions.length // => 4
 * ```
 * @throws {UserError} for settings that make no sense.
 */
export function schedule<Message, Request>(
  setting: Setting<Message, Request>,
  { maxActions = 100 }: ScheduleOptions = {},
): fc.Arbitrary<Schedule<Message>> {
  const shared = new SharedSystem(asJson(setting));
  return choices(maxActions).map(
    (list) => new SharedSchedule(shared, list) as Schedule<unknown> as Schedule<Message>,
  );
}

class SharedSchedule implements Schedule {
  readonly choices: readonly Choice[];
  readonly #shared: SharedSystem;

  constructor(shared: SharedSystem, list: readonly Choice[]) {
    this.#shared = shared;
    this.choices = list;
  }

  run(changes: RunChanges = {}): ScheduledRun {
    return this.#shared.run(this.choices, changes);
  }

  /** How fast-check prints it. */
  [fc.toStringMethod](): string {
    const { start, actions } = this.run();
    return `schedule(${JSON.stringify(start)}, [\n${actions.map(line).join(",\n")}\n])`;
  }
}

function line(action: Action): string {
  return `  ${JSON.stringify(action)}`;
}
