// The checkpoint file: lines of JSON, then records of integers, then a digest of both. The first line says
// how many lines and records follow. It is written and read piece by piece, since the interned values of a
// long search do not fit into one string. A file is complete from the moment it exists.

import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { reasonOf, writeAll, writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";

const digestBytes = 32;
const newline = 0x0a;
/** Bytes that are read or written at once. */
const chunk = 1 << 20;
/** No state or message is so large: what has no end of a line for so many bytes is something else. */
const maxLine = 32 * chunk;

/** Takes lines, and then records. */
export interface CheckpointSink {
  line(value: unknown): void;
  records(items: Int32Array): void;
}

/** Writes a file in place of an older one. @throws {UserError} `bad-file` if that is not possible. */
export function writeCheckpointFile(file: string, fill: (sink: CheckpointSink) => void): void {
  writeAtomically(file, (descriptor) => {
    const writer = new Writer(descriptor);
    fill(writer);
    writer.end();
  });
}

class Writer implements CheckpointSink {
  readonly #descriptor: number;
  readonly #hash = createHash("sha256");
  #text = "";

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  line(value: unknown): void {
    this.#text += `${JSON.stringify(value)}\n`;
    if (this.#text.length > chunk) this.#flush();
  }

  records(items: Int32Array): void {
    this.#flush();
    this.#put(new Uint8Array(items.buffer, items.byteOffset, items.byteLength));
  }

  end(): void {
    this.#flush();
    this.#write(this.#hash.digest());
  }

  #flush(): void {
    this.#put(Buffer.from(this.#text));
    this.#text = "";
  }

  #put(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    writeAll(this.#descriptor, bytes);
  }
}

/** Opens a file for reading, and closes it. @throws {UserError} `bad-file` if it is not there. */
export function readingCheckpointFile<T>(file: string, read: (source: CheckpointSource) => T): T {
  let descriptor: number;
  try {
    descriptor = openSync(file, "r");
  } catch (error) {
    throw new UserError("bad-file", `${file} could not be read: ${reasonOf(error)}`);
  }
  try {
    return read(new CheckpointSource(file, descriptor));
  } finally {
    closeSync(descriptor);
  }
}

/** Gives lines, and then records. */
export class CheckpointSource {
  readonly #file: string;
  readonly #descriptor: number;
  /** Bytes before the digest. */
  readonly #size: number;
  /** How many of them were read, into `buffer`; and how many of those were taken. */
  #read = 0;
  #buffer = Buffer.alloc(0);
  #taken = 0;

  constructor(file: string, descriptor: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#size = fstatSync(descriptor).size - digestBytes;
    if (this.#size < 0) throw this.damaged();
  }

  /** @throws {UserError} `bad-file` if the digest is not that of the rest. */
  verify(): void {
    const hash = createHash("sha256");
    for (let at = 0; at < this.#size; ) {
      const bytes = this.#bytesAt(at, Math.min(chunk, this.#size - at));
      hash.update(bytes);
      at += bytes.length;
    }
    if (!hash.digest().equals(this.#bytesAt(this.#size, digestBytes))) throw this.damaged();
  }

  line(): unknown {
    for (let from = this.#taken; this.#buffer.length - this.#taken <= maxLine; ) {
      const end = this.#buffer.indexOf(newline, from);
      if (end >= 0) {
        const text = this.#buffer.toString("utf8", this.#taken, end);
        this.#taken = end + 1;
        try {
          return JSON.parse(text);
        } catch {
          throw this.damaged();
        }
      }
      from = this.#buffer.length - this.#taken;
      if (!this.#more()) throw this.damaged();
    }
    throw this.damaged();
  }

  lines<T>(count: number): T[] {
    return Array.from({ length: count }, () => this.line() as T);
  }

  /** So many integers. */
  records(count: number): Int32Array {
    const bytes = Buffer.from(new ArrayBuffer(count * 4));
    for (let at = 0; at < bytes.length; ) {
      if (this.#taken === this.#buffer.length && !this.#more()) throw this.damaged();
      const copied = this.#buffer.copy(bytes, at, this.#taken);
      this.#taken += copied;
      at += copied;
    }
    return new Int32Array(bytes.buffer, bytes.byteOffset, count);
  }

  /** How many bytes were not taken. */
  get left(): number {
    return this.#size - this.#read + this.#buffer.length - this.#taken;
  }

  damaged(): UserError {
    return new UserError("bad-file", `${this.#file} is not a checkpoint of Turncoat, or it is damaged.`);
  }

  /** Reads on; what was not taken stands first in the buffer then. */
  #more(): boolean {
    const wanted = Math.min(chunk, this.#size - this.#read);
    if (wanted === 0) return false;
    const bytes = this.#bytesAt(this.#read, wanted);
    this.#buffer = Buffer.concat([this.#buffer.subarray(this.#taken), bytes]);
    this.#taken = 0;
    this.#read += bytes.length;
    return true;
  }

  #bytesAt(position: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; ) {
      const read = readSync(this.#descriptor, bytes, at, length - at, position + at);
      if (read === 0) throw this.damaged();
      at += read;
    }
    return bytes;
  }
}
