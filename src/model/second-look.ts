// Evaluates some steps once more, later. A protocol that keeps state outside its state (a Map of the
// module, a closure, a cache) may give the same answer twice in a row, and another one after other steps.
// So a sample of a node's steps, spread evenly over all its evaluations, is evaluated again whenever their
// number has doubled, and at the end.

/** How many steps are remembered at most: a power of two. */
const maxSamples = 256;

/** A step that was evaluated, and how to compare it with what it comes to now. */
export interface Sample {
  /** @throws {UserError} if it comes to something else. */
  again(): void;
}

/** A sample of evaluated steps, to be evaluated once more. */
export class SecondLook {
  #samples: Sample[] = [];
  #seen = 0;
  /** Every so many evaluations one is remembered. */
  #stride = 1;
  #nextLook = 4;
  #isLooking = false;

  /** Counts an evaluation; `sample` is asked for if it is to be remembered. */
  add(sample: () => Sample): void {
    if (this.#isLooking) return;
    if (this.#seen++ % this.#stride === 0) this.#samples.push(sample());
    if (this.#samples.length > maxSamples) {
      this.#samples = this.#samples.filter((_, index) => index % 2 === 0);
      this.#stride *= 2;
    }
    if (this.#seen < this.#nextLook) return;
    this.look(); // it may be abandoned, and is then made with the next step
    this.#nextLook *= 2;
  }

  /** Evaluates all that is remembered once more, the last one first: another order than the one before. */
  look(): void {
    this.#isLooking = true;
    try {
      for (const sample of this.#samples.toReversed()) sample.again();
    } finally {
      this.#isLooking = false;
    }
  }
}
