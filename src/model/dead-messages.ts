// Dead messages: messages that can have no effect on their receiver now or later, and are dropped. On the
// `async` network every message sent stays deliverable for ever, so states would differ in old votes that no
// node counts. A dead message leaves the outbox of its sender, one receiver at a time.
//
// Why it is sound. Call a message dead at a local state if `step` ignores it there and in every local state
// that can follow. Delivering it changes nothing, ever, so a state with it and the same state without it are
// bisimilar: the same actions change something in both, they lead to bisimilar states, and properties see the
// same. The search therefore may go on from the state without it. For an adversary the message stays as long
// as it learns something from it, or can pass it on to somebody for whom it is alive.
//
// Which messages are dead, the behaviour says (`isDead`); that it is so is checked. For every local state at
// which a message was taken for dead `step` is made and has to ignore it, and so in every state that a step
// leads to from there: what is checked is closed under the steps that the search makes, which is the
// induction that the argument needs.
//
// Not for liveness: a message that is sent again once it was dropped looks like something new that has to
// happen. Not with crashes: what a restarted node makes of an old message is another matter.

import { UserError } from "./errors.js";
import type { Inputs } from "./inputs.js";
import type { Moves } from "./moves.js";
import type { NodeTable } from "./node-table.js";
import { byzantineBit, type Outbox } from "./outboxes.js";
import type { Representatives } from "./representatives.js";
import { checksLiveness, type Setting } from "./setting.js";
import { inputId } from "./starts.js";
import { PairTable } from "./tables.js";
import { isSigned } from "./terms.js";

/** What the reduction needs from the system. */
export interface DeadMessagesDependencies {
  readonly setting: Setting;
  readonly nodes: readonly NodeTable[];
  readonly inputs: Inputs;
  readonly moves: Moves;
}

/** What is known of one receiver. */
interface Receiver {
  readonly table: NodeTable;
  /** (local state, packet) -> 1 if the packet is dead there, 0 if not. */
  readonly answers: PairTable;
  /** Per local state: packets that are dead there, and the local states that follow. */
  readonly dead: Set<number>[];
  readonly next: Set<number>[];
}

/** Why the reduction cannot be used in a setting, or null. */
export function deadMessagesRefusal(setting: Setting): string | null {
  if (setting.network !== "async") return `on ${setting.network} messages are used up anyway`;
  if (checksLiveness(setting)) return "liveness properties are checked with every message kept";
  if ((setting.bounds.crashes ?? 0) > 0) return "a node that restarts may listen to old messages again";
  if (setting.adversary?.stepFaults) return "of a dead message Byzantine nodes may make one that is not";
  return null;
}

/** Drops dead messages from states. */
export class DeadMessages implements Representatives {
  readonly #deps: DeadMessagesDependencies;
  readonly #receivers: readonly Receiver[];
  /** Per sender and receiver: (outbox, local state of the receiver) -> outbox without what is dead there. */
  readonly #pruned: PairTable[][];
  /** What was taken for dead and is not checked yet. */
  readonly #unchecked: [receiver: number, local: number, packet: number][] = [];

  constructor(deps: DeadMessagesDependencies) {
    this.#deps = deps;
    this.#receivers = deps.nodes.map((table) => ({ table, answers: new PairTable(), dead: [], next: [] }));
    this.#pruned = deps.nodes.map(() => deps.nodes.map(() => new PairTable()));
    for (const [node, table] of deps.nodes.entries())
      table.listeners.push(({ local, outcomes }) => {
        for (const outcome of outcomes) this.#follows(node, local, outcome.local);
      });
  }

