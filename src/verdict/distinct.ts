// Distinct counterexamples: several should differ in what happens, not in which node does it. Two are the
// same if they violate the same property by the same bag of actions, where an action is its kind and its type
// of message, or its timer. So those that differ only in the order of independent actions, in which of
// several replicas acts, or in which request value is where, are one. A counterexample whose bag contains
// another's is left out too: mostly it is the other with idle actions added. (So a violation that needs a
// superset of another's actions is not shown beside it.)

import { type Action, type Counterexample, messageOf } from "../model/action.js";
import { typeOf } from "../model/terms.js";

/** Whether a counterexample is like one of those that are known, or one of them with more put in. */
export function isLikeOneOf(known: readonly Counterexample[], counterexample: Counterexample): boolean {
  return known.some(
    (other) =>
      other.property === counterexample.property &&
      contains(bag(counterexample.actions), bag(other.actions)) &&
      contains(bag(counterexample.loop ?? []), bag(other.loop ?? [])),
  );
}

function contains(bag: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return [...other].every(([action, count]) => (bag.get(action) ?? 0) >= count);
}

function bag(actions: readonly Action[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const action of actions) {
    const message = messageOf(action);
    const what = action.kind === "timer" ? action.timer : message === undefined ? "" : typeOf(message);
    const name = `${action.kind} ${what}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
