// Numbers from one thread to another. The sender describes each number before it uses it for the first time; the receiver
// keeps, for each sender, what its numbers are called here.

import type { TransitionSystem } from "../../model/system.js";
import type { Definitions } from "./wire.js";

/** Describes what has come into use since it was asked the last time. One for each receiver. */
export class Outgoing {
  readonly #system: TransitionSystem;
  readonly #components: number[];
  #observations = 0;
  #inboxes = 0;

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#components = system.nodes.map(() => 0);
  }

  definitions(): Definitions {
    const { nodes, observations, channels } = this.#system;
    const components = nodes.map((table, node) => {
      const first = this.#components[node]!;
      this.#components[node] = table.localOf.length;
      return Array.from({ length: table.localOf.length - first }, (_, index) =>
        table.describe(first + index),
      );
    });
    const tuples = range(this.#observations, observations.count, (id) => observations.monitorStates(id));
    this.#observations = observations.count;
    const inboxes = range(this.#inboxes, channels?.count ?? 0, (id) => channels!.describe(id));
    this.#inboxes = channels?.count ?? 0;
    return { components, observations: tuples, inboxes };
  }
}

function range<T>(first: number, end: number, make: (id: number) => T): T[] {
  return Array.from({ length: end - first }, (_, index) => make(first + index));
}

/** Translates the numbers of one sender. */
export class Incoming {
  readonly #system: TransitionSystem;
  readonly #components: number[][];
  readonly #observations: number[] = [];
  readonly #inboxes: number[] = [];

  constructor(system: TransitionSystem) {
    this.#system = system;
    this.#components = system.nodes.map(() => []);
  }

  learn({ components, observations, inboxes }: Definitions): void {
    const { nodes, channels, observations: own } = this.#system;
    for (const [node, list] of components.entries())
      for (const component of list) this.#components[node]!.push(nodes[node]!.adopt(component));
    for (const states of observations) this.#observations.push(own.adopt(states));
    for (const inbox of inboxes) this.#inboxes.push(channels!.adopt(inbox));
  }

  /** Reads the vector at `offset` in our own numbers. */
  translate(vectors: Int32Array, offset: number, into: Int32Array): void {
    const { width, nodes, channels } = this.#system;
    const count = nodes.length;
    const last = width - 1;
    for (let at = 0; at < count; at++)
      into[at] = (this.#components[at] as number[])[vectors[offset + at] as number] as number;
    if (channels) {
      for (let at = count; at < 2 * count; at++)
        into[at] = this.#inboxes[vectors[offset + at] as number] as number;
      for (let at = 2 * count; at < last; at++) into[at] = vectors[offset + at] as number;
    }
    into[last] = this.#observations[vectors[offset + last] as number] as number;
  }
}