  /** Takes dead messages out of a state. */
  canonicalize(vector: Int32Array): void {
    const { nodes } = this.#deps;
    for (let from = 0; from < nodes.length; from++) {
      const table = nodes[from] as NodeTable;
      const component = vector[from] as number;
      const before = table.outboxOf[component] as number;
      if (before === 0) continue;
      let outbox = before;
      for (let to = 0; to < nodes.length; to++) {
        const local = (nodes[to] as NodeTable).localOf[vector[to] as number] as number;
        const known = (this.#pruned[from] as PairTable[])[to]!.get(outbox, local);
        outbox = known >= 0 ? known : this.#prune(from, outbox, to, local);
        if (outbox === 0) break;
      }
      if (outbox !== before) vector[from] = table.withOutbox(component, outbox);
    }
  }

  /**
   * Checks what has been taken for dead since the last time.
   *
   * @throws {UserError} `protocol-malformed` if it was not.
   */
  check(): void {
    for (let one = this.#unchecked.pop(); one; one = this.#unchecked.pop()) {
      const [receiver, local, packet] = one;
      const { table, next } = this.#receivers[receiver]!;
      const ignores = table.ignores(local, inputId.packet(packet), () => this.#input(packet));
      if (!ignores) this.#wrong(receiver, packet, "reacts to it all the same");
      for (const later of next[local] ?? []) this.#expect(receiver, later, packet);
    }
  }

  #follows(receiver: number, local: number, later: number): void {
    if (local < 0 || later === local) return;
    const { next, dead } = this.#receivers[receiver]!;
    next[local] ??= new Set();
    if (next[local].has(later)) return;
    next[local].add(later);
    for (const packet of dead[local] ?? []) this.#expect(receiver, later, packet);
  }

  #expect(receiver: number, local: number, packet: number): void {
    if (!this.#isDead(receiver, local, packet))
      this.#wrong(receiver, packet, "says so no longer a step later");
  }

  #wrong(receiver: number, packet: number, what: string): never {
    const text = JSON.stringify(this.#deps.inputs.content(packet));
    throw new UserError(
      "protocol-malformed",
      `isDead() of ${this.#deps.nodes[receiver]!.spec.id} takes a message for dead and ${what}: ${text}.`,
    );
  }

  #isDead(receiver: number, local: number, packet: number): boolean {
    const { table, answers, dead } = this.#receivers[receiver]!;
    const known = answers.get(local, packet);
    if (known >= 0) return known === 1;
    const answer = table.isDead(local, this.#input(packet));
    answers.set(local, packet, answer ? 1 : 0);
    if (answer) {
      dead[local] ??= new Set();
      dead[local].add(packet);
      this.#unchecked.push([receiver, local, packet]);
    }
    return answer;
  }

  #input(packet: number) {
    const { inputs } = this.#deps;
    return { kind: "message", from: inputs.origin(packet), message: inputs.content(packet) } as const;
  }

  /**
   * Who may get a message that was sent to these. From what an adversary can only pass on, which it may do to
   * everybody, it has learned nothing that would have to be remembered for itself.
   */
  #receiversOf(from: number, message: number, sentTo: number): number {
    const { setting, moves, inputs, nodes } = this.#deps;
    if ((sentTo & byzantineBit) === 0 || moves.learnedFromMessage(message) !== 0) return sentTo;
    const isPassedOn = setting.adversary!.forwards && isSigned(inputs.messageOf(message));
    const others = isPassedOn ? ((1 << nodes.length) - 1) & ~(1 << from) : 0;
    return (sentTo & ~byzantineBit) | others;
  }

  /** The outbox of a sender without what is dead at one receiver in this local state. */
  #prune(from: number, outbox: number, to: number, local: number): number {
    const { nodes, inputs } = this.#deps;
    const table = nodes[from]!;
    const bit = 1 << to;
    const left: Outbox = table.outboxes[outbox]!.flatMap(([message, sentTo]): Outbox => {
      const recipients = this.#receiversOf(from, message, sentTo);
      if ((recipients & bit) === 0) return [[message, recipients]];
      const packet = inputs.packet(table.spec.id, message);
      if (!this.#isDead(to, local, packet)) return [[message, recipients]];
      const others = recipients & ~bit;
      return others === 0 ? [] : [[message, others]];
    });
    const pruned = table.outboxId(left);
    this.#pruned[from]![to]!.set(outbox, local, pruned);
    return pruned;
  }
}
