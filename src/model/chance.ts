// The choices of a state, as in a Markov decision process: transitions, of which the scheduler chooses one,
// and tosses, each with several next states, of which chance chooses one. The transitions alone do not tell
// which is which, for two actions may lead to the same state.

import { possibleActions } from "./fairness.js";
import { isSame, type PossibleAction } from "./possible-action.js";
import { Successors } from "./successors.js";
import type { TransitionSystem } from "./system.js";

/** What can happen in a state. */
export interface Chance {
  /** Each the states to which one toss may lead; the same state is left out. Never empty. */
  readonly tosses: readonly (readonly Int32Array[])[];
  /** The next states that the scheduler can choose. */
  readonly chosen: readonly Int32Array[];
}

/** What can happen in a state, or null if nothing is left to chance there. */
export function chanceIn(system: TransitionSystem, vector: Int32Array): Chance | null {
  if (!system.nodes.some(({ tosses }) => tosses)) return null;
  const actions = possibleActions(system, vector);
  const tosses = actions.flatMap(({ toss }: PossibleAction) =>
    toss.length === 0 ? [] : [toss.filter((next) => !isSame(next, vector))],
  );
  if (tosses.length === 0) return null;
  const out = new Successors();
  system.successors(vector, 0, out);
  const elsewhere: Int32Array[] = []; // what networks do to messages is no action of a node
  for (let index = 0; index < out.length; index++) {
    const next = vector.slice();
    out.writeTo(index, next);
    if (!tosses.flat().some((outcome) => isSame(outcome, next))) elsewhere.push(next);
  }
  return { tosses, chosen: [...actions.flatMap(({ chosen }) => chosen), ...elsewhere] };
}

/**
 * Whether a loop goes on however chance decides: each of its transitions is one that the scheduler can
 * choose, or is part of a toss of which the loop takes every outcome, in the same state. Then its states
 * are closed under chance.
 */
export function isClosedUnderChance(system: TransitionSystem, states: readonly Int32Array[]): boolean {
  const stays = staysOn(states);
  return states.every((state, index) => {
    const chance = chanceIn(system, state);
    if (chance === null) return true;
    const next = states[(index + 1) % states.length]!;
    if (isSame(state, next)) return possibleActions(system, state).some(({ idle }) => idle !== null);
    if (chance.chosen.some((outcome) => isSame(outcome, next))) return true;
    return chance.tosses.some(
      (toss) =>
        toss.some((outcome) => isSame(outcome, next)) && toss.every((outcome) => stays(state, outcome)),
    );
  });
}

/** Whether a loop goes from one state directly to another somewhere. */
export function staysOn(states: readonly Int32Array[]): (from: Int32Array, to: Int32Array) => boolean {
  const steps = new Set(states.map((state, index) => `${state} ${states[(index + 1) % states.length]}`));
  return (from, to) => steps.has(`${from} ${to}`);
}
