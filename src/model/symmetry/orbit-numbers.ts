// The orbit number of each component of a node: two components have the same number exactly if a renaming
// of the group maps one to the other.

import type { Element, Images } from "./images.js";

export class OrbitNumbers {
  readonly #images: Images;
  readonly #generators: readonly Element[];
  /** Per node and component. */
  readonly #numbers: readonly number[][];
  #orbits = 0;

  constructor(images: Images, generators: readonly Element[], nodes: number) {
    this.#images = images;
    this.#generators = generators;
    this.#numbers = Array.from({ length: nodes }, () => []);
  }

  of(node: number, component: number): number {
    return (this.#numbers[node] as number[])[component] ?? this.#visit(node, component);
  }

  /** Gives the whole orbit its number. */
  #visit(node: number, component: number): number {
    const number = this.#orbits++;
    this.#numbers[node]![component] = number;
    const open: (readonly [node: number, component: number])[] = [[node, component]];
    for (let next = open.pop(); next; next = open.pop())
      for (const generator of this.#generators) {
        const there = generator.imageOf[next[0]]!;
        const image = this.#images.component(generator, next[0], next[1]);
        if (this.#numbers[there]![image] !== undefined) continue;
        this.#numbers[there]![image] = number;
        open.push([there, image]);
      }
    return number;
  }
}
