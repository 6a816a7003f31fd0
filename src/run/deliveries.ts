// Reliable delivery across crashes: what a node has sent and not every receiver has acknowledged, what it has received last from each sender,
// and what it has deferred. All of that is written to its log together with the steps that it belongs to.
//
// The guarantee between two correct nodes, however often either is killed: what a step sends is on the sender's disk with the step, and is sent
// again until the receiver acknowledges it; the receiver acknowledges it once its own disk has what came of it; and what arrives a second
// time is not handled again. So a message is lost only if its receiver's queue is full (see connections.ts), or together with a disk.

import { randomBytes } from "node:crypto";
import type { Json, NodeId } from "../protocol/index.js";
import { Deferred, type DeferredMessage } from "./deferred.js";

/** A message as its sender numbers it: the id of the sender's log, and the number of the message among all that it has sent. */
export type Numbered = readonly [log: string, number: number];

/** A message that a step has sent. */
export interface SentMessage {
  readonly number: number;
  /** Null: to every replica but the node itself. */
  readonly to: NodeId | null;
  /** The number of the step that sent it. */
  readonly step: number;
  readonly message: Json;
}

/** What stands in the log besides the stable state and the messages themselves. */
export interface Standing {
  /** Drawn when the log was made: a node with an empty disk counts its messages anew. */
  readonly id: string;
  /** The number of the last step. */
  readonly step: number;
  /** How many messages were sent. */
  readonly sent: number;
  /** By receiver: all messages to it up to this number are acknowledged. */
  readonly acknowledged: { readonly [receiver: NodeId]: number };
  /** By sender: the last message that was handled. */
  readonly received: { readonly [sender: NodeId]: Numbered };
  /** By its key. */
  readonly deferred: { readonly [key: string]: DeferredMessage };
}

interface Open extends SentMessage {
  readonly receivers: Set<NodeId>;
}

/** See the file comment. */
export class Deliveries {
  readonly deferred: Deferred;
  readonly #replicas: readonly NodeId[];
  #id = randomBytes(8).toString("hex");
  #sent = 0;
  #acknowledged: { readonly [receiver: NodeId]: number } = {};
  #received: { readonly [sender: NodeId]: Numbered } = {};
  /** By number, the oldest first: what somebody has not acknowledged. */
  readonly #open = new Map<number, Open>();
  /** What waits for the disk: to be sent, and to be acknowledged. */
  #due: SentMessage[] = [];
  #handled: (() => void)[] = [];

  /** `replicas`: all but the node itself. `givenUp` hears of each deferred message that is given up. */
  constructor(replicas: readonly NodeId[], givenUp: () => void) {
    this.#replicas = replicas;
    this.deferred = new Deferred(givenUp);
  }

  /** Goes on with what a log has. The deferred messages are given back: they are to be handled as if they came again. */
  restore(standing: Standing, sent: readonly SentMessage[]): readonly DeferredMessage[] {
    this.#id = standing.id;
    this.#sent = standing.sent;
    this.#acknowledged = standing.acknowledged;
    this.#received = standing.received;
    for (const message of sent) this.#keep(message);
    return Object.values(standing.deferred);
  }

  /** A message that a step sends, once the disk has the step. */
  add(to: NodeId | null, message: Json, step: number): void {
    const sent = { number: ++this.#sent, to, step, message };
    this.#due.push(sent);
    this.#keep(sent);
  }

  /** Whether a message of `via` has not been handled before; it has from now on. One without a number always is new. */
  isNew(via: NodeId, sent: Numbered | undefined): boolean {
    if (sent === undefined) return true;
    const [log, number] = this.#received[via] ?? ["", 0];
    if (log === sent[0] && number >= sent[1]) return false;
    this.#received = { ...this.#received, [via]: sent };
    return true;
  }

  /** `acknowledge` is to be called once the disk has what was handled so far. */
  handled(acknowledge: () => void): void {
    this.#handled.push(acknowledge);
  }

  /** How many messages wait for the disk, to be sent. */
  get waiting(): number {
    return this.#due.length;
  }

  /** The same, with those that wait to be acknowledged. */
  get pending(): number {
    return this.#due.length + this.#handled.length;
  }

  /** What waits for the disk, which has it when the log is synced next. */
  take() {
    const [due, handled] = [this.#due, this.#handled];
    this.#due = [];
    this.#handled = [];
    return { due, handled };
  }

  /** The numbers of a message that is sent. */
  numbered({ number }: SentMessage): Numbered {
    return [this.#id, number];
  }

  /** Every message that somebody has not acknowledged, the oldest first. */
  get kept(): readonly SentMessage[] {
    return [...this.#open.values()].map(({ receivers: _, ...sent }) => sent);
  }

  /** The same, for each receiver that has not acknowledged it. */
  get unacknowledged(): readonly (SentMessage & { readonly to: NodeId })[] {
    return [...this.#open.values()].flatMap(({ receivers, ...sent }) =>
      [...receivers].map((to) => ({ ...sent, to })),
    );
  }

  /** A receiver has acknowledged a message, and all to it before that; or it is given up (false). */
  settled(number: number, receiver: NodeId, isAcknowledged: boolean): void {
    if (isAcknowledged) this.#acknowledged = { ...this.#acknowledged, [receiver]: number };
    const open = this.#open.get(number);
    if (open?.receivers.delete(receiver) && open.receivers.size === 0) this.#open.delete(number);
  }

  /** After so many steps. Parts that have not changed are the same objects. */
  standing(step: number): Standing {
    return {
      ...{ id: this.#id, step, sent: this.#sent },
      ...{ acknowledged: this.#acknowledged, received: this.#received, deferred: this.deferred.byKey() },
    };
  }

  #keep(sent: SentMessage): void {
    const all = sent.to === null ? this.#replicas : [sent.to];
    const receivers = all.filter((one) => sent.number > (this.#acknowledged[one] ?? 0));
    if (receivers.length > 0) this.#open.set(sent.number, { ...sent, receivers: new Set(receivers) });
  }
}
