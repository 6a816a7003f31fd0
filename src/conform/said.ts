// Who can have said what: the messages that correct nodes have sent so far, and what Byzantine nodes can make of them. A Byzantine node
// keeps no record that anybody believes; it may have sent whatever it need not forge, to anybody, at any time.

import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { deepFreeze } from "../model/intern.js";
import { KnowledgeBase } from "../model/knowledge.js";
import { sortedText } from "../model/sorted-text.js";
import { isSigned } from "../model/terms.js";
import type { Effect, Json, NodeId } from "../protocol/index.js";
import type { RecordedStep } from "../records/index.js";

/** See the file comment. */
export class Said {
  readonly #byzantine: ReadonlySet<NodeId>;
  readonly #replicas: readonly NodeId[];
  /** By sender, receiver and text. */
  readonly #sent = new Set<string>();
  readonly #knowledge: KnowledgeBase;
  readonly #canonical: Canonicalizer;
  #known = 0;
  #heard: Json[] = [];

  /** `canonical`: what was sent is compared in canonical form, in which it was received. */
  constructor(byzantine: readonly NodeId[], replicas: readonly NodeId[], canonical: Canonicalizer) {
    this.#canonical = canonical;
    this.#byzantine = new Set(byzantine);
    this.#replicas = replicas;
    this.#knowledge = new KnowledgeBase(byzantine, () => true);
  }

  isByzantine(node: NodeId): boolean {
    return this.#byzantine.has(node);
  }

  /** A correct node has done this. */
  add(sender: NodeId, effects: readonly Effect<Json>[]): void {
    for (const effect of effects) {
      if (effect.kind !== "send" && effect.kind !== "broadcast") continue;
      const message = this.#canonical(effect.message);
      if (message instanceof SchemaMismatch) continue; // nobody can have received it
      const text = sortedText(message);
      const receivers = effect.kind === "send" ? [effect.to] : this.#replicas;
      for (const receiver of receivers) this.#sent.add(`${sender}>${receiver}>${text}`);
      if (this.#byzantine.size > 0) this.#heard.push(deepFreeze(message));
    }
  }

  /** Whether a correct node has sent this before. */
  wasSent(sender: NodeId, receiver: NodeId, message: Json): boolean {
    return this.#sent.has(`${sender}>${receiver}>${sortedText(message)}`);
  }

  /**
   * Whether a Byzantine node can have sent this (canonical) to a node in this step of its: from what was said before, or by steps that do not
   * come after that one. `later`: the steps that are not looked at yet.
   */
  canBeSaid(message: Json, at: RecordedStep, later: () => Iterable<RecordedStep>): boolean {
    this.#known = this.#knowledge.union(this.#known, this.#knowledge.learn(this.#heard));
    this.#heard = [];
    deepFreeze(message);
    if (this.#knowledge.admits(this.#known, message)) return true;
    const unordered = [...later()].filter(
      (step) => !this.#byzantine.has(step.node) && (step.clock[at.node] ?? 0) < at.clock[at.node]!,
    );
    const sent = unordered.flatMap(({ effects }) =>
      effects.flatMap((effect) => ("message" in effect ? effect.message : [])),
    );
    return this.#knowledge.admits(
      this.#knowledge.union(this.#known, this.#knowledge.learn(sent as Json[])),
      message,
    );
  }

  /** The nodes that have sent this to `receiver`. */
  sendersOf(receiver: NodeId, message: Json, nodes: readonly NodeId[]): readonly NodeId[] {
    return nodes.filter((node) => this.wasSent(node, receiver, message));
  }

  /** The author of a message: its signer, or who sent it. */
  static authorOf(message: Json, via: NodeId): NodeId {
    return isSigned(message) ? message.signer : via;
  }
}
