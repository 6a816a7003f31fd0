// The networks. On `async` messages in flight need no state; the other networks deliver a message at most
// once, so every node has an inbox there (see channels.ts).
//
// To add a network: give it a name in `networks` and `networkNamed`, and what sets it apart a field in
// `Channeled`. Its meaning is in channels.ts (what can be delivered from an inbox now) and, for faults, in
// channel-steps.ts. The test oracle states it once more: test/support/naive/inboxes.ts.

import { didYouMean } from "./did-you-mean.js";
import { UserError } from "./errors.js";

/** A network on which what is on its way is part of the state. */
export interface Channeled {
  /** Whether the messages on each link arrive in the order in which they were sent. */
  readonly isOrdered: boolean;
  /**
   * Whether a message stays on its way if its receiver ignores it (no new state, nothing sent to anybody in
   * the run, no event).
   */
  readonly keepsIgnored: boolean;
  /** How many messages may get lost in a run. */
  readonly losses: number;
  /** How many messages may be doubled in a run. */
  readonly duplications: number;
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
  { name: "lossy:K", summary: "once, and up to K messages get lost" },
  { name: "duplicating:K", summary: "once, and up to K messages are doubled on their way" },
];

const plain: Channeled = { isOrdered: false, keepsIgnored: false, losses: 0, duplications: 0 };

/**
 * The network with this name; null is `async`.
 *
 * ```ts
 * networkNamed("lossy:2") // => { isOrdered: false, keepsIgnored: false, losses: 2, duplications: 0 }
 * ```
 * @throws {UserError} `bad-option` if there is none.
 */
export function networkNamed(name: string): Channeled | null {
  switch (name) {
    case "async":
      return null;
    case "once":
      return plain;
    case "once:keep":
      return { ...plain, keepsIgnored: true };
    case "fifo":
      return { ...plain, isOrdered: true };
  }
  const [, kind, count] = /^(lossy|duplicating):([1-9]\d{0,3})$/.exec(name) ?? [];
  if (kind === "lossy") return { ...plain, losses: Number(count) };
  if (kind === "duplicating") return { ...plain, duplications: Number(count) };
  const names = networks.map((network) => network.name);
  throw new UserError(
    "bad-option",
    `There is no network named "${name}". ${didYouMean(name, names)}There are: ${names.join(", ")} ` +
      "(K: how many messages, from 1 to 9999).",
  );
}
