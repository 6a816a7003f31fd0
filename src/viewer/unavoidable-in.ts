// When a replayed violation became unavoidable, for pages without a server.

import { sayingToo } from "../liar/told.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { StoryUnavoidable } from "./story.js";
import { unavoidableOn } from "./unavoidable.js";

/**
 * Null where the question does not arise: nothing is violated, or the run goes round, knows a clock, or ends with an error.
 *
 * @param maxStates how many states are looked at for each step: a page should not take longer to write than the trace took to replay
 */
export function unavoidableIn(result: ReplayResult, maxStates = 2000): StoryUnavoidable | null {
  if (result.outcome !== "reproduced" || result.fault || result.loop || result.timesMs) return null;
  const system = new TransitionSystem(
    sayingToo(
      result.setting,
      result.steps.map(({ action }) => action),
    ),
  );
  const walk = Walk.begin(system, result.start);
  if (!walk) return null;
  const states = [walk.vector];
  for (const { action } of result.steps) {
    if (!walk.perform(action)) return null;
    states.push(walk.vector);
  }
  return unavoidableOn(system, states, result.property, maxStates);
}
