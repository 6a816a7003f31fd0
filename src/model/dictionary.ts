// A dictionary shared by several threads: numbers mean the same in all of them, and what one thread has
// computed the others need not compute again. It is an append-only log in shared memory. Every thread has
// tables of its own and fills them from the log.
//
// Why that is right. Whoever appends holds the lock, and has first taken over everything that others have
// appended: so the texts of one numbering are in the same order everywhere, and its n-th text has the number
// n everywhere. The end of the log is moved (Atomics.store) after the entry is written, and read
// (Atomics.load) before entries are: what stands before the end is written. A thread meets another's numbers
// in states, which it is given by a message after a round, or in entries further up: whoever catches up when
// a round begins, and before it appends, knows every number that it meets.

import { UserError } from "./errors.js";
import { IntList } from "./tables.js";

/** Numbers that several threads have in common. */
export interface SharedNumbering {
  /** The texts of all entries so far, in order. */
  texts(): Iterable<string>;
  /** Takes over an entry. It must not ask for numbers that may be new. */
  deserialize(text: string): void;
  /**
   * From now on the numbering has to append what is new. `append` does nothing if `isKnown` says, once
   * everything of others has been taken over, that it is not new; it returns whether it has appended
   * anything.
   */
  share(append: (text: string, isKnown: () => boolean) => boolean): void;
}

/** Answers that several threads have in common. */
export interface SharedMemo {
  /** All entries so far. */
  entries(): Iterable<readonly number[]>;
  /** Takes over an entry (`length` integers from `at` on), unless it is known. */
  deserialize(items: Int32Array, at: number, length: number): void;
  /** From now on the memo has to publish what is new. */
  share(publish: (entry: readonly number[]) => void): void;
}

/** What threads have in common, numberings in an order in which each is made of those before it. */
export interface SharedTables {
  readonly numberings: readonly SharedNumbering[];
  readonly memos: readonly SharedMemo[];
}

const maxBytes = 2 ** 32;
const [lockAt, endAt, headerWords] = [0, 1, 2];
/** The lock is free, taken, or taken while others wait for it. */
const [free, taken, contended] = [0, 1, 2];
const spins = 200;
const maxWaitMs = 60_000;

/** A dictionary shared by several threads. */
export class Dictionary {
  readonly memory: SharedArrayBuffer;
  readonly #numberings: readonly SharedNumbering[];
  readonly #memos: readonly SharedMemo[];
  readonly #header: Int32Array;
  #words: Int32Array;
  #bytes: Buffer;
  /** How far this thread has read, in words. */
  #position = headerWords;
  /** Entries of memos that are still to be appended: number of the memo, length, integers. */
  readonly #pending = new IntList();

  /** The log of other threads, or a new one that begins with what the tables know already. */
  constructor({ numberings, memos }: SharedTables, memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(1 << 20, { maxByteLength: maxBytes });
    this.#numberings = numberings;
    this.#memos = memos;
    this.#header = new Int32Array(this.memory, 0, headerWords);
    [this.#words, this.#bytes] = this.#views();
    if (memory === undefined) {
      Atomics.store(this.#header, endAt, this.#position);
      for (const [index, numbering] of numberings.entries())
        for (const text of numbering.texts()) this.#write(index, text);
      for (const [index, memo] of memos.entries())
        for (const entry of memo.entries()) this.#publish(index, entry);
      this.#writePending();
    } else this.catchUp();
    for (const [index, numbering] of numberings.entries())
      numbering.share((text, isKnown) => this.#append(index, text, isKnown));
    for (const [index, memo] of memos.entries()) memo.share((entry) => this.#publish(index, entry));
  }

  /** How many bytes the log has. */
  get bytes(): number {
    return Atomics.load(this.#header, endAt) * 4;
  }

  /** Takes over what others have appended since. */
  catchUp(): void {
    const end = Atomics.load(this.#header, endAt);
    if (end > this.#words.length) [this.#words, this.#bytes] = this.#views();
    const words = this.#words;
    while (this.#position < end) {
      const at = this.#position + 2;
      const table = words[at - 2]!;
      const length = words[at - 1]!;
      if (table >= this.#numberings.length) {
        this.#position = at + length;
        this.#memos[table - this.#numberings.length]!.deserialize(words, at, length);
      } else {
        this.#position = at + Math.ceil(length / 4);
        this.#numberings[table]!.deserialize(this.#bytes.toString("utf8", at * 4, at * 4 + length));
      }
    }
  }

  /** Takes over what is new, and lets others have what this thread has worked out. */
  exchange(): void {
    if (this.#pending.length === 0) this.catchUp();
    else this.#locked(() => this.#writePending());
  }

  #append(numbering: number, text: string, isKnown: () => boolean): boolean {
    return this.#locked(() => {
      this.#writePending();
      if (isKnown()) return false;
      this.#write(numbering, text);
      return true;
    });
  }

  #publish(memo: number, entry: readonly number[]): void {
    const pending = this.#pending;
    pending.push(this.#numberings.length + memo);
    pending.push(entry.length);
    for (const item of entry) pending.push(item);
  }

  /** The entries at hand have the form that they have in the log. */
  #writePending(): void {
    const { items, length } = this.#pending;
    if (length === 0) return;
    this.#reserve(length * 4);
    this.#words.set(items.subarray(0, length), this.#position);
    this.#pending.length = 0;
    this.#moveEnd(this.#position + length);
  }

  #write(numbering: number, text: string): void {
    if (!text.isWellFormed()) throw new UserError("protocol-malformed", `Half a character in ${text}.`);
    this.#reserve(12 + text.length * 3);
    const at = this.#position + 2;
    const length = this.#bytes.write(text, at * 4);
    this.#words[at - 2] = numbering;
    this.#words[at - 1] = length;
    this.#moveEnd(at + Math.ceil(length / 4));
  }

  #moveEnd(end: number): void {
    this.#position = end;
    Atomics.store(this.#header, endAt, end);
  }

  #reserve(bytes: number): void {
    const needed = this.#position * 4 + bytes;
    if (needed > this.memory.byteLength) {
      if (needed > maxBytes)
        throw new UserError("bad-option", "The workers' dictionary is full (4 GiB): try --workers 1.");
      this.memory.grow(Math.min(maxBytes, Math.max(needed, this.memory.byteLength * 2)));
    }
    if (needed > this.#bytes.length) [this.#words, this.#bytes] = this.#views();
  }

  #views(): [words: Int32Array, bytes: Buffer] {
    const { byteLength } = this.memory;
    return [new Int32Array(this.memory, 0, byteLength >>> 2), Buffer.from(this.memory, 0, byteLength)];
  }

  /** Does something while no other thread can append, and this one has taken over everything. */
  #locked<T>(action: () => T): T {
    this.#lock();
    try {
      this.catchUp();
      return action();
    } finally {
      if (Atomics.exchange(this.#header, lockAt, free) === contended) Atomics.notify(this.#header, lockAt, 1);
    }
  }

  #lock(): void {
    for (let spin = 0; spin < spins; spin++)
      if (Atomics.compareExchange(this.#header, lockAt, free, taken) === free) return;
    const until = performance.now() + maxWaitMs;
    while (Atomics.exchange(this.#header, lockAt, contended) !== free) {
      Atomics.wait(this.#header, lockAt, contended, 1000);
      if (performance.now() > until) throw new Error("a thread keeps the dictionary locked");
    }
  }
}
