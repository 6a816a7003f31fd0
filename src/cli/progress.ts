// Live progress on standard error: one line that is rewritten on a terminal; on anything else, a plain line for every
// run that ends and one every ten seconds for a run that goes on.

import type { Progress } from "../explore/progress.js";
import { grouped, megabytes, seconds } from "../report/numbers.js";

const plainIntervalSeconds = 10;

/** Shows how far a run is. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  readonly #isTerminal: boolean;
  #lastPlain = 0;
  #shown = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true;
  }

  /** Shows how far a search is. */
  update(name: string, progress: Progress): void {
    this.show(name, progress.seconds, describe(progress));
  }

  /** Shows a run under way, `elapsed` seconds after its start. */
  show(name: string, elapsed: number, what: string): void {
    const text = `${name}: ${what}`;
    if (this.#isTerminal) {
      this.#out.write(`\r\x1b[K${text.slice(0, (this.#out.columns ?? 80) - 1)}`);
      this.#shown = true;
    } else if (elapsed - this.#lastPlain >= plainIntervalSeconds) {
      this.#lastPlain = elapsed;
      this.#out.write(`${text}\n`);
    }
  }

  /** A run has ended. */
  done(text: string): void {
    this.clear();
    this.#lastPlain = 0;
    if (!this.#isTerminal) this.#out.write(`${text}\n`);
  }

  /** Wipes the line, so that something else can be printed. */
  clear(): void {
    if (this.#shown) this.#out.write("\r\x1b[K");
    this.#shown = false;
  }
}

function describe({ states, transitions, depth, frontier, seconds: time, memoryBytes }: Progress): string {
  const rate = grouped(states / Math.max(time, 0.001));
  return (
    `${grouped(states)} states (${rate}/s), ${grouped(transitions)} transitions, depth ${depth}, ` +
    `frontier ${grouped(frontier)}, ${seconds(time)}, ${megabytes(memoryBytes)}`
  );
}
