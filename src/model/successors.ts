// Hot file: a reusable buffer of transitions. An array of objects would read better; this allocates nothing.

/** How many integers describe one transition. */
const stride = 5;

/** The transitions out of one state. Each changes one node's component, and perhaps the observation. */
export class Successors {
  length = 0;
  /** All enabled actions that change the state, counted one by one: equal effects are listed once, counted each. */
  transitions = 0;
  /** Among them, actions that must happen sooner or later (deliveries between correct nodes, timers). */
  obligatory = 0;
  /** Among them, actions in which a correct replica executes a request. */
  decisions = 0;
  #items = new Int32Array(stride * 256);

  clear(): void {
    this.length = 0;
    this.transitions = 0;
    this.obligatory = 0;
    this.decisions = 0;
  }

  push(node: number, component: number, observation: number, multiplicity: number, cause: number): void {
    const at = this.length * stride;
    if (at === this.#items.length) {
      const bigger = new Int32Array(this.#items.length * 2);
      bigger.set(this.#items);
      this.#items = bigger;
    }
    const items = this.#items;
    items[at] = node;
    items[at + 1] = component;
    items[at + 2] = observation;
    items[at + 3] = multiplicity;
    items[at + 4] = cause;
    this.length++;
    this.transitions += multiplicity;
  }

  /** Index of the node that changes. */
  node(index: number): number {
    return this.#items[index * stride] as number;
  }
  /** Its new component. */
  component(index: number): number {
    return this.#items[index * stride + 1] as number;
  }
  /** The observation afterwards. */
  observation(index: number): number {
    return this.#items[index * stride + 2] as number;
  }
  /** Id of the (first) action that does it. */
  cause(index: number): number {
    return this.#items[index * stride + 4] as number;
  }
}
