// Writes the record of a node. Lines are collected and written together, before anything that the node sends
// because of them leaves it: whatever was received stands in its sender's record.

import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { reasonOf, writeAll } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { parseLine } from "./reader.js";
import type { Clock, RecordedStep, RecordHead } from "./schema.js";

/** See the file comment. */
export class RecordWriter {
  readonly #file: string;
  readonly #descriptor: number;
  #lines: string[] = [];
  /** A write has failed: what stands at the end may be half a line, and nothing may come behind it. */
  #hasFailed = false;
  /** The clock of the last step that stands in the file; empty if it is new. */
  readonly lastClock: Clock;

  /** Goes on with a file that is there. A last line that was cut is taken away. */
  constructor(file: string, head: RecordHead) {
    this.#file = file;
    try {
      mkdirSync(dirname(file), { recursive: true });
      this.#descriptor = openSync(file, "a+", 0o600);
      const text = readFileSync(this.#descriptor, "utf8");
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      if (whole.length < text.length) ftruncateSync(this.#descriptor, Buffer.byteLength(whole));
      const last = whole.trimEnd().split("\n").at(-1)!;
      const line = last === "" ? null : parseLine(last, file);
      this.lastClock = line?.kind === "step" ? line.clock : {};
      if (line === null) this.#lines.push(JSON.stringify(head));
    } catch (error) {
      throw error instanceof UserError ? error : this.#failed(error);
    }
  }

  add(step: RecordedStep): void {
    this.#lines.push(JSON.stringify(step));
  }

  /** Writes what was collected. */
  flush(): void {
    if (this.#lines.length === 0 || this.#hasFailed) return;
    const text = `${this.#lines.join("\n")}\n`;
    this.#lines = [];
    try {
      writeAll(this.#descriptor, Buffer.from(text));
    } catch (error) {
      throw this.#failed(error);
    }
  }

  close(): void {
    this.flush();
    closeSync(this.#descriptor);
  }

  #failed(error: unknown): UserError {
    this.#hasFailed = true;
    return new UserError("bad-file", `${this.#file} could not be written: ${reasonOf(error)}`);
  }
}
