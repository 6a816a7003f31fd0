// Writes the record of a node. Lines are collected and written together, before anything that the node sends
// because of them leaves it: whatever was received stands in its sender's record. A file that has grown is finished, and another one begins.
//
// After a power cut a file has at least what was synced. Behind that it may end anywhere, or have holes of zeros: the first line that is not whole
// and all behind it are taken away.

import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
} from "node:fs";
import { join } from "node:path";
import { makeDirectory, reasonOf, syncDirectory, writeAll } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { sortedText } from "../model/sorted-text.js";
import { finishedName, recordFilesIn, recordName } from "./files.js";
import { parseLine } from "./reader.js";
import type { Clock, RecordedStep, RecordHead } from "./schema.js";

/** A file that has more bytes is finished. */
const usualBytesMax = 64 * 2 ** 20;

/** Lines are shorter: a frame has at most 1 MiB, and a state that is stable stands in one line. */
const readAtATime = 2 ** 20;

/** See the file comment. */
export class RecordWriter {
  readonly #directory: string;
  readonly #file: string;
  readonly #head: RecordHead;
  readonly #bytesMax: number;
  #descriptor: number;
  #bytes: number;
  /** How many files are finished. They may have been moved elsewhere. */
  #finished: number;
  #clock: Clock;
  #lines: string[] = [];
  /** A write has failed: what stands at the end may be half a line, and nothing may come behind it. */
  #hasFailed = false;
  /** Something was written that was not synced. */
  #isDirty = false;
  /** The clock of the last step that is recorded; empty if the record is new. */
  readonly lastClock: Clock;

  /**
   * Goes on with the record in a directory, if there is one: in another file if other code wrote it. What a crash has left of lines is
   * taken away.
   */
  constructor(directory: string, head: RecordHead, bytesMax = usualBytesMax) {
    this.#directory = directory;
    this.#file = join(directory, recordName);
    this.#head = head;
    this.#bytesMax = bytesMax;
    try {
      makeDirectory(directory);
      this.#descriptor = openSync(this.#file, "a+", 0o600);
      this.#bytes = withoutBrokenLines(this.#descriptor);
      const before = this.#bytes > 0 ? this.#file : (recordFilesIn(directory).at(-2) ?? null);
      const { part, clock, code } = before === null ? nothingWritten : standing(before);
      this.#finished = this.#bytes > 0 ? part - 1 : part;
      this.#clock = clock;
      this.lastClock = clock;
      if (this.#bytes === 0) this.#begin();
      else if (sortedText(code) !== sortedText(head.code)) this.#finish();
      syncDirectory(directory); // the file itself
    } catch (error) {
      throw error instanceof UserError ? error : this.#failed(error);
    }
  }

  add(step: RecordedStep): void {
    this.#lines.push(JSON.stringify(step));
    this.#clock = step.clock;
  }

  /** Writes what was collected. */
  flush(): void {
    if (this.#lines.length === 0 || this.#hasFailed) return;
    const bytes = Buffer.from(`${this.#lines.join("\n")}\n`);
    this.#lines = [];
    try {
      writeAll(this.#descriptor, bytes);
      this.#bytes += bytes.length;
      this.#isDirty = true;
      if (this.#bytes > this.#bytesMax) this.#finish();
    } catch (error) {
      throw this.#failed(error);
    }
  }

  /** Waits until the disk has what was written. Nothing may be written meanwhile. */
  sync(): Promise<void> {
    if (!this.#isDirty) return Promise.resolve();
    this.#isDirty = false;
    return new Promise((resolve, reject) =>
      fdatasync(this.#descriptor, (error) => (error === null ? resolve() : reject(this.#failed(error)))),
    );
  }

  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }

  #begin(): void {
    const part = this.#finished + 1;
    this.#lines.unshift(JSON.stringify({ ...this.#head, ...(part > 1 && { part, clock: this.#clock }) }));
  }

  #finish(): void {
    fdatasyncSync(this.#descriptor);
    closeSync(this.#descriptor);
    this.#finished++;
    renameSync(this.#file, this.#nameOf(this.#finished));
    this.#descriptor = openSync(this.#file, "a+", 0o600);
    syncDirectory(this.#directory);
    this.#bytes = 0;
    this.#begin();
  }

  #nameOf(number: number): string {
    return join(this.#directory, finishedName(number));
  }

  #failed(error: unknown): UserError {
    this.#hasFailed = true;
    return new UserError("bad-file", `${this.#file} could not be written: ${reasonOf(error)}`);
  }
}

/** Takes away what stands behind the last line that is whole, as are all before it; how many bytes are left. */
function withoutBrokenLines(descriptor: number): number {
  const { size } = fstatSync(descriptor);
  const whole = 1 + lastIndexBefore(descriptor, holeIn(descriptor, size));
  if (whole < size) ftruncateSync(descriptor, whole);
  return whole;
}

/** Where a file has a zero, which no line has; its size if it has none. */
function holeIn(descriptor: number, size: number): number {
  for (let from = 0; from < size; from += readAtATime) {
    const index = bytesOf(descriptor, from, Math.min(size, from + readAtATime)).indexOf(0);
    if (index >= 0) return from + index;
  }
  return size;
}

/** Where the last end of a line is before this place; -1: there is none. */
function lastIndexBefore(descriptor: number, end: number): number {
  for (let before = end; before > 0; ) {
    const from = Math.max(0, before - readAtATime);
    const index = bytesOf(descriptor, from, before).lastIndexOf("\n");
    if (index >= 0) return from + index;
    before = from;
  }
  return -1;
}

function bytesOf(descriptor: number, from: number, to: number): Buffer {
  const bytes = Buffer.alloc(to - from);
  for (let read = 0; read < bytes.length; ) {
    const more = readSync(descriptor, bytes, read, bytes.length - read, from + read);
    if (more === 0) throw new Error("it became shorter while it was read");
    read += more;
  }
  return bytes;
}

/** Where a record stands: which part of it a file is, the clock of its last step, and the code that wrote it. */
type Standing = Pick<RecordHead, "code"> & { readonly part: number; readonly clock: Clock };

const nothingWritten: Standing = { part: 0, clock: {} };

function standing(file: string): Standing {
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    const first = bytesOf(descriptor, 0, Math.min(size, readAtATime)).toString();
    const head = parseLine(first.slice(0, first.indexOf("\n")), `line 1 of ${file}`);
    const last = bytesOf(descriptor, 1 + lastIndexBefore(descriptor, size - 1), size - 1).toString();
    const line = parseLine(last, `the last line of ${file}`);
    const { part = 1, code } = head.kind === "head" ? head : {};
    return { part, clock: line.clock ?? {}, ...(code && { code }) };
  } finally {
    closeSync(descriptor);
  }
}
