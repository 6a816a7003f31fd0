// Describes a lasso in a sentence: what repeats for ever, the part of chance in it, and the goal that is
// missed.

import { type Action, actor, choiceOf } from "./action.js";
import type { TransitionSystem } from "./system.js";

/**
 * Says that a loop, which begins at the state `first`, misses the goal of the property with this index
 * (default: the first one that is pending). Choices that nobody has marked as random are named: whoever
 * meant a coin has to say so.
 */
export function lassoText(
  system: TransitionSystem,
  first: Int32Array,
  loop: readonly Action[],
  property = system.liveness.pending(first, 0)[0]!,
): string {
  const goal = system.liveness.explain(first, 0, property);
  const { isRandom, chosen } = choicesOn(system, first, loop);
  const however = isRandom ? ", however chance decides," : "";
  const unmarked =
    chosen.length === 0 ? "" : `; the scheduler chooses what is not marked as random: ${chosen.join(", ")}`;
  return `the last ${loop.length} actions can go on for ever${however} and ${goal}${unmarked}`.replace(
    "for ever and",
    "for ever, and",
  );
}

function choicesOn(system: TransitionSystem, first: Int32Array, loop: readonly Action[]) {
  const chosen = new Set<string>();
  let isRandom = false;
  let vector = first;
  for (const action of loop) {
    const label = choiceOf(action);
    if (system.isRandom(vector, action)) isRandom = true;
    else if (label !== undefined) chosen.add(`${actor(action)} takes ${JSON.stringify(label)}`);
    vector = system.perform(vector, action) ?? vector;
  }
  return { isRandom, chosen: [...chosen] };
}
