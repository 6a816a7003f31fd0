// Outbox changes: what a node has sent from one outbox to the next, cached, in an order of content. A change
// is stored as integers: the number of deliveries, with receiver and packet each; the number of statements,
// with the packet each; the number of packets that could be forwarded to nodes they were not addressed to,
// with receiver and packet each.

import { additions } from "../../../model/outboxes.js";
import type { TransitionSystem } from "../../../model/system.js";
import { IntList } from "../../../model/tables.js";
import { isSigned } from "../../../model/terms.js";
import type { Content } from "../content.js";
import { RowTable } from "./row-table.js";

/** The outbox changes of a system. */
export class OutboxChanges {
  readonly #system: TransitionSystem;
  readonly #content: Content;
  readonly #relays: boolean;
  readonly #arena = new IntList(4096);
  /** By sender: (outbox before, outbox after) -> the place of the change. */
  readonly #memos: readonly RowTable[];

  /** `relays`: whether the adversary forwards. */
  constructor(system: TransitionSystem, content: Content, relays: boolean) {
    this.#system = system;
    this.#content = content;
    this.#relays = relays;
    this.#memos = system.nodes.map(() => new RowTable());
  }

  /** The place of a change in {@link items}, which is replaced when it grows: read it afterwards. */
  between(node: number, before: number, after: number): number {
    const memo = this.#memos[node] as RowTable;
    const known = memo.get(before, after);
    if (known >= 0) return known;
    const offset = this.#write(node, before, after);
    memo.set(before, after, offset);
    return offset;
  }

  get items(): Int32Array {
    return this.#arena.items;
  }

  #write(node: number, before: number, after: number): number {
    const { outboxes } = this.#system.nodes[node]!;
    const packets = new Map(
      additions(outboxes[before]!, outboxes[after]!).map(
        (addition) => [this.#content.packetOf(node, addition.message), addition] as const,
      ),
    );
    const deliveries: number[] = [];
    const statements: number[] = [];
    const relayable: number[] = [];
    for (const packet of this.#content.sorted([...packets.keys()])) {
      const { message, recipients, added, isNew } = packets.get(packet)!;
      if (isNew) statements.push(packet);
      const canBeRelayed = this.#relays && isNew && isSigned(this.#system.messageOf(message));
      for (let to = 0; to < this.#system.nodes.length; to++) {
        if (added & (1 << to)) deliveries.push(to, packet);
        else if (canBeRelayed && to !== node && !(recipients & (1 << to))) relayable.push(to, packet);
      }
    }
    const offset = this.#arena.length;
    this.#push(deliveries.length / 2, deliveries);
    this.#push(statements.length, statements);
    this.#push(relayable.length / 2, relayable);
    return offset;
  }

  #push(count: number, items: readonly number[]): void {
    this.#arena.push(count);
    for (const item of items) this.#arena.push(item);
  }
}
