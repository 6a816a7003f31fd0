// One dictionary for several threads: numbers mean the same in all of them, and what one has worked out the others need not
// work out again. It is a log in shared memory, to which entries are only ever appended: the number of a table and a text
// that says, in numbers defined further up, what the next number of that table stands for. Every thread has tables of its
// own and fills them from the log; a thread that has something new appends it.
//
// Why that is right. Whoever appends holds the lock, and has first taken over everything that others have appended: so
// the texts of one table are in the same order everywhere, and its n-th text has the number n everywhere. The end of
// the log is moved (Atomics.store) after the entry is written, and read (Atomics.load) before entries are: what stands before
// the end is written. A thread meets another's numbers in states, which it is given by a message after a round, or in
// further up entries: whoever catches up when a round begins, and before it appends, knows every number that it meets.

import { UserError } from "./errors.js";

/** How a table appends to the log. */
export interface Link {
  /**
   * Appends a text, unless `isKnown` says, once everything of others has been taken over, that it is not needed any more.
   * Returns whether it was appended.
   */
  append(text: string, isKnown: () => boolean): boolean;
}

/** A table whose entries several threads have in common. */
export interface SharedTable {
  /** The texts of all entries so far, in order. */
  texts(): Iterable<string>;
  /** Takes over an entry. It must not ask for numbers that may be new. */
  adopt(text: string): void;
  /** From now on the table appends what is new. */
  share(link: Link): void;
}

const maxBytes = 2 ** 32;
const headerBytes = 8; // the lock, and the end of the log in words
const maxWaitMs = 60_000;

/** See the file comment. */
export class Dictionary {
  readonly memory: SharedArrayBuffer;
  readonly #tables: readonly SharedTable[];
  readonly #header: Int32Array;
  #words: Int32Array;
  #bytes: Buffer;
  /** How far this thread has read, in words. */
  #position = headerBytes / 4;

  /** The log of other threads, or a new one that begins with what the tables know already. */
  constructor(tables: readonly SharedTable[], memory?: SharedArrayBuffer) {
    this.memory = memory ?? new SharedArrayBuffer(1 << 20, { maxByteLength: maxBytes });
    this.#tables = tables;
    this.#header = new Int32Array(this.memory, 0, headerBytes / 4);
    this.#words = new Int32Array(this.memory, 0, this.memory.byteLength / 4);
    this.#bytes = Buffer.from(this.memory, 0, this.memory.byteLength);
    if (memory === undefined) {
      Atomics.store(this.#header, 1, this.#position);
      for (const [index, table] of tables.entries())
        for (const text of table.texts()) this.#write(index, text);
    } else this.catchUp();
    for (const [index, table] of tables.entries())
      table.share({ append: (text, isKnown) => this.#append(index, text, isKnown) });
  }

  /** How many bytes the log has. */
  get bytes(): number {
    return Atomics.load(this.#header, 1) * 4;
  }

  /** Takes over what others have appended since. */
  catchUp(): void {
    const end = Atomics.load(this.#header, 1);
    if (end > this.#words.length) this.#view();
    while (this.#position < end) {
      const at = this.#position;
      const length = this.#words[at + 1]!;
      this.#position = at + 2 + Math.ceil(length / 4);
      const start = (at + 2) * 4;
      this.#tables[this.#words[at]!]!.adopt(this.#bytes.toString("utf8", start, start + length));
    }
  }

  #append(table: number, text: string, isKnown: () => boolean): boolean {
    this.#lock();
    try {
      this.catchUp();
      if (isKnown()) return false;
      this.#write(table, text);
      return true;
    } finally {
      Atomics.store(this.#header, 0, 0);
      Atomics.notify(this.#header, 0, 1);
    }
  }

  #write(table: number, text: string): void {
    if (!text.isWellFormed()) throw new UserError("protocol-malformed", `Half a character in ${text}.`);
    const at = this.#position;
    const needed = (at + 3) * 4 + text.length * 3;
    if (needed > this.memory.byteLength) {
      if (needed > maxBytes)
        throw new UserError("bad-option", "The workers' dictionary is full (4 GiB): try --workers 1.");
      this.memory.grow(Math.min(maxBytes, Math.max(needed, this.memory.byteLength * 2)));
    }
    if (needed > this.#bytes.length) this.#view();
    const length = this.#bytes.write(text, (at + 2) * 4);
    this.#words[at] = table;
    this.#words[at + 1] = length;
    this.#position = at + 2 + Math.ceil(length / 4);
    Atomics.store(this.#header, 1, this.#position);
  }

  #view(): void {
    const { byteLength } = this.memory;
    this.#words = new Int32Array(this.memory, 0, byteLength >>> 2);
    this.#bytes = Buffer.from(this.memory, 0, byteLength);
  }

  #lock(): void {
    const until = performance.now() + maxWaitMs;
    while (Atomics.compareExchange(this.#header, 0, 0, 1) !== 0) {
      Atomics.wait(this.#header, 0, 1, 100);
      if (performance.now() > until) throw new Error("a thread keeps the dictionary locked");
    }
  }
}
