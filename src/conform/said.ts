// Who can have said what: the messages that correct nodes have sent so far, and what Byzantine nodes can make of them. A Byzantine node
// keeps no record that anybody believes; it may have sent whatever it need not forge, to anybody, at any time.

import { type Canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { KnowledgeBase } from "../model/knowledge.js";
import { deepFreeze } from "../model/plain-json.js";
import { sortedText } from "../model/sorted-text.js";
import { isSigned } from "../model/terms.js";
import type { Effect, Json, NodeId } from "../protocol/index.js";

/** See the file comment. */
export class Said {
  readonly #byzantine: ReadonlySet<NodeId>;
  readonly #replicas: readonly NodeId[];
  /** By sender, receiver and text. */
  readonly #sent = new Set<string>();
  readonly #knowledge: KnowledgeBase;
  readonly #canonical: Canonicalizer;
  /** The statements that Byzantine nodes have heard: one set that grows, as a record is one execution. */
  readonly #known = new Set<number>();
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
    for (const { message, text, receivers } of this.#sendings(sender, effects)) {
      for (const receiver of receivers) this.#sent.add(`${sender}>${receiver}>${text}`);
      if (this.#byzantine.size > 0) this.#heard.push(deepFreeze(message));
    }
  }

  /** Whether these effects send `message` (canonical) to `receiver`. */
  sends(sender: NodeId, effects: readonly Effect<Json>[], receiver: NodeId, message: Json): boolean {
    const wanted = sortedText(message);
    return this.#sendings(sender, effects).some(
      ({ text, receivers }) => text === wanted && receivers.includes(receiver),
    );
  }

  #sendings(sender: NodeId, effects: readonly Effect<Json>[]) {
    return effects.flatMap((effect) => {
      if (effect.kind !== "send" && effect.kind !== "broadcast") return [];
      const message = this.#canonical(effect.message);
      if (message instanceof SchemaMismatch) return []; // nobody can have received it
      const receivers =
        effect.kind === "send" ? [effect.to] : this.#replicas.filter((replica) => replica !== sender);
      return [{ message, text: sortedText(message), receivers }];
    });
  }

  /** Whether a correct node has sent this (canonical) before. */
  wasSent(sender: NodeId, receiver: NodeId, message: Json): boolean {
    return this.#sent.has(`${sender}>${receiver}>${sortedText(message)}`);
  }

  /** Whether a Byzantine node can make this (canonical) of what was said before. */
  canBeSaid(message: Json): boolean {
    for (const id of this.#knowledge.statementsIn(this.#heard)) this.#known.add(id);
    this.#heard = [];
    return this.#knowledge.needsOf(deepFreeze(message)).every((need) => need.isMet(this.#known));
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
