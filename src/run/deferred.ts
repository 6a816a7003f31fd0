// The deferred messages of a node: those that it cannot use yet, and looks at again after every change of its state. Each node that sends
// such messages has its own limit, so that it cannot fill another one's memory, nor push out what others have sent.

import type { NodeId } from "../protocol/index.js";
import type { RecordedInput } from "../records/index.js";

/** How many are kept of each sender: the latest. */
export const deferredOfSender = 1000;

/** A message that was deferred, with what its record says. */
export type DeferredMessage = Extract<RecordedInput, { readonly kind: "message" }>;

/** See the file comment. */
export class Deferred {
  readonly #byKey = new Map<string, DeferredMessage>();
  /** By sender, the keys of its messages, the oldest first. */
  readonly #keysOf = new Map<NodeId, Set<string>>();
  readonly #dropped: () => void;

  /** `dropped` hears of each message that is given up. */
  constructor(dropped: () => void) {
    this.#dropped = dropped;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** Keeps a message under a key, unless one is there. */
  add(key: string, message: DeferredMessage): void {
    if (this.#byKey.has(key)) return;
    const sender = message.via ?? message.from;
    const keys = this.#keysOf.get(sender) ?? new Set();
    this.#keysOf.set(sender, keys);
    if (keys.size >= deferredOfSender) {
      const [oldest] = keys;
      keys.delete(oldest!);
      this.#byKey.delete(oldest!);
      this.#dropped();
    }
    keys.add(key);
    this.#byKey.set(key, message);
  }

  /** All of them, which are not kept any longer, in the order in which they came. */
  take(): readonly DeferredMessage[] {
    const all = [...this.#byKey.values()];
    this.#byKey.clear();
    this.#keysOf.clear();
    return all;
  }
}
