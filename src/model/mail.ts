// The messages that each node can receive from each other node: a function of the sender's outbox alone.

import { emptyList, type Inputs } from "./inputs.js";
import type { NodeTable } from "./node-table.js";
import type { Distortions } from "./puppets.js";
import { isSigned } from "./terms.js";

/** What each node can receive from each other node. */
export class Mail {
  readonly #nodes: readonly NodeTable[];
  readonly #inputs: Inputs;
  readonly #relays: boolean;
  readonly #distortions: Distortions;
  /** Per sender and outbox. */
  readonly #sorted: Int32Array[][];
  /** Per receiver: who has had something for it in some state so far. All others need not be asked. */
  readonly senders: readonly number[][];

  /** `relays`: whether somebody passes on what correct nodes have signed to nodes that were not addressed. */
  constructor(nodes: readonly NodeTable[], inputs: Inputs, relays: boolean, distortions: Distortions) {
    this.#nodes = nodes;
    this.#inputs = inputs;
    this.#relays = relays;
    this.#distortions = distortions;
    this.#sorted = nodes.map(() => []);
    this.senders = nodes.map(() => []);
  }

  /**
   * For n nodes, 2n list ids: at i what the sender has addressed to node i, at n+i what can be relayed to
   * it.
   */
  from(sender: number, component: number): Int32Array {
    const outbox = this.#nodes[sender]!.outboxOf[component] as number;
    return this.#sorted[sender]![outbox] ?? this.#sort(sender, outbox);
  }

  #sort(sender: number, outbox: number): Int32Array {
    const count = this.#nodes.length;
    const lists = new Int32Array(count * 2).fill(emptyList);
    const { context, outboxes, stepFaults } = this.#nodes[sender]!;
    const { self } = context;
    for (let to = 0; to < count; to++) {
      const [addressed, relayable]: [number[], number[]] = [[], []];
      for (const [message, recipients] of outboxes[outbox]!) {
        const packet = this.#inputs.packet(self, message);
        if (recipients & (1 << to)) {
          addressed.push(packet);
          if (stepFaults?.says)
            for (const variant of this.#distortions.of(self, message))
              addressed.push(this.#inputs.packet(self, variant));
        } else if (
          this.#relays &&
          to !== sender &&
          this.#nodes[to]!.stepFaults === null &&
          isSigned(this.#inputs.messageOf(message))
        )
          relayable.push(packet);
      }
      // What a Byzantine node says has its own kind, for nothing of it is owed.
      const kind = stepFaults === null || stepFaults.owes ? "deliver" : "inject";
      lists[to] = this.#inputs.listOf(kind, [...new Set(addressed)]);
      lists[count + to] = this.#inputs.listOf("relay", relayable);
      const hasSome = addressed.length + relayable.length > 0;
      if (hasSome && !this.senders[to]!.includes(sender)) {
        this.senders[to]!.push(sender);
        this.senders[to]!.sort((a, b) => a - b);
      }
    }
    this.#sorted[sender]![outbox] = lists;
    return lists;
  }
}
