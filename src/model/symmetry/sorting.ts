// Finds the renamings that can lead to the representative of a state, without trying the whole group. The
// nodes of each interchangeable set are first sorted by the orbits of their components, which names do not
// change: one renaming does that. All sorted states of an orbit differ only by renamings that exchange
// nodes within equal orbits, or requests; the least of those is the representative. Seven nodes in states
// of three and two and two thus need 24 renamings instead of 5,040.

import type { Element } from "./images.js";

/** Renamings by what they do to the nodes that can be exchanged. */
export class Sorting {
  /** The nodes that the group moves, and for each the set of those that it can change places with. */
  readonly #sets: readonly (readonly number[])[];
  readonly #elements: readonly Element[];
  /** By where the nodes go: the renamings of nodes alone. */
  readonly #ofNodes = new Map<number, Element>();
  /** By which neighbours in a set have equal orbits: the renamings that keep them sorted. */
  readonly #keeping = new Map<number, readonly Element[]>();

  constructor(
    elements: readonly Element[],
    sets: readonly (readonly number[])[],
    ofNodesAlone: (element: Element) => boolean,
  ) {
    this.#sets = sets.filter((set) => set.length > 1);
    this.#elements = elements;
    for (const element of elements)
      if (ofNodesAlone(element))
        this.#ofNodes.set(
          this.#keyOf((node) => element.imageOf[node]!),
          element,
        );
  }

  /** The renaming that sorts the nodes of each set by their numbers; undefined if they are sorted. */
  sorting(numbers: ArrayLike<number>): Element | undefined {
    const places = new Map<number, number>();
    for (const set of this.#sets) {
      const sorted = [...set].sort((a, b) => numbers[a]! - numbers[b]! || a - b);
      for (const [index, node] of sorted.entries()) places.set(node, set[index]!);
    }
    return this.#ofNodes.get(this.#keyOf((node) => places.get(node)!));
  }

  /** The renamings that exchange only nodes with equal numbers, which are sorted. */
  keeping(numbers: ArrayLike<number>): readonly Element[] {
    let key = 0;
    for (const set of this.#sets)
      for (let index = 1; index < set.length; index++)
        key = key * 2 + Number(numbers[set[index]!] === numbers[set[index - 1]!]);
    let elements = this.#keeping.get(key);
    if (!elements) {
      elements = this.#elements.filter(({ imageOf }) =>
        this.#sets.every((set) => set.every((node) => numbers[node] === numbers[imageOf[node]!])),
      );
      this.#keeping.set(key, elements);
    }
    return elements;
  }

  #keyOf(placeOf: (node: number) => number): number {
    let key = 0;
    for (const set of this.#sets) for (const node of set) key = key * set.length + set.indexOf(placeOf(node));
    return key;
  }
}
