// The deferred messages of a node: those that it cannot use yet, and looks at again after every change of its state. Each node that sends
// such messages has its own limit, so that it cannot fill another one's memory, nor push out what others have sent.

import type { NodeId } from "../protocol/index.js";
import type { RecordedInput } from "../records/index.js";

/** How many are kept of each sender, and how many characters of JSON: the latest. */
export const deferredOfSender = 1000;
export const deferredCharacters = 4 * 2 ** 20;

/** A message that was deferred, with what its record says. */
export type DeferredMessage = Extract<RecordedInput, { readonly kind: "message" }>;

interface Kept {
  readonly message: DeferredMessage;
  readonly characters: number;
}

/** What is kept of one sender. */
interface OfSender {
  /** The oldest first. */
  readonly keys: Set<string>;
  characters: number;
}

/** See the file comment. */
export class Deferred {
  readonly #byKey = new Map<string, Kept>();
  readonly #bySender = new Map<NodeId, OfSender>();
  readonly #dropped: () => void;
  /** How long messages are, which are the same objects whenever they are looked at. */
  readonly #characters = new WeakMap<object, number>();
  #given: { readonly [key: string]: DeferredMessage } = {};
  #isGiven = true;

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
    this.#isGiven = false;
    const sender = message.via ?? message.from;
    const of = this.#bySender.get(sender) ?? { keys: new Set(), characters: 0 };
    this.#bySender.set(sender, of);
    const characters = this.#lengthOf(message);
    for (const oldest of of.keys) {
      if (of.keys.size < deferredOfSender && of.characters + characters <= deferredCharacters) break;
      of.keys.delete(oldest);
      of.characters -= this.#byKey.get(oldest)!.characters;
      this.#byKey.delete(oldest);
      this.#dropped();
    }
    of.keys.add(key);
    of.characters += characters;
    this.#byKey.set(key, { message, characters });
  }

  /** All of them, which are not kept any longer, in the order in which they came. */
  take(): readonly DeferredMessage[] {
    const all = [...this.#byKey.values()].map(({ message }) => message);
    this.#byKey.clear();
    this.#bySender.clear();
    this.#isGiven = false;
    return all;
  }

  /** All of them by their keys; the same object as the last time if they are the same. */
  byKey(): { readonly [key: string]: DeferredMessage } {
    if (this.#isGiven) return this.#given;
    this.#isGiven = true;
    const before = new Map(Object.entries(this.#given));
    const isSame =
      before.size === this.#byKey.size &&
      [...this.#byKey].every(([key, { message }]) => before.get(key)?.message === message.message);
    if (!isSame)
      this.#given = Object.fromEntries([...this.#byKey].map(([key, { message }]) => [key, message]));
    return this.#given;
  }

  #lengthOf({ message }: DeferredMessage): number {
    if (typeof message !== "object" || message === null) return 16;
    const known = this.#characters.get(message) ?? JSON.stringify(message).length;
    this.#characters.set(message, known);
    return known;
  }
}
