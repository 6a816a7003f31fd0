// Weak fairness: an action that must happen, and stays possible, happens in the end. An action here is a
// timer of a node or a packet for it, whatever its outcome; it is possible in a state if it may change that
// state. If another of its outcomes changes nothing, the scheduler may take that one, and has taken the
// action (`idle`): a node that may choose to do nothing may do so for ever.
//
// Of the outcomes of an action the scheduler chooses those that are not random; the random ones together
// are one toss, of which chance decides (see `Step.random`). So the states form a Markov decision process,
// in which a choice has one next state and a toss several. See chance.ts and explore/fair-cycles.ts.

import { outcomeOf } from "./apply-reaction.js";
import { isSame, type PossibleAction, possibleAction } from "./possible-action.js";
import type { TransitionSystem } from "./system.js";
import { IntList } from "./tables.js";

/**
 * Every action of a node that is possible in a state; what a network does to a message on its way is not
 * among them.
 */
export function possibleActions(
  system: TransitionSystem,
  vector: Int32Array,
  onlyObligatory = false,
): PossibleAction[] {
  if (system.channelSteps) return system.channelSteps.possibleActions(vector, onlyObligatory);
  const { reactions } = system;
  const lists = new IntList();
  return system.nodes.flatMap((_, node) => {
    const component = vector[node]!;
    system.inputs(vector, 0, node, lists);
    return [...lists.items.subarray(0, lists.length)].flatMap((list) => {
      const isObligatory = reactions.isObligatory(node, list);
      if (onlyObligatory && !isObligatory) return [];
      return reactions.possible(node, component, list).flatMap(({ key, results, describe }) => {
        const outcomes = results.map((reaction) => outcomeOf(system, vector, node, reaction));
        return (
          possibleAction({ key: `${node}:${key}`, node, isObligatory }, vector, outcomes, describe) ?? []
        );
      });
    });
  });
}

/** The obligatory actions that are possible in a state. */
export function obligations(system: TransitionSystem, vector: Int32Array): PossibleAction[] {
  return possibleActions(system, vector, true);
}

/**
 * Whether chance, too, can lead from one state to another and no outcome of the same toss is lost: see
 * {@link isTakenTo}.
 */
export type Stays = (from: Int32Array, to: Int32Array) => boolean;

/**
 * Whether an action may be what has led from one state to the next, if every outcome of a toss has to stay
 * where `stays` says: a toss of which one side leads away leads away in the end.
 */
export function isTakenTo(action: PossibleAction, from: Int32Array, next: Int32Array, stays: Stays): boolean {
  if (isSame(from, next)) return action.idle !== null;
  if (action.chosen.some((outcome) => isSame(outcome, next))) return true;
  return (
    action.toss.some((outcome) => isSame(outcome, next)) &&
    action.toss.every((outcome) => isSame(outcome, from) || stays(from, outcome))
  );
}

/**
 * The obligations that a way neglects: possible in each of its states, and never taken. A loop is weakly
 * fair if it has none. In a loop the last state is followed by the first, which is not listed again.
 */
export function neglected(
  system: TransitionSystem,
  states: readonly Int32Array[],
  isLoop: boolean,
  stays: Stays,
): PossibleAction[] {
  let left: Map<string, PossibleAction> | null = null;
  const taken = new Set<string>();
  for (const [index, state] of states.entries()) {
    const next = states[index + 1] ?? (isLoop ? states[0] : undefined);
    const here = obligations(system, state);
    const keys = new Set(here.map(({ key }) => key));
    left ??= new Map(here.map((obligation) => [obligation.key, obligation]));
    for (const key of left.keys()) if (!keys.has(key)) left.delete(key);
    for (const obligation of here)
      if (next && isTakenTo(obligation, state, next, stays)) taken.add(obligation.key);
  }
  return [...(left ?? new Map<string, PossibleAction>()).values()].filter(({ key }) => !taken.has(key));
}
