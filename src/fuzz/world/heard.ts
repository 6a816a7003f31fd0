// The statements of correct nodes, to anyone, as far as the state shows them: those in their outboxes and, on
// networks that use messages up, those in somebody's inbox. (There an outbox keeps only what the adversary
// observes.)

import { additions } from "../../model/outboxes.js";
import type { TransitionSystem } from "../../model/system.js";
import type { Statement } from "./run-view.js";

/** The statements of correct nodes in a run. */
export class Heard {
  /** In the order of sending; those of one moment by content. */
  readonly all: Statement[] = [];
  readonly #system: TransitionSystem;
  /** By node, when last read. */
  #outboxes: number[] = [];
  #inboxes: number[] = [];
  /** By inbox: how often each message is in it. */
  readonly #waiting = new Map<number, ReadonlyMap<string, number>>();

  constructor(system: TransitionSystem) {
    this.#system = system;
  }

  /** A run begins in this state. */
  begin(vector: Int32Array): void {
    this.all.length = 0;
    this.#outboxes = this.#system.nodes.map(() => 0);
    this.#inboxes = this.#system.nodes.map(() => 0);
    this.hear(vector, null);
  }

  /**
   * Reads what was sent since; `speaker` is the index of the node that has moved, null at the beginning: then
   * all nodes.
   */
  hear(vector: Int32Array, speaker: number | null): void {
    const news = new Map<string, Statement>();
    const add = (statement: Statement) =>
      news.set(JSON.stringify([statement.by, statement.from, statement.message]), statement);
    for (const statement of this.#fromOutboxes(vector)) add(statement);
    for (const statement of this.#fromInboxes(vector, speaker)) add(statement);
    const sorted = [...news].sort(([a], [b]) => (a < b ? -1 : 1));
    this.all.push(...sorted.map(([, statement]) => statement));
  }

  /** Skips a message that was duplicated in an inbox, which nobody has sent. */
  skip(vector: Int32Array): void {
    this.#fromInboxes(vector, null);
  }

  #fromOutboxes(vector: Int32Array): Statement[] {
    return this.#system.nodes.flatMap((table, node) => {
      const [before, after] = [this.#outboxes[node]!, table.outboxOf[vector[node]!]!];
      if (before === after) return [];
      this.#outboxes[node] = after;
      const by = table.spec.id;
      return additions(table.outboxes[before]!, table.outboxes[after]!).flatMap(
        ({ message, isNew }): Statement[] =>
          isNew ? [{ by, from: by, message: this.#system.messageOf(message) }] : [],
      );
    });
  }

  #fromInboxes(vector: Int32Array, speaker: number | null): Statement[] {
    const { channels, nodes } = this.#system;
    if (channels === null) return [];
    return nodes.flatMap((_, node) => {
      const [before, after] = [this.#inboxes[node]!, vector[nodes.length + node]!];
      if (before === after) return [];
      this.#inboxes[node] = after;
      const old = this.#waitingIn(before);
      return [...this.#waitingIn(after)].flatMap(([text, count]): Statement[] => {
        if (count <= (old.get(text) ?? 0)) return [];
        const [from, message] = JSON.parse(text) as [Statement["from"], Statement["message"]];
        return [{ by: speaker === null ? from : nodes[speaker]!.spec.id, from, message }];
      });
    });
  }

  #waitingIn(inbox: number): ReadonlyMap<string, number> {
    const known = this.#waiting.get(inbox);
    if (known) return known;
    const counts = new Map<string, number>();
    for (const { from, message } of this.#system.channels!.serialize(inbox).waiting) {
      const text = JSON.stringify([from, message]);
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    this.#waiting.set(inbox, counts);
    return counts;
  }
}
