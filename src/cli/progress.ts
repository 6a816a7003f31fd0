// Live progress on standard error. On a terminal it is one line that is rewritten. Otherwise it is a plain
// line for each run that ends, and one every five seconds for a run that goes on.

import type { Progress } from "../explore/progress.js";
import { grouped, megabytes, seconds } from "../report/numbers.js";

const plainIntervalSeconds = 5;

/** Shows the progress of runs. If several run side by side, a terminal shows the one that reported first. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream;
  readonly #isTerminal: boolean;
  /** The runs under way, oldest first, and the time at which each was last printed. */
  readonly #underWay = new Map<string, number>();
  #shown = false;

  constructor(out: NodeJS.WriteStream = process.stderr) {
    this.#out = out;
    this.#isTerminal = out.isTTY === true;
  }

  /** Shows the progress of a search. */
  update(name: string, progress: Progress): void {
    this.show(name, progress.seconds, describe(progress));
  }

  /** Shows the progress of a run, `elapsed` seconds after its start. */
  show(name: string, elapsed: number, what: string): void {
    const text = `${name}: ${what}`;
    if (!this.#underWay.has(name)) this.#underWay.set(name, 0);
    if (this.#isTerminal) {
      const [first] = this.#underWay.keys();
      if (name !== first) return;
      this.#out.write(`\r\x1b[K${text.slice(0, (this.#out.columns ?? 80) - 1)}`);
      this.#shown = true;
    } else if (elapsed - this.#underWay.get(name)! >= plainIntervalSeconds) {
      this.#underWay.set(name, elapsed);
      this.#out.write(`${text}\n`);
    }
  }

  /** A run has ended. */
  done(name: string, what: string): void {
    this.clear();
    this.#underWay.delete(name);
    if (!this.#isTerminal) this.#out.write(`${name}: ${what}\n`);
  }

  /** Prints a line once. */
  say(text: string): void {
    this.clear();
    this.#out.write(`${text}\n`);
  }

  /** Wipes the line, so that something else can be printed. */
  clear(): void {
    if (this.#shown) this.#out.write("\r\x1b[K");
    this.#shown = false;
  }
}

/** A search inside one node that has come so far takes long enough to be worth a word. */
const localStatesToSay = 1_000;

function describe({
  states,
  transitions,
  depth,
  frontier,
  seconds: time,
  memoryBytes,
  local,
  preparing,
}: Progress): string {
  if (preparing !== undefined) return `${preparing}, ${seconds(time)}`;
  const rate = grouped(states / Math.max(time, 0.001));
  return (
    `${grouped(states)} states (${rate}/s), ${grouped(transitions)} transitions, depth ${depth}, ` +
    `frontier ${grouped(frontier)}, ${seconds(time)}, ${megabytes(memoryBytes)}` +
    (local && local.states >= localStatesToSay
      ? `; ${grouped(local.states)} local states inside a step of ${local.node}`
      : "")
  );
}
