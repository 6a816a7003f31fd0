// What is going to happen, soonest first; of two things at one time, the one that was scheduled first. The order is total,
// so a run is a function of its seed.
//
// A hot loop: a four-ary heap of slot numbers over typed arrays. (The elegant version, an array of event objects in a
// binary heap with a comparison function, took twice as long for each event and left the collector four times as much.)

/** Virtual time in microseconds: whole numbers, so that sums are exact. */
export type Micros = number;

/** Something that happens to a node; `what` is the caller's. */
export class EventQueue<T> {
  #capacity = 1024;
  #times = new Float64Array(this.#capacity);
  #orders = new Float64Array(this.#capacity);
  #nodes = new Int32Array(this.#capacity);
  #whats: (T | undefined)[] = [];
  #heap = new Int32Array(this.#capacity);
  #free: number[] = [];
  #size = 0;
  #scheduled = 0;

  /** The event that {@link next} has taken out. */
  time: Micros = 0;
  node = 0;
  what: T | undefined;

  get size(): number {
    return this.#size;
  }

  add(time: Micros, node: number, what: T): void {
    if (this.#size === this.#capacity) this.#grow();
    const slot = this.#free.pop() ?? this.#size;
    this.#times[slot] = time;
    this.#orders[slot] = this.#scheduled++;
    this.#nodes[slot] = node;
    this.#whats[slot] = what;
    this.#rise(this.#size++, slot);
  }

  /** Takes the next event out: its `time`, `node` and `what` are then to be read here. False if there is none. */
  next(): boolean {
    if (this.#size === 0) return false;
    const slot = this.#heap[0]!;
    this.time = this.#times[slot]!;
    this.node = this.#nodes[slot]!;
    this.what = this.#whats[slot];
    this.#whats[slot] = undefined;
    this.#free.push(slot);
    this.#size--;
    if (this.#size > 0) this.#sink(this.#heap[this.#size]!);
    return true;
  }

  #rise(from: number, slot: number): void {
    const heap = this.#heap;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const above = heap[parent]!;
      if (!this.#isBefore(slot, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = slot;
  }

  #sink(slot: number): void {
    const heap = this.#heap;
    const size = this.#size;
    let place = 0;
    for (;;) {
      const first = 4 * place + 1;
      if (first >= size) break;
      let child = first;
      const last = Math.min(first + 4, size);
      for (let other = first + 1; other < last; other++)
        if (this.#isBefore(heap[other]!, heap[child]!)) child = other;
      if (!this.#isBefore(heap[child]!, slot)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = slot;
  }

  #isBefore(a: number, b: number): boolean {
    const [left, right] = [this.#times[a]!, this.#times[b]!];
    return left < right || (left === right && this.#orders[a]! < this.#orders[b]!);
  }

  #grow(): void {
    this.#capacity *= 2;
    this.#times = copied(this.#times, new Float64Array(this.#capacity));
    this.#orders = copied(this.#orders, new Float64Array(this.#capacity));
    this.#nodes = copied(this.#nodes, new Int32Array(this.#capacity));
    this.#heap = copied(this.#heap, new Int32Array(this.#capacity));
  }
}

function copied<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
