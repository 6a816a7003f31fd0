// One execution of a transition system, action by action. Replay, minimize and fuzz are walks: they differ
// in who chooses the next action.

import { glance } from "../watch/clock.js";
import type { Action, Execution, StartChoice } from "./action.js";
import type { FaultCode } from "./errors.js";
import { Successors } from "./successors.js";
import type { TransitionSystem } from "./system.js";

/** What is wrong with a state. */
export interface Violation {
  readonly property: string;
  readonly explanation: string;
}

/** An execution that goes on, one action at a time. */
export class Walk {
  readonly system: TransitionSystem;
  readonly start: StartChoice;
  readonly actions: Action[] = [];
  #vector: Int32Array;
  readonly #successors = new Successors();
  #fresh = false;

  /** Begins at one of `system.initial()`. */
  constructor(system: TransitionSystem, initial: { vector: Int32Array; choice: StartChoice }) {
    this.system = system;
    this.start = initial.choice;
    this.#vector = initial.vector.slice();
  }

  /** Begins as `execution` did, or returns null if there is no such start. */
  static begin(system: TransitionSystem, start: StartChoice): Walk | null {
    const wanted = JSON.stringify(Object.entries(start).sort());
    const initial = system
      .initial()
      .find(({ choice }) => JSON.stringify(Object.entries(choice).sort()) === wanted);
    return initial ? new Walk(system, initial) : null;
  }

  /** The state reached so far. */
  get vector(): Int32Array {
    return this.#vector;
  }

  get execution(): Execution {
    return { start: this.start, actions: [...this.actions] };
  }

  /** The transitions out of the present state; valid until the walk goes on. */
  successors(): Successors {
    if (!this.#fresh) this.system.successors(this.#vector, 0, this.#successors);
    this.#fresh = true;
    return this.#successors;
  }

  /** Takes the transition with this index. */
  take(index: number): Action {
    const successors = this.successors();
    const node = successors.node(index);
    const action = this.system.reactions.action(node, successors.cause(index));
    const next = this.#vector.slice();
    successors.writeTo(index, next);
    this.#go(next, action);
    return action;
  }

  /** Performs a described action; false (and no change) if it is not possible now. */
  perform(action: Action): boolean {
    const next = this.system.perform(this.#vector, action);
    if (next === null) return false;
    this.#go(next, action);
    return true;
  }

  /**
   * Performs, on a loop, what may also be a choice to change nothing: see fairness.ts. False if it is not
   * possible now.
   */
  performOnLoop(action: Action): boolean {
    if (this.perform(action)) return true;
    if (!this.system.idles(this.#vector, action)) return false;
    this.actions.push(action);
    return true;
  }

  /**
   * What the present state violates: an `always` property, or an `eventually` property that can no longer
   * be met.
   */
  violation(): Violation | null {
    return violationAt(this.system, this.#vector, 0, () => this.successors().obligatory);
  }

  /**
   * Meets whatever fault of this kind there is in the present state, without an action.
   *
   * @throws {UserError}
   */
  meet(code: FaultCode): void {
    this.violation();
    // The adversary is asked before anything can happen; what a step does wrong belongs to its action.
    if (code.startsWith("adversary")) this.successors();
  }

  #go(next: Int32Array, action: Action): void {
    glance();
    this.#vector = next;
    this.#fresh = false;
    this.actions.push(action);
  }
}

/**
 * What a state violates. `always` properties are looked at first; an `eventually` property is violated when
 * its goal is missed for good, and neither the bounds nor a replica that is down are to blame: see
 * liveness.ts.
 */
export function violationAt(
  system: TransitionSystem,
  vectors: Int32Array,
  offset: number,
  obligatory: () => number,
): Violation | null {
  const { observations, liveness } = system;
  const observation = vectors[offset + system.width - 1]!;
  const violated = observations.violated(observation);
  if (violated >= 0) {
    const explanation = observations.explain(observation, violated);
    return { property: observations.properties[violated]!.name, explanation };
  }
  const missed = liveness.missed(vectors, offset, obligatory);
  if (missed?.verdict !== "violated") return null;
  const property = missed.properties[0]!;
  const explanation = `${missed.why} ${liveness.explain(vectors, offset, property)}`;
  return { property: observations.properties[property]!.name, explanation };
}
