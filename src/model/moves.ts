// What the adversary can put in front of correct nodes: what it proposes, less what it could not have signed or proven.

import type { Json, Knowledge, NodeId, Role, Signed } from "../protocol/index.js";
import { calling, UserError } from "./errors.js";
import { emptyList, type Inputs } from "./inputs.js";
import { KnowledgeBase } from "./knowledge.js";
import type { NodeTable } from "./node-table.js";
import type { Renaming } from "./renaming.js";
import { checksLiveness, type Setting } from "./setting.js";
import { PairTable } from "./tables.js";
import { isSigned } from "./terms.js";

/** See the file comment. */
export class Moves {
  readonly #setting: Setting;
  readonly #nodes: readonly NodeTable[];
  readonly #inputs: Inputs;
  readonly #knowledge: KnowledgeBase;
  readonly #atStart: number;
  /** Per sender and outbox: what is learned from it. */
  readonly #learned: number[][];
  readonly #grown = new PairTable();
  /** What there is to be spoken to. */
  readonly #roles: readonly Role[];
  /** Every list of moves that is made up is put here, by role and knowledge, if there is a log. */
  log: [role: Role, knowledge: number][] | null = null;
  readonly #lists = { replica: new Map<number, number>(), client: new Map<number, number>() };

  /** `requests`: signed requests that are known from the start. */
  constructor(setting: Setting, nodes: readonly NodeTable[], inputs: Inputs, requests: readonly Json[]) {
    this.#setting = setting;
    this.#nodes = nodes;
    this.#inputs = inputs;
    const { adversary, byzantine } = setting;
    this.#knowledge = new KnowledgeBase(byzantine, (statement) => adversary?.observes(statement) ?? false);
    this.#atStart = this.#knowledge.learn(requests);
    this.#learned = nodes.map(() => []);
    this.#roles = [...new Set(nodes.map((node) => node.spec.role))];
  }

  /** Whether the adversary has any use for a message: it learns something from it, or can pass it on. */
  isOfInterest(message: number): boolean {
    const { adversary } = this.#setting;
    if (!adversary?.speaks) return false;
    const content = this.#inputs.messageOf(message);
    return (adversary.forwards && isSigned(content)) || this.learnedFromMessage(message) !== 0;
  }

  /** The set of what the adversary knows in a state, or -1 if there is nobody to know anything. */
  knows(vectors: Int32Array, offset: number): number {
    if (!this.#setting.adversary?.speaks || this.#setting.byzantine.length === 0) return -1;
    let known = this.#atStart;
    for (let node = 0; node < this.#nodes.length; node++) {
      const outbox = this.#nodes[node]!.outboxOf[vectors[offset + node] as number] as number;
      known = this.#knowledge.union(known, this.learnedFrom(node, outbox));
    }
    return known;
  }

  /** What is learned from an outbox, as a set of statements. */
  learnedFrom(node: number, outbox: number): number {
    return (this.#learned[node] as number[])[outbox] ?? this.#learn(node, outbox);
  }

  /** What is learned from one message. */
  learnedFromMessage(message: number): number {
    return this.#knowledge.learn([this.#inputs.messageOf(message)]);
  }

  /** A set of statements with all names replaced. */
  renamed(knowledge: number, renaming: Renaming): number {
    return this.#knowledge.renamed(knowledge, (statement) => {
      const renamed = renaming.apply(statement as unknown as Json);
      const message = this.#inputs.idOf(renamed); // canonical, if it is a message by itself
      return (message === undefined ? renamed : this.#inputs.messageOf(message)) as unknown as Signed<Json>;
    });
  }

  #learn(node: number, outbox: number): number {
    const sent = this.#nodes[node]!.outboxes[outbox]!;
    const learned = this.#knowledge.learn(sent.map(([message]) => this.#inputs.messageOf(message)));
    this.#learned[node]![outbox] = learned;
    return learned;
  }

  /** The list of packets that may be injected at a node of this role. */
  towards(to: Role, knowledge: number): number {
    const known = this.#lists[to].get(knowledge);
    if (known !== undefined) return known;
    const { byzantine, adversary } = this.#setting;
    const packets = new Set<number>();
    for (const self of byzantine) {
      for (const message of this.#proposed(self, to, this.#knowledge.view(knowledge))) {
        const id = this.#inputs.message(message, `the adversary ${adversary!.name}`, "adversary-malformed");
        const canonical = this.#inputs.messageOf(id);
        // A correct node's own message is passed on by the relay rule, not made anew.
        if (isSigned(canonical) && !byzantine.includes(canonical.signer)) continue;
        if (this.#knowledge.admits(knowledge, canonical)) packets.add(this.#inputs.packet(self, id));
      }
    }
    const list =
      packets.size === 0
        ? emptyList
        : this.#inputs.listOf(
            "inject",
            [...packets].sort((a, b) => a - b),
          );
    this.#lists[to].set(knowledge, list);
    this.log?.push([to, knowledge]);
    return list;
  }

  /**
   * Checks that what could be said knowing `before` can still be said knowing `after`, which is more. On a network where
   * messages stay deliverable that is what the search relies on.
   *
   * @throws {UserError} `adversary-malformed` if the adversary takes back a move.
   */
  checkGrowth(before: number, after: number): void {
    if (before === after || this.#grown.get(before, after) >= 0) return;
    for (const role of this.#roles) {
      const later = new Set(this.#inputs.list(this.towards(role, after)).items);
      const lost = this.#inputs.list(this.towards(role, before)).items.find((packet) => !later.has(packet));
      if (lost !== undefined)
        throw new UserError(
          "adversary-malformed",
          `The adversary ${this.#setting.adversary!.name} takes back a move when it learns more: ` +
            `${JSON.stringify(this.#inputs.content(lost))}. Its moves may only grow with its knowledge.`,
        );
    }
    this.#grown.set(before, after, 1);
  }

  #proposed(self: NodeId, to: Role, knowledge: Knowledge): readonly Json[] {
    const { adversary, byzantine, config, bounds } = this.#setting;
    const beyond = checksLiveness(this.#setting);
    return calling("adversary-threw", `The adversary ${adversary!.name}, as ${self},`, () =>
      adversary!.moves({ self, byzantine, to, config, views: bounds.views, beyond }, knowledge),
    );
  }
}
