// The steps of the components of one node, those of each next to each other in one array: a search inside the
// node meets the same components again and again, mostly under other inputs.
//
// Hot file: one typed array, so a component costs a cache miss or two.

import { IntList } from "../model/tables.js";

/** In the place of a list of events: a step that shows nothing and sends nothing. */
export const silent = -1;

/** Before the steps of a component: the two numbers that they were put down with, and how many they are. */
const head = 3;
/** Of each step: its input, the component behind it, and the list of events that it shows, or {@link silent}. */
export const stepStride = 3;

/** The steps of components, by component. */
export class StepTable {
  readonly #items = new IntList();
  /** Per component: where its steps are put down, + 1; 0: nowhere. */
  #places = new Int32Array(1024);
  /** How much of the array is given up: the steps of a component are put down anew when there are more. */
  #wasted = 0;

  /** The array; it is another one after the next {@link put}. */
  get items(): Int32Array {
    return this.#items.items;
  }

  /** Where the steps of a component are put down; -1: nowhere. */
  placeOf(component: number): number {
    return component < this.#places.length ? (this.#places[component] as number) - 1 : -1;
  }

  /** With which numbers they were put down. */
  triedAt(place: number): number {
    return this.#items.items[place] as number;
  }

  relevantAt(place: number): number {
    return this.#items.items[place + 1] as number;
  }

  /** The same steps, known now to be all that there are for more inputs. */
  setTried(place: number, tried: number): void {
    this.#items.items[place] = tried;
  }

  /** Where the first of the steps stands. */
  first(place: number): number {
    return place + head;
  }

  /** Where the last one ends. */
  end(place: number): number {
    return place + head + stepStride * (this.#items.items[place + 2] as number);
  }

  /**
   * Puts down the steps of a component, each as {@link stepStride} integers, in the place of those that were put down
   * before. `tried`, `relevant`: how many inputs they are those of. Returns where.
   */
  put(component: number, tried: number, relevant: number, steps: readonly number[]): number {
    const before = this.placeOf(component);
    if (before >= 0) this.#wasted += this.end(before) - before;
    if (this.#wasted > 2 ** 20 && this.#wasted * 2 > this.#items.length) this.#compact(component);
    if (component >= this.#places.length) this.#grow(component);
    const items = this.#items;
    const place = items.length;
    items.push(tried);
    items.push(relevant);
    items.push(steps.length / stepStride);
    for (let index = 0; index < steps.length; index++) items.push(steps[index] as number);
    this.#places[component] = place + 1;
    return place;
  }

  #grow(component: number): void {
    const bigger = new Int32Array(Math.max(component + 1, 2 * this.#places.length));
    bigger.set(this.#places);
    this.#places = bigger;
  }

  /** Leaves out what is given up: also the steps of this component. */
  #compact(without: number): void {
    const items = this.#items;
    const old = items.items.slice(0, items.length);
    items.length = 0;
    this.#wasted = 0;
    const places = this.#places;
    for (let component = 0; component < places.length; component++) {
      const place = (places[component] as number) - 1;
      if (place < 0 || component === without) continue;
      places[component] = items.length + 1;
      const end = place + head + stepStride * (old[place + 2] as number);
      for (let at = place; at < end; at++) items.push(old[at] as number);
    }
  }
}
