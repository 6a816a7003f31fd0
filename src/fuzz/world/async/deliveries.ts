// Hot file: the messages in flight in a run, as lists that are updated with every event. A delivery is fresh
// (it may be chosen), asleep or done.
//
// A delivery that its receiver ignores sleeps, and wakes when the receiver has changed: at its next change,
// then after eight more, then no more by itself, since most of what is ignored is ignored for good.
// `bringBack` checks all of them, so nothing is lost for ever.

import { Bag } from "./bag.js";

/** A version that no node reaches. */
const never = 0x7fffffff;

/**
 * For how many changes of its receiver a delivery sleeps after it was ignored once, twice, and from then on.
 */
const sleeps = [1, 8] as const;

/**
 * Deliveries that a node ignored in its current state, each with the version of the node at which it wakes.
 */
class Sleepers {
  readonly ids = new Bag(256);
  readonly wakes = new Bag(256);
  /** The earliest version at which one wakes. */
  earliest = never;

  push(id: number, wake: number): void {
    this.ids.push(id);
    this.wakes.push(wake);
    if (wake < this.earliest) this.earliest = wake;
  }

  takeAt(place: number): number {
    this.wakes.takeAt(place);
    return this.ids.takeAt(place);
  }

  clear(): void {
    this.ids.length = this.wakes.length = 0;
    this.earliest = never;
  }
}

/** The deliveries of a run, numbered in the order of sending. */
export class Deliveries {
  /** By number: receiver, sender, packet, and how often it was ignored. */
  #to = new Int32Array(1024);
  #from = new Int32Array(1024);
  #packet = new Int32Array(1024);
  #ignored = new Uint8Array(1024);
  #sent = 0;
  readonly #fresh = new Bag();
  readonly #done = new Bag();
  readonly #asleep: readonly Sleepers[];
  /** By node: the version at which all sleeping deliveries were last checked. */
  readonly #settled: Int32Array;

  constructor(nodes: number) {
    this.#asleep = Array.from({ length: nodes }, () => new Sleepers());
    this.#settled = new Int32Array(nodes).fill(-1);
  }

  /** Begins a run: nothing is in flight. */
  clear(): void {
    this.#sent = 0;
    this.#fresh.length = 0;
    this.#done.length = 0;
    for (const sleepers of this.#asleep) sleepers.clear();
    this.#settled.fill(-1);
  }

  post(to: number, from: number, packet: number): void {
    const id = this.#sent++;
    if (id === this.#to.length) this.#grow();
    this.#to[id] = to;
    this.#from[id] = from;
    this.#packet[id] = packet;
    this.#ignored[id] = 0;
    this.#fresh.push(id);
  }

  /** The number of fresh deliveries, and the number of the one at a place. */
  get pending(): number {
    return this.#fresh.length;
  }
  at(place: number): number {
    return this.#fresh.items[place] as number;
  }
  to(id: number): number {
    return this.#to[id] as number;
  }
  from(id: number): number {
    return this.#from[id] as number;
  }
  packet(id: number): number {
    return this.#packet[id] as number;
  }

  /**
   * The delivery at this place has changed its receiver. (More fresh ones may have been appended since it was
   * chosen.)
   */
  receive(place: number): void {
    this.#done.push(this.#fresh.takeAt(place));
  }

  /** The receiver, which has this version, ignores it. */
  ignore(place: number, version: number): void {
    const id = this.#fresh.takeAt(place);
    const times = this.#ignored[id] as number;
    const sleepers = this.#asleep[this.#to[id] as number] as Sleepers;
    if (times === sleeps.length) {
      sleepers.push(id, never);
      return;
    }
    this.#ignored[id] = times + 1;
    sleepers.push(id, version + (sleeps[times] as number));
  }

  /** Puts it aside until it is brought back. */
  setAside(place: number): void {
    const id = this.#fresh.takeAt(place);
    const to = this.#to[id] as number;
    (this.#asleep[to] as Sleepers).push(id, never);
    this.#settled[to] = -1;
  }

  /** A node has reached this version. */
  wake(node: number, version: number): void {
    const sleepers = this.#asleep[node] as Sleepers;
    if (version < sleepers.earliest) return;
    const wakes = sleepers.wakes.items;
    let earliest = never;
    for (let place = sleepers.ids.length - 1; place >= 0; place--) {
      const wake = wakes[place] as number;
      if (wake <= version) this.#fresh.push(sleepers.takeAt(place));
      else if (wake < earliest) earliest = wake;
    }
    sleepers.earliest = earliest;
  }

  /** Makes those fresh that a node of this version has ignored and would not ignore now. */
  bringBack(node: number, version: number, wouldChange: (node: number, packet: number) => boolean): void {
    if (this.#settled[node] === version) return;
    this.#settled[node] = version;
    const sleepers = this.#asleep[node] as Sleepers;
    for (let place = sleepers.ids.length - 1; place >= 0; place--)
      if (wouldChange(node, this.#packet[sleepers.ids.items[place] as number] as number))
        this.#fresh.push(sleepers.takeAt(place));
  }

  /** Makes those fresh that were received and would change something once more. */
  bringBackDone(wouldChange: (node: number, packet: number) => boolean): void {
    const done = this.#done;
    for (let place = done.length - 1; place >= 0; place--) {
      const id = done.items[place] as number;
      if (wouldChange(this.#to[id] as number, this.#packet[id] as number))
        this.#fresh.push(done.takeAt(place));
    }
  }

  /** The number of received deliveries, and the number of one of them. */
  get received(): number {
    return this.#done.length;
  }
  receivedAt(place: number): number {
    return this.#done.items[place] as number;
  }

  /** Whether this was sent to a node in this run, whatever happened to it. */
  includes(to: number, packet: number): boolean {
    for (let id = 0; id < this.#sent; id++)
      if (this.#packet[id] === packet && this.#to[id] === to) return true;
    return false;
  }

  #grow(): void {
    const size = this.#to.length * 2;
    this.#to = copied(this.#to, new Int32Array(size));
    this.#from = copied(this.#from, new Int32Array(size));
    this.#packet = copied(this.#packet, new Int32Array(size));
    this.#ignored = copied(this.#ignored, new Uint8Array(size));
  }
}

function copied<T extends Int32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
