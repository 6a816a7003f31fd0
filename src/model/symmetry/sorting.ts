// Finds the renamings that can lead to the representative of a state, without trying the whole group. The
// nodes of each interchangeable set are first sorted by the orbits of their components, which names do not
// change: one renaming does that. All sorted states of an orbit differ only by renamings that exchange
// nodes within equal orbits, or requests; the least of those is the representative. Seven nodes in states
// of three and two and two thus need 24 renamings instead of 5,040.
//
// Seven nodes in one state would still need all. But mostly neighbours among them are alike altogether: their exchange
// leaves the state as it is. If an exchange s does, any renaming k does to the state what k after s does, so of these two
// one will do: the one that leaves the two neighbours in their order. (Of all that differ by such exchanges there is just
// one that leaves all such neighbours in order: it is the shortest element of a coset of a parabolic subgroup.)

import type { Element } from "./images.js";

/** Nodes with equal orbits, sorted: what exchanges them. */
export class Ties {
  /** Renamings that exchange two neighbours. */
  readonly exchanges: readonly Element[];
  /** What they exchange: of two nodes, the one that stands first in its set first. */
  readonly neighbours: readonly (readonly [left: number, right: number])[];
  /** All renamings that keep the nodes sorted, but the identity. */
  readonly #elements: readonly Element[];
  /** By which exchanges change nothing. */
  readonly #others = new Map<number, readonly Element[]>();
  readonly #placeOf: readonly number[];

  /** `placeOf`: the place of a node in its set. */
  constructor(elements: readonly Element[], neighbours: Ties["neighbours"], placeOf: readonly number[]) {
    this.#elements = elements;
    this.neighbours = neighbours;
    this.#placeOf = placeOf;
    this.exchanges = neighbours.map(
      ([left, right]) =>
        elements.find(
          ({ product, imageOf }) => product === null && imageOf[left] === right && imageOf[right] === left,
        )!,
    );
  }

  /**
   * Renamings that together do to a state whatever all do: see the file comment. `fixed`: a bit for each of the exchanges
   * that leave the state as it is.
   */
  others(fixed: number): readonly Element[] {
    let others = this.#others.get(fixed);
    if (!others) {
      const alike = this.neighbours.filter((_, index) => (fixed & (1 << index)) !== 0);
      others = this.#elements.filter((element) => this.#leavesInOrder(element, alike));
      this.#others.set(fixed, others);
    }
    return others;
  }

  #leavesInOrder({ imageOf }: Element, neighbours: Ties["neighbours"]): boolean {
    for (const [left, right] of neighbours)
      if (this.#placeOf[imageOf[left]!]! > this.#placeOf[imageOf[right]!]!) return false;
    return true;
  }
}

/** Renamings by what they do to the nodes that can be exchanged. */
export class Sorting {
  /** The nodes that the group moves, and for each the set of those that it can change places with. */
  readonly #sets: readonly (readonly number[])[];
  /** By node: its place in its set. */
  readonly #placeOf: number[] = [];
  readonly #elements: readonly Element[];
  /** By where the nodes go: the renamings of nodes alone. */
  readonly #ofNodes = new Map<number, Element>();
  /** By which neighbours in a set have equal orbits. */
  readonly #ties = new Map<number, Ties>();

  constructor(elements: readonly Element[], sets: readonly (readonly number[])[]) {
    this.#sets = sets.filter((set) => set.length > 1);
    for (const set of this.#sets) for (const [place, node] of set.entries()) this.#placeOf[node] = place;
    this.#elements = elements;
    for (const element of elements)
      if (element.isOfReplicas)
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

  /** What exchanges nodes with equal numbers, which are sorted. */
  ties(numbers: ArrayLike<number>): Ties {
    let key = 0;
    for (const set of this.#sets)
      for (let index = 1; index < set.length; index++)
        key = key * 2 + Number(numbers[set[index]!] === numbers[set[index - 1]!]);
    let ties = this.#ties.get(key);
    if (!ties) {
      ties = this.#tiesAmong(numbers);
      this.#ties.set(key, ties);
    }
    return ties;
  }

  #tiesAmong(numbers: ArrayLike<number>): Ties {
    const neighbours = this.#sets.flatMap((set) =>
      set.slice(1).map((right, index) => [set[index]!, right] as const),
    );
    return new Ties(
      this.#elements.filter((element) => this.#keeps(element, numbers)),
      neighbours.filter(([left, right]) => numbers[left] === numbers[right]),
      this.#placeOf,
    );
  }

  /** Whether a renaming exchanges only nodes with equal numbers. */
  #keeps({ imageOf }: Element, numbers: ArrayLike<number>): boolean {
    for (const set of this.#sets)
      for (const node of set) if (numbers[node] !== numbers[imageOf[node]!]) return false;
    return true;
  }

  #keyOf(placeOf: (node: number) => number): number {
    let key = 0;
    for (const set of this.#sets) for (const node of set) key = key * set.length + set.indexOf(placeOf(node));
    return key;
  }
}
