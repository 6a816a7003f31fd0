// Minimizes a run that ends with a fault of user code: delta debugging in the setting in which it was found.
// A fault is the same if it has the same kind and was thrown on the same line.

import { sayingOnly } from "../liar/told.js";
import type { Action } from "../model/action.js";
import { isFault, type UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import { focusOn } from "../trace/focus.js";
import type { Trace } from "../trace/schema.js";
import { ddmin } from "./ddmin.js";

/** The trace with only the actions that the fault needs, and the number of replays. */
export function minimizeFault(
  setting: Setting,
  trace: Trace,
): { readonly trace: Trace; readonly tried: number } {
  const system = new TransitionSystem(sayingOnly(focusOn(setting, trace.violates.property), trace.actions));
  let tried = 0;
  const ending = (actions: readonly Action[]) => {
    tried++;
    return endingOf(system, trace, actions);
  };
  const original = ending(trace.actions);
  if (original === null) return { trace, tried };
  const actions = ddmin(original.actions, (candidate) => {
    const end = ending(candidate);
    return end !== null && isSame(end.fault, original.fault) ? end.actions : null;
  });
  const { fault } = ending(actions)!;
  const violates = { ...trace.violates, explanation: fault.message };
  return { trace: { ...trace, violates, actions, minimal: true }, tried };
}

/** Performs the possible ones of the actions until a fault occurs; null if none does. */
function endingOf(
  system: TransitionSystem,
  { start, throws }: Trace,
  actions: readonly Action[],
): { readonly actions: readonly Action[]; readonly fault: UserError } | null {
  const performed: Action[] = [];
  try {
    const walk = Walk.begin(system, start);
    if (!walk) return null;
    for (const action of actions) {
      performed.push(action);
      if (!walk.perform(action)) performed.pop();
    }
    walk.meet(throws!);
    return null;
  } catch (error) {
    if (!isFault(error)) throw error;
    return { actions: performed, fault: error };
  }
}

function isSame(a: UserError, b: UserError): boolean {
  return a.code === b.code && a.property === b.property && a.frames[0] === b.frames[0];
}
