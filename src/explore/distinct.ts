// When several counterexamples are asked for, they should differ in what happens, not in who does it. Two are the same here
// if they violate the same property by the same bag of actions, an action being its kind and its type of message, or its
// timer. So what differs only in the order of independent actions, in which of several replicas acts, or in which request
// value goes where, is one; what takes another message, or one more, is another.

import type { Action, Counterexample } from "../model/action.js";
import { typeOf } from "../model/terms.js";
import type { Json } from "../protocol/index.js";

/** Equal for counterexamples that are the same; see the file comment. */
export function shapeOf({ property, actions, loop = [] }: Counterexample): string {
  return JSON.stringify([property, bag(actions), bag(loop)]);
}

function bag(actions: readonly Action[]): string[] {
  return actions
    .map((action) =>
      action.kind === "timer" ? `timer ${action.timer}` : `${action.kind} ${typeOf(action.message as Json)}`,
    )
    .sort();
}
