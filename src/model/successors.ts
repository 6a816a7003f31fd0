// Hot file: a reusable buffer of transitions. An array of objects would read better; this allocates nothing.

/** How many integers describe one transition: node, component, observation, multiplicity, cause. */
export const stride = 5;

/**
 * The transitions out of one state. On `async` each changes one node's component, and perhaps the observation; on other
 * networks it may change inboxes too, so there the vector of the next state is kept whole.
 */
export class Successors {
  length = 0;
  /** All enabled actions that change the state, counted one by one: equal effects are listed once, counted each. */
  transitions = 0;
  /** Among them, actions that must happen sooner or later (deliveries between correct nodes, timers). */
  obligatory = 0;
  /** Among them, actions in which a correct replica executes a request. */
  decisions = 0;
  /** The next states, one after the other; empty if transitions change no more than a component and the observation. */
  whole = new Int32Array(0);
  /** The transitions, {@link stride} integers each, for hot loops. Replaced when it grows. */
  items = new Int32Array(stride * 256);
  #width = 0;

  clear(): void {
    this.length = 0;
    this.transitions = 0;
    this.obligatory = 0;
    this.decisions = 0;
    this.#width = 0;
  }

  push(node: number, component: number, observation: number, multiplicity: number, cause: number): void {
    const at = this.length * stride;
    const items = this.roomFor(1);
    items[at] = node;
    items[at + 1] = component;
    items[at + 2] = observation;
    items[at + 3] = multiplicity;
    items[at + 4] = cause;
    this.length++;
    this.transitions += multiplicity;
  }

  /** The array {@link items}, with room for so many more transitions. */
  roomFor(count: number): Int32Array {
    const needed = (this.length + count) * stride;
    if (needed > this.items.length) {
      const bigger = new Int32Array(Math.max(needed, this.items.length * 2));
      bigger.set(this.items);
      this.items = bigger;
    }
    return this.items;
  }

  /**
   * Adds a transition of which the next state is still to be written: returns where it stands in `whole`, as a copy of
   * the present one.
   */
  pushWhole(
    vectors: Int32Array,
    offset: number,
    width: number,
    node: number,
    cause: number,
    multiplicity = 1,
  ): number {
    const at = this.length * width;
    if (at + width > this.whole.length) {
      const bigger = new Int32Array(Math.max(width * 64, this.whole.length * 2));
      bigger.set(this.whole);
      this.whole = bigger;
    }
    this.#width = width;
    for (let index = 0; index < width; index++) this.whole[at + index] = vectors[offset + index] as number;
    this.push(node, 0, 0, multiplicity, cause);
    return at;
  }

  /** Ends what `pushWhole` began, once the next state is written. False, and nothing is added, if it is the present one. */
  settle(vectors: Int32Array, offset: number, multiplicity = 1): boolean {
    const width = this.#width;
    const index = this.length - 1;
    const at = index * width;
    let place = 0;
    while (place < width && this.whole[at + place] === vectors[offset + place]) place++;
    if (place === width) {
      this.length--;
      this.transitions -= multiplicity;
      return false;
    }
    this.items[index * stride + 1] = this.whole[at + this.node(index)] as number;
    this.items[index * stride + 2] = this.whole[at + width - 1] as number;
    return true;
  }

  /** Whether transitions have their next state whole. */
  get isWhole(): boolean {
    return this.#width > 0;
  }

  /** Changes the vector of the present state into that of the next one. */
  writeTo(index: number, vector: Int32Array): void {
    if (this.#width === 0) {
      vector[this.node(index)] = this.component(index);
      vector[vector.length - 1] = this.observation(index);
    } else {
      const at = index * this.#width;
      for (let place = 0; place < this.#width; place++) vector[place] = this.whole[at + place] as number;
    }
  }

  /** Index of the node that changes. */
  node(index: number): number {
    return this.items[index * stride] as number;
  }
  /** Its new component. */
  component(index: number): number {
    return this.items[index * stride + 1] as number;
  }
  /** The observation afterwards. */
  observation(index: number): number {
    return this.items[index * stride + 2] as number;
  }
  /** How many actions do it. */
  multiplicity(index: number): number {
    return this.items[index * stride + 3] as number;
  }
  /** Id of the (first) action that does it. */
  cause(index: number): number {
    return this.items[index * stride + 4] as number;
  }
}
