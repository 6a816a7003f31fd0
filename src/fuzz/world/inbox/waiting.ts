// The deliveries that wait in the inboxes of a state: what they are called, in which order a strategy sees them, and which of them it
// has put aside. No step is evaluated here.

import type { Deliverable } from "../../../model/channels.js";
import type { TransitionSystem } from "../../../model/system.js";
import type { Content } from "../content.js";

/** Something in the inbox of a node. */
export interface Waiting {
  readonly node: number;
  readonly inFlight: Deliverable;
  readonly name: string;
}

/** See the file comment. */
export class WaitingList {
  /** What a strategy may choose from now. */
  all: Waiting[] = [];
  readonly #system: TransitionSystem;
  readonly #content: Content;
  /** When each delivery was first seen, by its name: the order of sending, as far as a strategy needs it. */
  readonly #firstSeen = new Map<string, number>();
  /** Names of deliveries that were put aside. */
  readonly #aside = new Set<string>();

  constructor(system: TransitionSystem, content: Content) {
    this.#system = system;
    this.#content = content;
  }

  /** A run begins. */
  clear(): void {
    this.#firstSeen.clear();
    this.#aside.clear();
  }

  /** Everything that can be delivered in this state and was not put aside: by node, and then by content. */
  list(vector: Int32Array): void {
    this.all = this.#system.nodes.flatMap((_, node) =>
      this.#named(node, this.#system.channelSteps!.deliverable(vector, node)).filter(
        ({ name }) => !this.#aside.has(name),
      ),
    );
    for (const { name } of this.all)
      if (!this.#firstSeen.has(name)) this.#firstSeen.set(name, this.#firstSeen.size);
  }

  /** Brings back what was put aside, as far as it is `wanted`. */
  bringBack(vector: Int32Array, wanted: (waiting: Waiting) => boolean): void {
    this.#aside.clear();
    this.list(vector);
    this.all = this.all.filter(wanted);
  }

  take(place: number): Waiting {
    return this.all.splice(place, 1)[0]!;
  }

  setAside(place: number): void {
    this.#aside.add(this.take(place).name);
  }

  /** The number of a delivery in the order of sending. */
  sent(place: number): number {
    return this.#firstSeen.get(this.all[place]!.name)!;
  }

  #named(node: number, deliverable: readonly Deliverable[]): Waiting[] {
    const names = new Set<string>();
    const waiting = deliverable.flatMap((inFlight): Waiting[] => {
      const { link, packet } = inFlight;
      const via = link < 0 ? this.#system.packet(packet).from : this.#system.nodes[link]!.spec.id;
      const name = `${node} ${via} ${packet}`;
      if (names.has(name)) return []; // deferred, and on its way once more: an action does not say which
      names.add(name);
      return [{ node, inFlight, name }];
    });
    const key = ({ inFlight }: Waiting) => this.#content.packet(inFlight.packet);
    return waiting.sort((a, b) => key(a) - key(b) || a.inFlight.link - b.inFlight.link);
  }
}
