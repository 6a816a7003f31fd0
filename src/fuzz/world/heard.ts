// What correct nodes have said, to whomever, as far as the state shows it: what stands in their outboxes and, on networks that use messages
// up, what has come into somebody's inbox. (There only what an adversary has an interest in stays in an outbox.)

import type { TransitionSystem } from "../../model/system.js";
import type { Statement } from "./world.js";

/** See the file comment. */
export class Heard {
  /** In the order in which it was said; of one moment by content. */
  readonly all: Statement[] = [];
  readonly #system: TransitionSystem;
  /** Per node, as they were heard last. */
  #outboxes: number[] = [];
  #inboxes: number[] = [];
  /** Per inbox: how often what waits in it. */
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

  /** Hears what was said since; `speaker` is the index of the node that has moved, null at the beginning: then all have spoken. */
  hear(vector: Int32Array, speaker: number | null): void {
    const news = new Map<string, Statement>();
    const add = (statement: Statement) =>
      news.set(JSON.stringify([statement.by, statement.from, statement.message]), statement);
    for (const statement of this.#fromOutboxes(vector)) add(statement);
    for (const statement of this.#fromInboxes(vector, speaker)) add(statement);
    const sorted = [...news].sort(([a], [b]) => (a < b ? -1 : 1));
    this.all.push(...sorted.map(([, statement]) => statement));
  }

  /** What came into an inbox by itself (it was doubled) is nothing that was said. */
  skip(vector: Int32Array): void {
    this.#fromInboxes(vector, null);
  }

  #fromOutboxes(vector: Int32Array): Statement[] {
    return this.#system.nodes.flatMap((table, node) => {
      const [before, after] = [this.#outboxes[node]!, table.outboxOf[vector[node]!]!];
      if (before === after) return [];
      this.#outboxes[node] = after;
      const old = new Set(table.outboxes[before]!.map(([message]) => message));
      const by = table.spec.id;
      return table.outboxes[after]!.flatMap(([message]): Statement[] =>
        old.has(message) ? [] : [{ by, from: by, message: this.#system.messageOf(message) }],
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
