// Synchronous standard output and standard error for the thread in which commands run. A thread's own streams
// go through the main thread, and only when the event loop is idle. These write at once, so progress is
// visible during a long computation.

import { writeSync } from "node:fs";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import { isMainThread, workerData } from "node:worker_threads";

/** What only the main thread knows about the terminal. */
export interface TerminalWidths {
  /** Columns of the terminal behind standard output (error); undefined if it is not a terminal. */
  readonly stdout: number | undefined;
  readonly stderr: number | undefined;
}

/** How long to wait for the reader of a full pipe before the next attempt, in milliseconds. */
const pipeFullMs = 5;

class DirectOutput extends Writable {
  readonly fd: number;
  readonly isTTY: boolean;
  readonly columns: number | undefined;

  constructor(fd: number, columns: number | undefined) {
    super({ decodeStrings: true, autoDestroy: false, emitClose: false });
    this.fd = fd;
    this.isTTY = isatty(fd);
    this.columns = columns;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    try {
      writeAll(this.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  }
}

/** Writes at once, waiting for the reader of a full pipe. */
export function writeAll(fd: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pipeFullMs);
    }
  }
}

if (!isMainThread) {
  const widths = (workerData ?? {}) as Partial<TerminalWidths>;
  const replace = (name: "stdout" | "stderr", fd: number) =>
    Object.defineProperty(process, name, { value: new DirectOutput(fd, widths[name]), configurable: true });
  replace("stdout", 1);
  replace("stderr", 2);
}
