// The networks. On `async` messages in flight need no state; the other networks deliver a message at most
// once, so every node has an inbox there (see channels.ts).
//
// To add a network: give it a name in `networks` and `networkNamed`, and what sets it apart a field in
// `Channeled`. Its meaning is in channels.ts (what can be delivered from an inbox now) and, for faults, in
// channel-steps.ts. The test oracle states it once more: test/support/naive/inboxes.ts.

import { didYouMean } from "../protocol/did-you-mean.js";
import { UserError } from "./errors.js";
import type { PartitionShape } from "./partitions.js";

/** A network on which what is on its way is part of the state. */
export interface Channeled {
  /**
   * How many of the oldest messages of a link may be delivered next: 1 on an ordered link. Null: any message,
   * and it does not matter over which link it comes.
   */
  readonly window: number | null;
  /**
   * Whether a message stays on its way if its receiver ignores it (no new state, nothing sent to anybody in
   * the run, no event).
   */
  readonly keepsIgnored: boolean;
  /**
   * Whether what is on its way is a set, in which a message stays when it is delivered: so it may be delivered
   * any number of times.
   */
  readonly isSet: boolean;
  /** How many messages may get lost in a run; infinite: any number. On ordered links it is always the oldest one. */
  readonly losses: number;
  /** How many messages may be doubled in a run. */
  readonly duplications: number;
  /** The shape of its partitions, if it has any: see partitions.ts. */
  readonly partitions: PartitionShape | null;
  /** How many partitions there may be in a run; infinite: any number. */
  readonly cuts: number;
}

/** The networks by name, for lists; K stands for a whole number of at least 1. */
export const networks: readonly { readonly name: string; readonly summary: string }[] = [
  {
    name: "async",
    summary: "a message once sent may be delivered at any time, any number of times, in any order, or never",
  },
  {
    name: "once",
    summary: "a message is delivered at most once, in any order; one that its receiver ignores is used up",
  },
  { name: "once:keep", summary: "the same, but a message that its receiver ignores stays on its way" },
  {
    name: "fifo",
    summary: "a message is delivered at most once, after all that were sent before it on the same link",
  },
  {
    name: "reordering:K",
    summary: "once, and any of the K oldest messages on a link may be delivered next",
  },
  { name: "lossy:K", summary: "once, and up to K messages get lost" },
  { name: "lossy", summary: "once, and any number of messages get lost" },
  { name: "lossy-fifo:K", summary: "fifo, and up to K messages get lost" },
  { name: "lossy-fifo", summary: "fifo, and any number of messages get lost" },
  { name: "duplicating:K", summary: "once, and up to K messages are doubled on their way" },
  {
    name: "duplicating",
    summary:
      "a message that was sent stays on its way, and may be delivered any number of times, in any order",
  },
  {
    name: "partitions:K",
    summary:
      "fifo, and up to K times the replicas are parted into two groups; what crosses a cut is lost, and each cut heals",
  },
  { name: "partitions", summary: "the same, any number of times, one after the other" },
  {
    name: "one-way-partitions:K",
    summary: "partitions:K, and only one of the groups does not reach the other",
  },
  { name: "one-way-partitions", summary: "the same, any number of times" },
  { name: "bridge-partitions:K", summary: "partitions:K, and one replica sees both groups" },
  { name: "bridge-partitions", summary: "the same, any number of times" },
];

const plain: Channeled = {
  window: null,
  keepsIgnored: false,
  isSet: false,
  losses: 0,
  duplications: 0,
  partitions: null,
  cuts: 0,
};

function parting(partitions: PartitionShape, cuts: number): Channeled {
  return { ...plain, window: 1, partitions, cuts };
}

/** Whether a network loses messages that it never delivers. */
export function losesForGood(network: string): boolean {
  const channeled = networkNamed(network);
  return channeled !== null && (channeled.losses > 0 || channeled.cuts > 0);
}

/** The networks without a number. */
const named: { readonly [name: string]: Channeled | null } = {
  async: null,
  once: plain,
  "once:keep": { ...plain, keepsIgnored: true },
  fifo: { ...plain, window: 1 },
  lossy: { ...plain, losses: Number.POSITIVE_INFINITY },
  "lossy-fifo": { ...plain, window: 1, losses: Number.POSITIVE_INFINITY },
  duplicating: { ...plain, isSet: true },
  partitions: parting("both-ways", Number.POSITIVE_INFINITY),
  "one-way-partitions": parting("one-way", Number.POSITIVE_INFINITY),
  "bridge-partitions": parting("bridge", Number.POSITIVE_INFINITY),
};

/** Those with one. */
const numbered: { readonly [kind: string]: (count: number) => Channeled } = {
  reordering: (window) => ({ ...plain, window }),
  lossy: (losses) => ({ ...plain, losses }),
  "lossy-fifo": (losses) => ({ ...plain, window: 1, losses }),
  duplicating: (duplications) => ({ ...plain, duplications }),
  partitions: (cuts) => parting("both-ways", cuts),
  "one-way-partitions": (cuts) => parting("one-way", cuts),
  "bridge-partitions": (cuts) => parting("bridge", cuts),
};

/**
 * The network with this name; null is `async`.
 *
 * ```ts
 * networkNamed("lossy:2") // => { losses: 2, window: null, duplications: 0, ... }
 * ```
 * @throws {UserError} `bad-option` if there is none.
 */
export function networkNamed(name: string): Channeled | null {
  if (Object.hasOwn(named, name)) return named[name]!;
  const [, kind = "", count] = /^([a-z-]+):([1-9]\d{0,3})$/.exec(name) ?? [];
  if (Object.hasOwn(numbered, kind)) return numbered[kind]!(Number(count));
  const names = networks.map((network) => network.name);
  throw new UserError(
    "bad-option",
    `There is no network named "${name}". ${didYouMean(name, names)}There are: ${names.join(", ")} ` +
      "(K: how many messages or cuts, from 1 to 9999).",
  );
}

/** Whether a network of searches may deliver a message more than once. */
export function repeatsMessages(name: string): boolean {
  const channeled = networkNamed(name);
  return channeled === null || channeled.isSet || channeled.duplications > 0;
}
