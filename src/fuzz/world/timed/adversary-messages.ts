// The adversary messages that a node of a timed run may get now, by kind and by type of message: there are
// many new-views and few others.

import type { TransitionSystem } from "../../../model/system.js";
import { IntList } from "../../../model/tables.js";
import type { Json } from "../../../protocol/index.js";
import type { Content } from "../content.js";

/** The adversary messages of a timed run. */
export class AdversaryMessages {
  readonly #system: TransitionSystem;
  readonly #content: Content;
  readonly #lists = new IntList(64);
  readonly #groups: (readonly Int32Array[] | undefined)[] = [];
  readonly #sets: (ReadonlySet<number> | undefined)[] = [];

  constructor(system: TransitionSystem, content: Content) {
    this.#system = system;
    this.#content = content;
  }

  /** The messages to a node, as groups of packets of one type in an order of content. */
  to(vector: Int32Array, to: number, kind: "inject" | "relay"): readonly Int32Array[] {
    return this.#listsOf(vector, to, kind).flatMap((list) => this.#groupsOf(list));
  }

  /** Whether this message is possible. */
  includes(vector: Int32Array, to: number, kind: "inject" | "relay", packet: number): boolean {
    return this.#listsOf(vector, to, kind).some((list) => {
      this.#sets[list] ??= new Set(this.#system.listOf(list).items);
      return this.#sets[list].has(packet);
    });
  }

  #listsOf(vector: Int32Array, to: number, kind: "inject" | "relay"): number[] {
    this.#system.inputs(vector, 0, to, this.#lists);
    return [...this.#lists.items.subarray(0, this.#lists.length)].filter(
      (list) => this.#system.listOf(list).kind === kind,
    );
  }

  #groupsOf(list: number): readonly Int32Array[] {
    this.#groups[list] ??= this.#content.byType(this.#system.listOf(list).items);
    return this.#groups[list];
  }

  /** The message of a packet. */
  messageOf(packet: number): Json {
    const input = this.#system.inputOf(packet);
    return input.kind === "message" ? input.message : null;
  }
}
