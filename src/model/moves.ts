// The adversary's moves towards correct nodes: what it proposes, without what it cannot sign or prove.

import type { Json, Knowledge, NodeId, Role, Signed } from "../protocol/index.js";
import { DecisionTree, type Question } from "./decision-tree.js";
import { calling, UserError } from "./errors.js";
import { emptyList, type Inputs } from "./inputs.js";
import { nestingProblem, textOf } from "./json-problem.js";
import { KnowledgeBase, type Need } from "./knowledge.js";
import type { NodeTable } from "./node-table.js";
import { checksLiveness, type Setting } from "./setting.js";
import type { Renaming } from "./symmetry/renaming.js";
import { PairTable } from "./tables.js";
import { isSigned } from "./terms.js";

/** What the adversary wants to say, each with what it has to know before it can. */
interface Proposals {
  readonly packets: readonly { readonly packet: number; readonly needs: readonly Need[] }[];
  /** All statements that the needs are about. */
  readonly about: ReadonlySet<number>;
  /** The list of what it can say, by which of these it knows. */
  readonly lists: Map<number, number>;
}

/** How many lists of moves an adversary makes up twice, to see whether it is deterministic. */
const twiceAtFirst = 100;

/** The adversary's moves in a system. */
export class Moves {
  readonly #setting: Setting;
  readonly #nodes: readonly NodeTable[];
  readonly #inputs: Inputs;
  readonly #knowledge: KnowledgeBase;
  readonly #atStart: number;
  /** Per sender and outbox: what is learned from it. */
  readonly #learned: number[][];
  /** Pairs of lists of which the first is part of the second. */
  readonly #included = new PairTable();
  readonly #trees = {
    replica: new DecisionTree<Proposals>(),
    client: new DecisionTree<Proposals>(),
  };
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
    this.#knowledge = new KnowledgeBase(byzantine, (statement) =>
      calling(
        "adversary-threw",
        `observes() of the adversary ${adversary?.name}`,
        () => adversary?.observes(statement) ?? false,
      ),
    );
    this.#atStart = this.#knowledge.learn(requests);
    this.#learned = nodes.map(() => []);
    this.#roles = [...new Set(nodes.map((node) => node.spec.role))];
  }

  /** Whether the adversary has any use for a message: it learns something from it, or can pass it on. */
  isOfInterest(message: number): boolean {
    const { adversary } = this.#setting;
    if (!adversary) return false;
    if (adversary.forwards && isSigned(this.#inputs.messageOf(message))) return true;
    return adversary.speaks && this.learnedFromMessage(message) !== 0;
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

  /** The statements of correct nodes that the adversary can show in a state. */
  statements(vectors: Int32Array, offset: number): readonly Signed<Json>[] {
    const known = this.knows(vectors, offset);
    return known < 0 ? [] : (this.#knowledge.view(known).statements() as readonly Signed<Json>[]);
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
    const { packets, about, lists } = this.#proposals(to, knowledge);
    const part = this.#knowledge.part(knowledge, about);
    let list = lists.get(part);
    if (list === undefined) {
      const possible = packets.filter(({ needs }) => this.#knowledge.meets(part, needs));
      list = this.#listOf(new Set(possible.map(({ packet }) => packet)));
      lists.set(part, list);
    }
    this.#lists[to].set(knowledge, list);
    this.log?.push([to, knowledge]);
    return list;
  }

  /**
   * Why no Byzantine node can make this message when they know this, whatever their adversary: it would be a forgery. In words; null: it
   * would be none.
   */
  whyForged(knowledge: number, from: NodeId, message: Json): string | null {
    const id = this.#inputs.idOf(message);
    if (id === undefined) return "the message does not fit the protocol's schema";
    const canonical = this.#inputs.messageOf(id);
    const { byzantine } = this.#setting;
    const signer = isSigned(canonical) ? canonical.signer : null;
    if (signer !== null && signer !== from)
      return `it is signed by ${signer}, so it does not come from ${from}`;
    if (!byzantine.includes(from) && !(isSigned(canonical) && canonical.convinces))
      return `${from} is correct, so nobody else can ${signer === null ? "speak" : "sign"} in its name`;
    return knowledge < 0 ? null : this.#knowledge.lacks(knowledge, canonical);
  }

  #listOf(packets: ReadonlySet<number>): number {
    if (packets.size === 0) return emptyList;
    return this.#inputs.listOf(
      "inject",
      [...packets].sort((a, b) => a - b),
    );
  }

  /** What the adversary wants to say, made up once for all knowledge that it cannot tell apart. */
  #proposals(to: Role, knowledge: number): Proposals {
    const tree = this.#trees[to];
    const known = tree.find(knowledge);
    if (known) return known;
    const { proposals, questions } = this.#makeUp(to, knowledge);
    const isDeterministic =
      tree.size >= twiceAtFirst ||
      JSON.stringify(this.#makeUp(to, knowledge).proposals.packets) === JSON.stringify(proposals.packets);
    if (!tree.keep(knowledge, questions, proposals) || !isDeterministic)
      throw new UserError(
        "adversary-malformed",
        `The adversary ${this.#setting.adversary!.name} is nondeterministic: knowing the same, it makes up different moves.`,
      );
    return proposals;
  }

  /** Asks the adversary for its proposals, and notes what it asks. */
  #makeUp(to: Role, knowledge: number) {
    const { byzantine, adversary } = this.#setting;
    const questions = new Map<string, Question>();
    const ask = (question: Question) => {
      // What was asked before has the same answer. Questions with functions in them are told apart by their
      // place.
      const { key: kind } = question;
      const key = kind === "statements" || kind === "bodies" ? `${kind}, after ${questions.size}` : kind;
      if (!questions.has(key)) questions.set(key, question);
    };
    const packets: { packet: number; needs: readonly Need[] }[] = [];
    for (const self of byzantine) {
      for (const message of this.#proposed(self, to, this.#knowledge.view(knowledge, ask))) {
        const id = this.#inputs.message(message, `the adversary ${adversary!.name}`, "adversary-malformed");
        const canonical = this.#inputs.messageOf(id);
        // A correct node's own message is passed on by the relay rule, not made anew; an authenticator may
        // have been spoiled.
        if (isSigned(canonical) && !canonical.convinces && !byzantine.includes(canonical.signer)) continue;
        const packet = this.#inputs.packet(self, id);
        packets.push({ packet, needs: this.#knowledge.needsOf(canonical) });
      }
    }
    const about = new Set(packets.flatMap(({ needs }) => needs.flatMap((need) => need.about)));
    const proposals: Proposals = { packets, about, lists: new Map() };
    return { proposals, questions: [...questions.values()] };
  }

  /**
   * Checks that what could be said knowing `before` can still be said knowing `after`, which is more. On a
   * network where messages stay deliverable that is what the search relies on.
   *
   * @throws {UserError} `adversary-malformed` if the adversary takes back a move.
   */
  checkGrowth(before: number, after: number): void {
    if (before === after) return;
    for (const role of this.#roles)
      this.#checkIncluded(this.towards(role, before), this.towards(role, after));
  }

  #checkIncluded(before: number, after: number): void {
    if (before === after || this.#included.get(before, after) >= 0) return;
    const later = new Set(this.#inputs.list(after).items);
    const lost = this.#inputs.list(before).items.find((packet) => !later.has(packet));
    if (lost !== undefined)
      throw new UserError(
        "adversary-malformed",
        `The adversary ${this.#setting.adversary!.name} takes back a move when it learns more: ` +
          `${JSON.stringify(this.#inputs.content(lost))}. Its moves may only grow with its knowledge.`,
      );
    this.#included.set(before, after, 1);
  }

  #proposed(self: NodeId, to: Role, knowledge: Knowledge): readonly Json[] {
    const { adversary, byzantine, config, bounds } = this.#setting;
    const beyond = checksLiveness(this.#setting);
    const name = `The adversary ${adversary!.name}, as ${self},`;
    const moves: unknown = calling("adversary-threw", name, () =>
      adversary!.moves({ self, byzantine, to, config, views: bounds.views, beyond }, knowledge),
    );
    return listOfMessages(name, moves);
  }
}

/**
 * What an adversary has proposed, if it is a list of values without end.
 *
 * @throws {UserError} `adversary-malformed`.
 */
export function listOfMessages(name: string, proposed: unknown): readonly Json[] {
  if (!Array.isArray(proposed))
    throw new UserError(
      "adversary-malformed",
      `${name} must give a list of messages; it gave ${textOf(proposed)}.`,
    );
  for (const [index, message] of proposed.entries()) {
    const nested = nestingProblem(message);
    if (nested !== null)
      throw new UserError("adversary-malformed", `${name} gave a message that ${nested}, at [${index}].`);
  }
  return proposed as readonly Json[];
}
