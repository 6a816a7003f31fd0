// Tests whether events of two nodes commute: whether all properties end in the same state in either order.
// Monitors are user code and may depend on the order; so it is tried, once for each observation and pair of
// events. See explore/sleep-sets.ts.

import type { Observations } from "./observations.js";
import { PairTable } from "./tables.js";

/** A step that has been taken: who showed what, and the observations before and after it. */
interface EmittedStep {
  readonly node: number;
  readonly events: number;
  readonly before: number;
  readonly after: number;
}

/** What {@link Commuting.step} returns of a step of which it is not known what it has emitted. */
export const unknownStep = -1;

/** Tests whether events of two nodes commute. */
export class Commuting {
  readonly #observations: Observations;
  readonly #count: number;
  readonly #stepIds = new PairTable();
  readonly #steps: EmittedStep[] = [];
  /** (step, set of events and node) -> 1 if all of them commute, otherwise 0. */
  readonly #memo = new PairTable();

  constructor(observations: Observations, count: number) {
    this.#observations = observations;
    this.#count = count;
  }

  /** The number of a step; `events`: what it has emitted, or -1 if that is not known. */
  step(node: number, events: number, before: number, after: number): number {
    if (events < 0) return unknownStep;
    const key = before * this.#count + node;
    const known = this.#stepIds.get(key, events);
    if (known >= 0) return (this.#steps[known] as EmittedStep).after === after ? known : unknownStep;
    if (this.#observations.after(before, node, events) !== after) return unknownStep;
    const id = this.#steps.push({ node, events, before, after }) - 1;
    this.#stepIds.set(key, events, id);
    return id;
  }

  /**
   * Whether each of these lists of events, emitted by another node before the step, is seen as it is behind
   * it; `set` is their number.
   */
  withAll(step: number, node: number, set: number, lists: readonly number[]): boolean {
    if (step === unknownStep) return false;
    const key = set * this.#count + node;
    const known = this.#memo.get(step, key);
    if (known >= 0) return known === 1;
    const all = lists.every((events) => this.with(step, node, events));
    this.#memo.set(step, key, all ? 1 : 0);
    return all;
  }

  /**
   * The same for one list. It must not be a violation by itself, for then nothing would be looked for
   * behind it.
   */
  with(step: number, node: number, events: number): boolean {
    if (step === unknownStep) return false;
    const observations = this.#observations;
    const first = this.#steps[step] as EmittedStep;
    const early = observations.after(first.before, node, events);
    if (observations.violated(early) >= 0) return false;
    return (
      observations.after(early, first.node, first.events) === observations.after(first.after, node, events)
    );
  }
}
