// Repeats a counterexample action by action, as a reader of the trace would.

import type { Counterexample } from "../../src/model/action.js";
import type { Setting } from "../../src/model/setting.js";
import { TransitionSystem } from "../../src/model/system.js";
import { Walk } from "../../src/model/walk.js";

/** The property that is violated at the start and after each action of the counterexample; or what cannot be repeated. */
export function replay(setting: Setting, { start, actions }: Counterexample): readonly (string | null)[] {
  const walk = Walk.begin(new TransitionSystem(setting), start);
  if (!walk) return ["there is no such start"];
  const violated = () => walk.violation()?.property ?? null;
  const atStart = violated();
  const after = actions.map((action, index) =>
    walk.perform(action) ? violated() : `action ${index + 1} is not possible`,
  );
  return [atStart, ...after];
}
