// `check --watch`: repeats a check whenever a file it depends on changes. Each check is a process of its own,
// because a process loads a module only once. Runs that a change does not affect come from the verdict cache.

import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { FSWatcher } from "chokidar";
import { ownDirectory } from "../files/own-directory.js";
import { UserError } from "../model/errors.js";
import { counted } from "../parameters/words.js";
import { doAll } from "../threads/pool.js";
import { exitCode } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";

/** Changes within this many milliseconds count as one, because an editor may save several files. */
const togetherMs = 100;

const main = fileURLToPath(new URL("./main.js", import.meta.url));

/** The options of `check` that matter for watching. */
export interface WatchOptions {
  readonly cache?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** Checks again and again until it is interrupted. `args`: the command line without `--watch`. */
export async function checkAndWatch(
  protocol: string | undefined,
  options: WatchOptions,
  args: readonly string[],
): Promise<number> {
  const other = options.json ? "--json" : options.resume !== undefined ? "--resume" : null;
  if (other !== null)
    throw new UserError("bad-option", `--watch checks again and again: it cannot be combined with ${other}.`);
  const signal = onInterrupt();
  const own = options.cache === undefined ? ownDirectory("watch") : null;
  const command = [main, ...args, ...(own === null ? [] : ["--cache", own])];
  const changes = new Changes();
  let child: ChildProcess | null = null;
  signal.addEventListener("abort", () => changes.wake());
  changes.onChange = () => child?.kill("SIGTERM"); // its result would be out of date
  try {
    while (!signal.aborted) {
      await changes.watchThese(await filesToWatch(protocol));
      changes.begin();
      child = spawn(process.execPath, command, { stdio: ["ignore", "inherit", "inherit"] });
      await ended(child);
      child = null;
      if (signal.aborted) break;
      console.log(`\nWatching ${counted(changes.count, "file")}; Ctrl-C ends this.`);
      const changed = await changes.next();
      if (!signal.aborted) console.log(`\nChanged: ${changed.map((file) => relative(".", file)).join(", ")}`);
    }
  } finally {
    await changes.end();
    if (own !== null) rmSync(own, { recursive: true, force: true });
  }
  return exitCode.interrupted;
}

async function filesToWatch(protocol: string | undefined): Promise<readonly string[]> {
  let files: readonly string[] = [];
  await doAll<string | null, string[]>([protocol ?? null], {
    module: new URL("./watch-thread.js", import.meta.url),
    threads: 1,
    signal: undefined,
    whenInterrupted: "let finish",
    onResult: (_, found) => {
      files = found;
    },
  });
  return files;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve());
  });
}

/** The watched files, and which of them have changed. */
class Changes {
  /** Called at the first change after `begin`. */
  onChange: () => void = () => {};
  readonly #changed = new Set<string>();
  #watcher: FSWatcher | null = null;
  #watched: readonly string[] = [];
  #wake: () => void = () => {};
  #isOver = false;

  get count(): number {
    return this.#watched.length;
  }

  /** Watches these files. Resolves once no change can be missed. */
  async watchThese(files: readonly string[]): Promise<void> {
    const isNew = (file: string) => !this.#watched.includes(file);
    // Earlier files stay watched: a module with a mistake in it may name no imports.
    const all = [...new Set([...files, ...this.#watched])].sort();
    const added = all.filter(isNew);
    this.#watched = all;
    if (this.#watcher === null) {
      const { watch } = await import("chokidar");
      const watcher = watch(all, { ignoreInitial: true, atomic: true });
      this.#watcher = watcher;
      watcher.on("all", (_, file) => this.#note(file));
      await new Promise<void>((resolve) => watcher.once("ready", () => resolve()));
    } else if (added.length > 0) this.#watcher.add(added);
  }

  /** Forgets earlier changes. */
  begin(): void {
    this.#changed.clear();
  }

  /** Waits for a change, and returns the files that have changed since `begin`. */
  async next(): Promise<readonly string[]> {
    while (this.#changed.size === 0 && !this.#isOver)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (!this.#isOver) await new Promise((resolve) => setTimeout(resolve, togetherMs));
    return [...this.#changed].sort();
  }

  /** Ends the waiting. */
  wake(): void {
    this.#isOver = true;
    this.#wake();
  }

  async end(): Promise<void> {
    await this.#watcher?.close();
  }

  #note(file: string): void {
    this.#changed.add(file);
    if (this.#changed.size === 1) this.onChange();
    this.#wake();
  }
}
