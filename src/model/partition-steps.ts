// The transitions by which a network is parted and becomes whole again: see partitions.ts. In a state vector one
// integer, behind the inboxes, says which cut there is and how many there have been.

import type { Action, PartitionKind } from "./action.js";
import type { Channels } from "./channels.js";
import type { NodeTable } from "./node-table.js";
import type { PossibleAction } from "./possible-action.js";
import type { Reactions } from "./reactions.js";
import type { Successors } from "./successors.js";

/** What the steps need from the system that they are part of. */
export interface PartitionDependencies {
  readonly nodes: readonly NodeTable[];
  readonly reactions: Reactions;
  readonly channels: Channels;
}

/** Cuts, and their ends. */
export class PartitionSteps {
  readonly #deps: PartitionDependencies;
  readonly #count: number;
  readonly #width: number;

  /** `width`: integers in a state vector. */
  constructor(dependencies: PartitionDependencies, width: number) {
    this.#deps = dependencies;
    this.#count = dependencies.nodes.length;
    this.#width = width;
  }

  /** The largest number that can stand in a state vector. */
  get largestNumber(): number {
    const { network, partitions } = this.#deps.channels;
    return partitions.standing(partitions.cuts.length, Number.isFinite(network.cuts) ? network.cuts : 0);
  }

  /** Adds the transitions of a state: every cut if there is none, or the end of the one that there is. */
  successors(vectors: Int32Array, offset: number, out: Successors): void {
    const { partitions } = this.#deps.channels;
    const what = vectors[offset + 2 * this.#count] as number;
    const current = partitions.current(what);
    if (current > 0) {
      this.#add("heal", current, vectors, offset, out);
      out.obligatory++;
    } else if (this.#mayCut(what))
      for (let number = 1; number <= partitions.cuts.length; number++)
        this.#add("cut", number, vectors, offset, out);
  }

  #add(kind: PartitionKind, number: number, vectors: Int32Array, offset: number, out: Successors): void {
    const { reactions } = this.#deps;
    const cause = reactions.causeId(kind, number, undefined);
    const at = out.pushWhole(vectors, offset, this.#width, reactions.actorOf(kind, number), cause);
    this.#change(kind, number, out.whole, at);
    out.settle(vectors, offset);
  }

  /** The state after a cut or its end, or null if it is not possible. */
  perform(vector: Int32Array, action: Extract<Action, { readonly kind: PartitionKind }>): Int32Array | null {
    const { partitions } = this.#deps.channels;
    const number = partitions.numberOf(action);
    if (number === undefined) return null;
    const what = vector[2 * this.#count]!;
    const current = partitions.current(what);
    const isPossible = action.kind === "heal" ? current === number : current === 0 && this.#mayCut(what);
    if (!isPossible) return null;
    const next = vector.slice();
    this.#change(action.kind, number, next, 0);
    return next;
  }

  /** Every cut must heal in the end. */
  healing(vector: Int32Array): PossibleAction[] {
    const current = this.#deps.channels.partitions.current(vector[2 * this.#count]!);
    if (current === 0) return [];
    const next = vector.slice();
    this.#change("heal", current, next, 0);
    const node = this.#deps.reactions.actorOf("heal", current);
    return [{ key: "heal", node, isObligatory: true, chosen: [next], toss: [], idle: null }];
  }

  #mayCut(what: number): boolean {
    const { network, partitions } = this.#deps.channels;
    return partitions.happened(what) < network.cuts;
  }

  /** Changes a state. What is on its way across a new cut is lost. */
  #change(kind: PartitionKind, number: number, vectors: Int32Array, offset: number): void {
    const { channels } = this.#deps;
    const { partitions, network } = channels;
    const place = offset + 2 * this.#count;
    const happened = partitions.happened(vectors[place] as number);
    if (kind === "heal") {
      vectors[place] = partitions.standing(0, happened);
      return;
    }
    const what = partitions.standing(number, Number.isFinite(network.cuts) ? happened + 1 : 0);
    vectors[place] = what;
    for (let to = 0; to < this.#count; to++) {
      let senders = 0;
      for (let from = 0; from < this.#count; from++)
        if (partitions.blockedFrom(what, from) & (1 << to)) senders |= 1 << from;
      const inbox = offset + this.#count + to;
      if (senders !== 0) vectors[inbox] = channels.withoutLinks(vectors[inbox] as number, senders);
    }
  }
}
