// Outboxes: what nodes have sent, interned as lists of messages, each with the bit mask of its recipients.

import { PairTable } from "./tables.js";
import { SharedTuples } from "./tuples.js";

/** What a node has sent: message id -> bit mask of recipients, sorted by message id. */
export type Outbox = readonly (readonly [message: number, recipients: number])[];

/**
 * Stands for all Byzantine nodes among the recipients of a message: what only they receive is kept for what
 * it tells them.
 */
export const byzantineBit = 1 << 30;

/** The number of the empty outbox. */
export const noOutbox = 0;

/** All outboxes of a node by number; 0 is the empty one. */
export class Outboxes {
  readonly all: Outbox[] = [];
  readonly ids = new SharedTuples((key) => this.all.push(outboxOf(key)));
  /** (outbox, outbox) -> whether the first has everything that is in the second. */
  readonly #includes = new PairTable();

  constructor() {
    this.id([]);
  }

  /** The number of an outbox, which has to be sorted by message unless its order matters. */
  id(outbox: Outbox): number {
    const id = this.ids.id(outbox.flat());
    if (id === this.all.length) this.all.push(outbox);
    return id;
  }

  /** What it is after more has been sent. */
  after(outbox: number, more: Outbox): number {
    const before = this.all[outbox]!;
    const after = more.reduce(withSending, before);
    return after === before ? outbox : this.id(after);
  }

  /** Whether in both the same message went to the same node. */
  haveTheSame(a: number, b: number): boolean {
    if (a === noOutbox || b === noOutbox) return false;
    const recipientsOf = new Map(this.all[a]!);
    return this.all[b]!.some(([message, to]) => ((recipientsOf.get(message) ?? 0) & to) !== 0);
  }

  /** Whether everything in the second stands in the first. */
  includes(a: number, b: number): boolean {
    if (a === b || b === noOutbox) return true;
    const known = this.#includes.get(a, b);
    if (known >= 0) return known === 1;
    const recipientsOf = new Map(this.all[a]!);
    const includes = this.all[b]!.every(([message, to]) => (to & ~(recipientsOf.get(message) ?? 0)) === 0);
    this.#includes.set(a, b, includes ? 1 : 0);
    return includes;
  }
}

/** A message that was sent, or sent to more nodes, since an earlier outbox. */
export interface Addition {
  readonly message: number;
  /** Bit masks: all its recipients, and those who are new. */
  readonly recipients: number;
  readonly added: number;
  /** Whether it was not sent to anyone before. */
  readonly isNew: boolean;
}

/** An outbox, sorted by message, with one more sending in it: the same one if that is in it. */
function withSending(outbox: Outbox, sending: Outbox[number]): Outbox {
  const [message, recipients] = sending;
  let at = outbox.length;
  while (at > 0 && outbox[at - 1]![0] > message) at--;
  const known = at > 0 && outbox[at - 1]![0] === message ? outbox[at - 1]![1] : 0;
  if (known === 0) return outbox.toSpliced(at, 0, sending);
  return (known | recipients) === known ? outbox : outbox.with(at - 1, [message, known | recipients]);
}

/** What a node has sent between two outboxes, both sorted by message. */
export function additions(before: Outbox, after: Outbox): Addition[] {
  const found: Addition[] = [];
  let at = 0;
  for (const [message, recipients] of after) {
    while (at < before.length && before[at]![0] < message) at++;
    const isNew = at === before.length || before[at]![0] !== message;
    const added = isNew ? recipients : recipients & ~before[at]![1];
    if (added !== 0) found.push({ message, recipients, added, isNew });
  }
  return found;
}

/** The outbox whose messages and recipients are these. */
function outboxOf(numbers: readonly number[]): Outbox {
  return Array.from({ length: numbers.length / 2 }, (_, index) => [
    numbers[2 * index]!,
    numbers[2 * index + 1]!,
  ]);
}
