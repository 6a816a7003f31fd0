// The statements of correct nodes in a timed run, to anyone: the input of a Byzantine node that runs the
// protocol's step function.

import { additions } from "../../../model/outboxes.js";
import type { TransitionSystem } from "../../../model/system.js";
import { PairTable } from "../../../model/tables.js";
import type { Content } from "../content.js";
import type { Statement } from "../run-view.js";

/** The statements of correct nodes in a timed run. */
export class StatementsHeard {
  readonly all: Statement[] = [];
  readonly #system: TransitionSystem;
  readonly #content: Content;
  #outboxes: number[] = [];
  /** By node: (outbox, outbox) -> the index of what the second adds. */
  readonly #known: readonly PairTable[];
  readonly #lists: (readonly Statement[])[] = [];

  constructor(system: TransitionSystem, content: Content) {
    this.#system = system;
    this.#content = content;
    this.#known = system.nodes.map(() => new PairTable(64));
  }

  begin(vector: Int32Array): void {
    this.all.length = 0;
    this.#outboxes = this.#system.nodes.map(() => 0);
    for (let node = 0; node < this.#system.correctCount; node++) this.hear(vector, node);
  }

  /** Reads what a node has sent since. */
  hear(vector: Int32Array, node: number): void {
    const { outboxOf } = this.#system.nodes[node]!;
    const outbox = outboxOf[vector[node]!]!;
    const before = this.#outboxes[node]!;
    if (outbox === before || node >= this.#system.correctCount) return;
    this.#outboxes[node] = outbox;
    let index = this.#known[node]!.get(before, outbox);
    if (index < 0) {
      index = this.#lists.push(this.#news(node, before, outbox)) - 1;
      this.#known[node]!.set(before, outbox, index);
    }
    this.all.push(...this.#lists[index]!);
  }

  #news(node: number, before: number, after: number): readonly Statement[] {
    const { outboxes, spec } = this.#system.nodes[node]!;
    const packets = additions(outboxes[before]!, outboxes[after]!).flatMap(({ message, isNew }) =>
      isNew ? [this.#system.packetOf(spec.id, this.#system.messageOf(message))!] : [],
    );
    return this.#content.sorted(packets).flatMap((packet): Statement[] => {
      const input = this.#system.inputOf(packet);
      return input.kind === "message" ? [{ by: spec.id, from: input.from, message: input.message }] : [];
    });
  }
}
