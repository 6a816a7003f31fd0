// A replica that runs as a process, over one life or several: it can be killed, stopped and begun again. What it logs is written to a file.

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { NodeId } from "../protocol/index.js";
import type { MachineFault } from "./commands.js";
import type { CountersSnapshot } from "./counters.js";

/** A replica that is to run. */
export interface ReplicaPlan {
  readonly node: NodeId;
  readonly file: string;
  /** The kind of Byzantine node that it is. Default: it is correct. */
  readonly adversary?: string | undefined;
}

/** A replica that ended by itself, with the end of what it has said on standard error. */
export interface LostReplica {
  readonly node: NodeId;
  readonly said: string;
}

/** What a replica logs that its parent reads; docs/run.md has all fields. */
interface LogLine {
  readonly msg?: string;
  readonly view?: number | null;
  readonly executed?: number;
  readonly counters?: CountersSnapshot;
}

/** How long a replica may take to stop before it is killed, in milliseconds. */
const stopMs = 10_000;

/** See the file comment. */
export class ReplicaProcess {
  readonly node: NodeId;
  /** Ends when a process ends that nobody has told to. */
  readonly lost: Promise<LostReplica>;
  /** What it has counted in the life that it has ended as it was told; null if there is none. */
  counters: CountersSnapshot | null = null;
  view = 0;
  executed = 0;
  readonly #plan: ReplicaPlan;
  readonly #script: string;
  readonly #log: WriteStream;
  #lose: (one: LostReplica) => void = () => {};
  #executes: { readonly count: number; readonly done: () => void } | null = null;
  #life: Life;

  /** `directory`: where its log is written; `script`: what runs a node, `turncoat`. */
  constructor(
    plan: ReplicaPlan,
    { directory, script }: { readonly directory: string; readonly script: string },
  ) {
    this.node = plan.node;
    this.#plan = plan;
    this.#script = script;
    this.#log = createWriteStream(join(directory, `${plan.node}.log`), { flags: "a" });
    this.lost = new Promise((resolve) => {
      this.#lose = resolve;
    });
    this.#life = this.#begin();
  }

  /** Whether it is not Byzantine. */
  get isCorrect(): boolean {
    return this.#plan.adversary === undefined;
  }

  /** Ends when it listens. */
  get listening(): Promise<void> {
    return this.#life.listening;
  }

  /** Ends when it has executed so many requests. */
  executes(count: number): Promise<void> {
    return new Promise((done) => {
      this.#executes = { count, done };
      this.#hear({});
    });
  }

  /** Kills its process; ends when that is gone. */
  async kill(): Promise<void> {
    await this.#life.end(() => this.#life.child.kill("SIGKILL"));
  }

  /** Begins again; ends when it listens, or has ended. */
  async beginAgain(): Promise<void> {
    this.#life = this.#begin();
    await Promise.race([this.#life.listening, this.#life.ended]);
  }

  /** Stops its process as it is, or lets it go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#life.child.kill(signal);
  }

  /** A fault of its machine happens to it. */
  suffer(fault: MachineFault): void {
    this.#life.child.stdin!.write(`${JSON.stringify(fault)}\n`);
  }

  /** It is to end by itself from now on, and is not lost then. Ends when it has; what it has said on standard error. */
  async endsByItself(): Promise<string> {
    await this.#life.end(() => {});
    return this.#life.said.trim();
  }

  /** Ends it gracefully, or by force if that takes too long. */
  async stop(): Promise<void> {
    const { child } = this.#life;
    const force = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await this.#life.end(() => child.stdin!.end());
    clearTimeout(force);
    await new Promise((resolve) => this.#log.end(resolve));
  }

  #begin(): Life {
    const { file, adversary } = this.#plan;
    const args = [
      "run",
      file,
      "--with-parent",
      ...(adversary === undefined ? [] : ["--adversary", adversary]),
    ];
    const child = spawn(process.execPath, [this.#script, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    const life = new Life(child, this.#log, (line) => this.#hear(line));
    void life.ended.then(() => !life.isToEnd && this.#lose({ node: this.node, said: life.said.trim() }));
    return life;
  }

  #hear({ view, executed = 0, counters }: LogLine): void {
    if (typeof view === "number") this.view = Math.max(this.view, view);
    if (counters !== undefined) this.counters = counters;
    this.executed = Math.max(this.executed, executed);
    if (this.#executes !== null && this.executed >= this.#executes.count) this.#executes.done();
  }
}

/** One process, from its beginning to its end. */
class Life {
  readonly child: ChildProcess;
  readonly listening: Promise<void>;
  readonly ended: Promise<void>;
  said = "";
  isToEnd = false;

  constructor(child: ChildProcess, log: WriteStream, hear: (line: LogLine) => void) {
    this.child = child;
    child.stdin!.on("error", () => {}); // it has ended, which "close" tells
    child.stdout!.pipe(log, { end: false });
    child.stderr!.on("data", (chunk) => {
      this.said = `${this.said}${chunk}`.slice(-10_000);
      log.write(chunk);
    });
    this.listening = new Promise((resolve) => {
      createInterface({ input: child.stdout! }).on("line", (text) => {
        const line = lineOf(text);
        if (line?.msg === "listening") resolve();
        if (line !== null) hear(line);
      });
    });
    this.ended = new Promise((resolve) => {
      child.on("error", () => resolve());
      child.on("close", () => resolve());
    });
  }

  /** Does what ends it, and waits for that. */
  async end(act: () => void): Promise<void> {
    this.isToEnd = true;
    act();
    await this.ended;
  }
}

function lineOf(text: string): LogLine | null {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
