// Fair lassos: a loop that a fair execution may repeat for ever, and on which a liveness property never meets
// its goal. Replay checks whether a trace ends in one, minimization whether it still does.

import { isClosedUnderChance, staysOn } from "../model/chance.js";
import { neglected } from "../model/fairness.js";
import { isSame } from "../model/possible-action.js";
import type { TransitionSystem } from "../model/system.js";

/**
 * Whether these states are a fair loop on which the property that is checked (the first pending one) never
 * meets its goal; `last`, the state after all of them, has to close it.
 */
export function isFairLasso(
  system: TransitionSystem,
  states: readonly Int32Array[],
  last: Int32Array,
): boolean {
  const [first] = states;
  return (
    first !== undefined &&
    isSame(first, last) &&
    states.every((state) => system.liveness.pending(state, 0).length > 0) &&
    system.liveness.judged(states, "").verdict === "violated" &&
    neglected(system, states, true, staysOn(states)).length === 0 &&
    isClosedUnderChance(system, states)
  );
}
