// Symmetry: states that differ only in the names of interchangeable replicas and of request values are one
// orbit, and the search keeps one state of each: of those whose nodes are sorted, the least in the order of
// its integers (sorting.ts). What may be renamed:
//   - request values, where every replica has all of them from the start (runs without client nodes), and
//   - correct replicas that lead no view within the bounds. (Rotating leaders tell the others apart.) A
//     protocol without views says itself which replicas are alike.
//
// Why it is sound. Let every element g of the group be an automorphism of the transition system: it maps
// initial states to initial states, every transition to a transition, and what the properties see to what
// they judge alike. Then for any state s and g(s) the same can happen up to names, so expanding one of an
// orbit finds the successors of all, up to names; and s violates a property if and only if g(s) does. Steps
// commute with renaming one by one, so visible steps and symmetry can be combined.
//
// That g is an automorphism is checked, not assumed: for every generator and every step of a node, every
// observation, every move of the adversary and every set of knowledge that the search comes across, the
// renamed step is made too and compared. (Those renamed steps are checked in turn; so what is checked is
// closed under the whole group.) One difference, and symmetry is refused, with the input that shows it. The
// image under any other element is that of a generator's image, looked up, so every image is one that
// generators have made.
//
// Not for liveness: a fair execution of representatives need not be fair to each replica.

import type { Representatives } from "../representatives.js";
import { checksLiveness } from "../setting.js";
import { Equivariance } from "./equivariance.js";
import { interchangeable, renamings, SymmetryRefused } from "./group.js";
import { type Element, elementsOf, Images, type SymmetryDependencies } from "./images.js";
import { OrbitNumbers } from "./orbit-numbers.js";
import { Sorting, type Ties } from "./sorting.js";

/** The symmetry of one system: finds the representative of an orbit, and checks the automorphisms. */
export class Symmetry implements Representatives {
  readonly #deps: SymmetryDependencies;
  /** All elements but the identity. */
  readonly #elements: readonly Element[];
  readonly #generators: readonly Element[];
  readonly #images: Images;
  readonly #orbits: OrbitNumbers;
  readonly #sorting: Sorting;
  readonly #equivariance: Equivariance;
  /** Of the node's components: scratch space. */
  readonly #numbers: Int32Array;
  readonly #best: Int32Array;
  readonly #image: Int32Array;

  /** @throws {SymmetryRefused} if there is nothing to rename, or too much, or it is a liveness run. */
  constructor(deps: SymmetryDependencies) {
    this.#deps = deps;
    const { setting, nodes } = deps;
    if (checksLiveness(setting))
      throw new SymmetryRefused(
        "liveness properties are checked without symmetry, which does not keep fairness",
      );
    const ids = nodes.map(({ spec }) => spec.id);
    this.#elements = elementsOf(renamings(setting), ids);
    this.#generators = this.#elements.filter(({ product }) => product === null);
    this.#images = new Images(deps);
    const groups = interchangeable(setting).map((group) => group.map((id) => ids.indexOf(id)));
    this.#orbits = new OrbitNumbers(this.#images, this.#generators, nodes.length);
    this.#numbers = new Int32Array(nodes.length);
    this.#sorting = new Sorting(this.#elements, groups);
    this.#equivariance = new Equivariance(deps, this.#images, this.#generators);
    this.#best = new Int32Array(deps.width);
    this.#image = new Int32Array(deps.width);
  }

  /** How many renamings there are, the identity included. */
  get order(): number {
    return this.#elements.length + 1;
  }

  /** Puts the representative of its orbit in the place of a state. */
  canonicalize(vector: Int32Array): void {
    this.#number(vector);
    const sorting = this.#sorting.sorting(this.#numbers);
    if (sorting) {
      vector.set(this.#imageOf(sorting, vector));
      this.#number(vector);
    }
    const ties = this.#sorting.ties(this.#numbers);
    const fixed = this.#descend(ties, vector);
    const best = this.#best;
    best.set(vector);
    for (const element of ties.others(fixed))
      if (this.#compare(element, vector, best) < 0) best.set(this.#image);
    vector.set(best);
  }

  /**
   * Exchanges neighbours as long as that makes the state less. Returns a bit for each exchange that leaves it as it is then:
   * the more there are, the fewer renamings need to be tried.
   */
  #descend({ exchanges }: Ties, vector: Int32Array): number {
    let fixed = 0;
    for (let index = 0; index < exchanges.length; ) {
      const order = this.#compare(exchanges[index]!, vector, vector);
      if (order < 0) {
        vector.set(this.#image);
        fixed = 0;
        index = 0;
        continue;
      }
      if (order === 0) fixed |= 1 << index;
      index++;
    }
    return fixed;
  }

  #number(vector: Int32Array): void {
    for (let node = 0; node < this.#numbers.length; node++)
      this.#numbers[node] = this.#orbits.of(node, vector[node] as number);
  }

  /**
   * Checks whatever the search has come across since the last time.
   *
   * @throws {SymmetryRefused} at the first step that changes when names do.
   */
  check(): void {
    this.#equivariance.check();
  }

  /** Checks that the ways to begin are symmetric, too. @throws {SymmetryRefused} if not. */
  checkInitial(vectors: readonly Int32Array[]): void {
    const known = new Set(vectors.map((vector) => vector.join()));
    for (const vector of vectors)
      for (const generator of this.#generators)
        if (!known.has(this.#imageOf(generator, vector).join()))
          throw new SymmetryRefused("the ways to begin change when names are exchanged");
  }

  /**
   * Negative if the image is less than `best`, and then it stands in the scratch vector; 0 if they are equal; positive if it
   * is greater.
   */
  #compare(element: Element, vector: Int32Array, best: Int32Array): number {
    const { width, nodes } = this.#deps;
    const count = nodes.length;
    let order = 0;
    for (let at = 0; at < width; at++) {
      const value = this.#valueAt(element, vector, at, count, width);
      if (order === 0) order = value - (best[at] as number);
      if (order > 0) return order;
      this.#image[at] = value;
    }
    return order;
  }

  #imageOf(element: Element, vector: Int32Array): Int32Array {
    const { width, nodes } = this.#deps;
    return vector.map((_, at) => this.#valueAt(element, vector, at, nodes.length, width));
  }

  #valueAt(element: Element, vector: Int32Array, at: number, count: number, width: number): number {
    if (at === width - 1) return this.#images.observation(element, vector[at] as number);
    if (at < count) {
      const from = element.origin[at] as number;
      return this.#images.component(element, from, vector[from] as number);
    }
    if (at >= 2 * count) return this.#images.networkFaults(element, vector[at] as number);
    return this.#images.inbox(element, vector[count + (element.origin[at - count] as number)] as number);
  }
}
