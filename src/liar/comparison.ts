// Compares a node that has counted a vote with one that has not. If whatever comes next makes the first do nothing that the second would
// not do, in any state, the vote need not be said: the second simulates the first (Milner, "An Algebraic Definition of Simulation", 1971).

import { purely } from "../model/purity.js";
import type { Input, Json, NodeId, Step } from "../protocol/index.js";
import { isOneMore, type Standing } from "./reaction.js";
import { textOf } from "./rehearsal.js";

type Outcomes = readonly Step<Json, Json>[] | null;

/** The comparisons of one state with those that have counted one vote more. */
export class Comparison {
  readonly #at: Standing;
  readonly #inputs: readonly Input<Json>[];
  readonly #canonical: (state: Json) => Json;
  /** What the node does without the vote, by the index of the input. */
  readonly #without = new Map<number, Outcomes>();
  #steps = 0;

  /** `canonical` brings a state of the node into canonical form. */
  constructor(at: Standing, inputs: readonly Input<Json>[], canonical: (state: Json) => Json) {
    this.#at = at;
    this.#inputs = inputs;
    this.#canonical = canonical;
  }

  /** Whether some input makes a difference to a node that has counted a vote, after which it is in this state. */
  differs(after: Json, voter: NodeId): boolean {
    const counted = this.#canonical(after);
    return this.#inputs.some((input, index) => {
      const withVote = this.#step(counted, input);
      // What is ignored need not have come.
      if (withVote !== null && isIgnored(withVote, counted)) return false;
      if (!this.#without.has(index)) this.#without.set(index, this.#step(this.#at.state, input));
      return !areAlike(this.#without.get(index)!, withVote, voter);
    });
  }

  /** Runs of `step` since this was asked last. */
  takeSteps(): number {
    const steps = this.#steps;
    this.#steps = 0;
    return steps;
  }

  /** Null: it throws. */
  #step(state: Json, input: Input<Json>): Outcomes {
    const { spec, context } = this.#at;
    this.#steps++;
    try {
      return purely(() =>
        spec.behaviour
          .step(context, state, input)
          .map((outcome) =>
            outcome.state === state ? outcome : { ...outcome, state: this.#canonical(outcome.state as Json) },
          ),
      );
    } catch {
      return null;
    }
  }
}

function isIgnored(outcomes: readonly Step<Json, Json>[], state: Json): boolean {
  return outcomes.every((one) => one.effects.length + one.events.length === 0 && isSame(one.state, state));
}

/** States are canonical and frozen, so their texts are kept. */
function isSame(a: Json, b: Json): boolean {
  return a === b || textOf(a) === textOf(b);
}

/** Whether the outcomes are the same but for one vote more, or for nothing. */
function areAlike(without: Outcomes, counted: Outcomes, voter: NodeId): boolean {
  if (without === null || counted === null) return without === counted;
  return (
    without.length === counted.length &&
    without.every((one, index) => {
      const other = counted[index]!;
      return (
        doSame(one, other) && (isSame(one.state, other.state) || isOneMore(one.state, other.state, voter))
      );
    })
  );
}

function doSame(one: Step<Json, Json>, other: Step<Json, Json>): boolean {
  if (one.label !== other.label) return false;
  const quiet = [one, other].every(({ effects, events }) => effects.length + events.length === 0);
  return quiet || JSON.stringify([one.effects, one.events]) === JSON.stringify([other.effects, other.events]);
}
