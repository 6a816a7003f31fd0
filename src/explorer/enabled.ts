// The enabled actions of a state: the transitions of the model, for a person to choose from. Actions with the same effect are one,
// as in the search.

import type { Action } from "../model/action.js";
import { Successors } from "../model/successors.js";
import type { TransitionSystem } from "../model/system.js";
import { IntList } from "../model/tables.js";

/** One transition. */
export interface Enabled {
  readonly action: Action;
  readonly next: Int32Array;
  /** How many further actions have the same effect. */
  readonly others: number;
}

/** All transitions out of a state, in the order of the model. */
export function enabledIn(system: TransitionSystem, vector: Int32Array): Enabled[] {
  const out = new Successors();
  const enabled: Enabled[] = [];
  system.successors(vector, 0, out);
  const actions = Array.from({ length: out.length }, (_, index) =>
    system.reactions.action(out.node(index), out.cause(index)),
  );
  for (const [index, action] of actions.entries()) {
    const next = vector.slice();
    out.writeTo(index, next);
    enabled.push({ action, next, others: out.multiplicity(index) - 1 });
  }
  return enabled;
}

/**
 * Every action at nodes that is possible otherwise than from an inbox, those with equal effects one by one: which of these the model
 * names first depends on what it has met before, so links are looked up among all.
 */
export function* everyAction(system: TransitionSystem, vector: Int32Array): Iterable<Action> {
  for (const { action } of enabledIn(system, vector)) yield action;
  const lists = new IntList();
  for (const [node] of system.nodes.entries()) {
    system.inputs(vector, 0, node, lists);
    for (const list of [...lists.items.subarray(0, lists.length)])
      for (const { results, describe } of system.reactions.possible(node, vector[node]!, list))
        for (const reaction of results) yield describe(reaction);
  }
}
