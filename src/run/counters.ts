// What a node counts: messages that it took, and those that it did not, by the reason.

/** Why a message was not taken, or not sent. */
export const dropReasons = [
  /** The content of a frame is not JSON, or does not fit the protocol's schema of messages. */
  "malformed",
  /** A signature is missing or does not verify, or a certificate lacks signers. */
  "bad-signature",
  /** A frame is longer than allowed. Its connection is closed. */
  "oversize",
  /** A connection that shows none of the pinned certificates, or none at all. */
  "unknown-sender",
  /** Not sent: too much waits for its receiver. */
  "queue-full",
  /** Not sent: it is longer than a frame may be. Others may have made it so long. */
  "too-long",
  /** A deferred message that was given up: the node that sent it has sent too many others since that are deferred as well. */
  "deferred-too-many",
  /** It was handled before: its sender had not heard that, and has sent it again. */
  "duplicate",
  /** Not sent: it contains a statement of somebody whose signature the node does not have. */
  "unproven",
] as const;
export type DropReason = (typeof dropReasons)[number];

/** The counters of one node. */
export class Counters {
  /** Messages that reached the step function. */
  accepted = 0;
  /** Messages handed to connections. */
  sent = 0;
  /** Bytes of them. */
  sentBytes = 0;
  /** Times that the log was synced. */
  syncs = 0;
  /** Requests executed: the length of the node's log, as far as it has shown that since it began. */
  executed = 0;
  /** Hears how long each sync and each step has taken, in seconds. Default: nobody. */
  onSync: (seconds: number) => void = () => {};
  onStep: (seconds: number) => void = () => {};
  /** Messages sent, by type. */
  readonly byType: { [type: string]: number } = {};
  readonly dropped = Object.fromEntries(dropReasons.map((reason) => [reason, 0])) as Record<
    DropReason,
    number
  >;

  /** The log was synced. */
  synced(seconds: number): void {
    this.syncs++;
    this.onSync(seconds);
  }

  /** A message of this type was handed to a connection. */
  sentTo(type: string, bytes: number): void {
    this.sent++;
    this.sentBytes += bytes;
    this.byType[type] = (this.byType[type] ?? 0) + 1;
  }

  /** A request was executed, as number `position` of the log, from 1. */
  hasExecuted(position: number): void {
    this.executed = Math.max(this.executed, position);
  }

  drop(reason: DropReason): void {
    this.dropped[reason]++;
  }

  /** All of them as plain values. */
  snapshot(): CountersSnapshot {
    const { accepted, sent, sentBytes, syncs, byType, dropped } = this;
    return { accepted, sent, sentBytes, syncs, byType: { ...byType }, dropped: { ...dropped } };
  }
}

/** See {@link Counters}. */
export interface CountersSnapshot {
  readonly accepted: number;
  readonly sent: number;
  readonly sentBytes: number;
  readonly syncs: number;
  readonly byType: { readonly [type: string]: number };
  readonly dropped: { readonly [Reason in DropReason]: number };
}
