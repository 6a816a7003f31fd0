// The timers of all nodes that may fire now, by node and then by name, so that a strategy can choose one by
// its place.

import { hashText } from "../../../model/hash.js";
import type { TransitionSystem } from "../../../model/system.js";
import type { NodeSteps } from "./node-steps.js";

/** The timers that may fire. */
export class Timers {
  readonly #system: TransitionSystem;
  readonly #steps: readonly NodeSteps[];
  readonly #keys: number[][];
  /** How many there are. */
  count = 0;

  constructor(system: TransitionSystem, steps: readonly NodeSteps[]) {
    this.#system = system;
    this.#steps = steps;
    this.#keys = steps.map(() => []);
  }

  /** The timer at a place, in this state. */
  at(vector: Int32Array, place: number): { readonly node: number; readonly timer: number } {
    let rest = place;
    for (let node = 0; node < this.#steps.length; node++) {
      const steps = this.#steps[node] as NodeSteps;
      const count = steps.timers(vector[node] as number);
      if (rest < count) return { node, timer: this.armed(vector, node)[rest]! };
      rest -= count;
    }
    throw new RangeError(`there is no timer ${place}`);
  }

  /** The timers of one node. */
  armed(vector: Int32Array, node: number): readonly number[] {
    return this.#steps[node]!.armed(vector[node]!);
  }

  /** A timer's name, for strategies: 32 bits. */
  key(node: number, timer: number): number {
    this.#keys[node]![timer] ??= hashText(`${node} ${this.#system.nodes[node]!.timers[timer]}`) | 0;
    return this.#keys[node]![timer];
  }

  /** Whether some timer would change something, given the properties' observation. */
  mayChange(vector: Int32Array, observation: number): boolean {
    const { observations } = this.#system;
    return this.#steps.some((steps, node) =>
      this.armed(vector, node).some((timer) => {
        const firings = steps.firings(vector[node]!, timer);
        for (let place = 0; place < steps.count(firings); place++) {
          const outcome = steps.outcome(firings, place);
          if (steps.fired(outcome) !== vector[node]) return true;
          if (observations.after(observation, node, steps.events(outcome)) !== observation) return true;
        }
        return false;
      }),
    );
  }
}
