// The adversary's moves: the lists of the model, grouped by type of message, since there are many new-views
// and few other messages. They depend on what correct nodes have sent, and are recomputed when these have
// sent more.

import type { TransitionSystem } from "../../model/system.js";
import { typeOf } from "../../model/terms.js";
import type { Json, NodeId } from "../../protocol/index.js";
import type { Dice } from "../dice.js";
import type { Content } from "./content.js";
import { isVariant } from "./variant.js";

/** How often the adversary tries to find a message before it gives up for this step. */
export const attempts = 4;

/** The adversary's moves in a run. */
export class AdversaryMoves {
  readonly #system: TransitionSystem;
  readonly #content: Content;
  /** By node: the list of its current moves; -1 if it must be recomputed. */
  readonly #lists: Int32Array;
  #isStale = false;
  /** By list: its packets by type, in an order of content; and all of them as a set. */
  readonly #groups: (readonly Int32Array[] | undefined)[] = [];
  readonly #members: (ReadonlySet<number> | undefined)[] = [];
  /** By message and sender: its packet, or -1 if it is not a message of the protocol. */
  readonly #packets = new WeakMap<object, Map<NodeId, number>>();

  constructor(system: TransitionSystem, content: Content) {
    this.#system = system;
    this.#content = content;
    this.#lists = new Int32Array(system.nodes.length).fill(-1);
  }

  /** Correct nodes have sent something, or a run begins. */
  forget(): void {
    this.#isStale = true; // asked for every message: most runs never come back to it
  }

  /** Draws moves towards a node until one of them changes something, a few times: first a type, then one of that type. */
  draw(vector: Int32Array, to: number, dice: Dice, meets: (packet: number) => boolean): boolean {
    const groups = this.#grouped(vector, to);
    if (groups.length === 0) return false;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const group = groups[dice.below(groups.length)] as Int32Array;
      if (meets(group[dice.below(group.length)] as number)) return true;
    }
    return false;
  }

  /** The moves towards a node in this state, by type. */
  #grouped(vector: Int32Array, to: number): readonly Int32Array[] {
    const list = this.#listFor(vector, to);
    this.#groups[list] ??= this.#content.byType(this.#system.listOf(list).items);
    return this.#groups[list];
  }

  /** The packet in which a node sends this message, or -1 if it is not a message of the protocol. */
  packetOf(self: NodeId, message: Json): number {
    if (typeof message !== "object" || message === null) return this.#system.packetOf(self, message) ?? -1;
    const bySpeaker = this.#packets.get(message) ?? new Map<NodeId, number>();
    this.#packets.set(message, bySpeaker);
    const packet = bySpeaker.get(self) ?? this.#system.packetOf(self, message) ?? -1;
    bySpeaker.set(self, packet);
    return packet;
  }

  has(vector: Int32Array, to: number, packet: number): boolean {
    const list = this.#listFor(vector, to);
    this.#members[list] ??= new Set(this.#system.listOf(list).items);
    return this.#members[list].has(packet);
  }

  /** The moves towards a node that differ from a message in a small way: see variant.ts. */
  variants(vector: Int32Array, to: number, message: Json): number[] {
    const type = typeOf(message);
    const group = this.#grouped(vector, to).find(
      ([first]) => this.#content.types[this.#content.type(first!)] === type,
    );
    return [...(group ?? [])].filter((packet) => {
      const input = this.#system.inputOf(packet);
      return input.kind === "message" && isVariant(input.message, message);
    });
  }

  #listFor(vector: Int32Array, to: number): number {
    if (this.#isStale) this.#lists.fill(-1);
    this.#isStale = false;
    if ((this.#lists[to] as number) < 0) {
      const list = this.#system.injectable(vector, 0, to);
      const role = this.#system.roles[to];
      for (let node = 0; node < this.#lists.length; node++)
        if (this.#system.roles[node] === role) this.#lists[node] = list;
    }
    return this.#lists[to] as number;
  }
}
