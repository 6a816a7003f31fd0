// The event queue: future events by time, and those of one time in the order of scheduling. The order is
// total, so a run is a function of its seed.
//
// A hot loop: a four-ary heap over typed arrays. (The elegant version would be an array of event objects in a
// binary heap with a comparison function: an object for every delivery, and an indirection for every
// comparison.)

import type { Micros } from "./timing.js";

/** Something that happens to a node; `what` is the caller's. */
export class EventQueue<T> {
  #capacity = 1024;
  /**
   * The heap: of each entry its time, its place in the order of scheduling, and where the rest of it is
   * kept.
   */
  #times = new Float64Array(this.#capacity);
  #orders = new Float64Array(this.#capacity);
  #slots = new Int32Array(this.#capacity);
  #size = 0;
  /** The rest, by slot. */
  #nodes: number[] = [];
  #whats: (T | undefined)[] = [];
  #free: number[] = [];
  #scheduled = 0;

  /** The event that {@link next} has taken out. */
  time: Micros = 0;
  node = 0;
  what: T | undefined;

  get size(): number {
    return this.#size;
  }

  /** When the next event is due; infinite if there is none. */
  get nextTime(): Micros {
    return this.#size > 0 ? this.#times[0]! : Number.POSITIVE_INFINITY;
  }

  add(time: Micros, node: number, what: T): void {
    if (this.#size === this.#capacity) this.#grow();
    const slot = this.#free.pop() ?? this.#size;
    this.#nodes[slot] = node;
    this.#whats[slot] = what;
    this.#rise(this.#size++, time, this.#scheduled++, slot);
  }

  /**
   * Takes the next event out: its `time`, `node` and `what` are then to be read here. False if there is
   * none.
   */
  next(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#slots[0]!;
    this.time = this.#times[0]!;
    this.node = this.#nodes[slot]!;
    this.what = this.#whats[slot];
    this.#whats[slot] = undefined;
    this.#free.push(slot);
    const last = --this.#size;
    if (last > 0) this.#sink(this.#times[last]!, this.#orders[last]!, this.#slots[last]!);
    return true;
  }

  #rise(from: number, time: number, order: number, slot: number): void {
    const [times, orders, slots] = [this.#times, this.#orders, this.#slots];
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      // Whatever is there was scheduled before.
      if (times[parent]! <= time) break;
      times[place] = times[parent]!;
      orders[place] = orders[parent]!;
      slots[place] = slots[parent]!;
      place = parent;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  #sink(time: number, order: number, slot: number): void {
    const [times, orders, slots, size] = [this.#times, this.#orders, this.#slots, this.#size];
    let place = 0;
    for (;;) {
      const first = 4 * place + 1;
      if (first >= size) break;
      let child = first;
      let [least, leastOrder] = [times[first]!, orders[first]!];
      const end = Math.min(first + 4, size);
      for (let other = first + 1; other < end; other++) {
        const otherTime = times[other]!;
        if (otherTime < least || (otherTime === least && orders[other]! < leastOrder)) {
          child = other;
          least = otherTime;
          leastOrder = orders[other]!;
        }
      }
      if (time < least || (time === least && order < leastOrder)) break;
      times[place] = least;
      orders[place] = leastOrder;
      slots[place] = slots[child]!;
      place = child;
    }
    times[place] = time;
    orders[place] = order;
    slots[place] = slot;
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#times = copied(this.#times, new Float64Array(this.#capacity));
    this.#orders = copied(this.#orders, new Float64Array(this.#capacity));
    this.#slots = copied(this.#slots, new Int32Array(this.#capacity));
  }
}

function copied<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
