// The watchdog. The command runs in a thread, and the main thread, which is never busy, receives signals and
// watches the heartbeats of all threads (see watch/shared.ts). If a user's function does not return, it
// prints which function, and for which input. If an interrupt or a limit is due as well, it ends the process,
// because the thread cannot.
//
// This costs the search nothing: the thread is asked what it is calling only after seconds of silence.

import { Worker } from "node:worker_threads";
import { version } from "../version.js";
import { type Heartbeat, type Heartbeats, watchThreads } from "../watch/shared.js";
import { type TerminalWidths, writeAll } from "./direct-output.js";
import { exitCode } from "./exit-codes.js";
import type { LastWords } from "./last-words.js";
import { type StuckCall, stuckCall } from "./stuck-call.js";

/** How often heartbeats are read, in milliseconds. */
const lookEveryMs = 250;
/** Milliseconds without a heartbeat after which a thread counts as silent if an interrupt or limit is due, and after which it is reported. */
const [silentMs, toldAfterMs] = [750, 5000];

const exitCodes = { SIGINT: exitCode.interrupted, SIGTERM: exitCode.terminated } as const;

/** Runs a command in a thread. The process ends with the thread. */
export function supervise(program: URL): void {
  const heartbeats = watchThreads();
  const widths: TerminalWidths = {
    stdout: process.stdout.isTTY ? process.stdout.columns : undefined,
    stderr: process.stderr.isTTY ? process.stderr.columns : undefined,
  };
  const worker = new Worker(program, { argv: process.argv.slice(2), workerData: widths });
  let interrupted: number | null = null;
  let isFinishing = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, () => {
      if (interrupted !== null || isFinishing || !heartbeats.isListening) process.exit(exitCodes[signal]);
      if (heartbeats.finishesFirst) {
        isFinishing = true;
        say("\nInterrupted: finishing what was begun (the same again: stop at once).");
        worker.postMessage("interrupt");
        return;
      }
      interrupted = exitCodes[signal];
      say("\nInterrupted: reporting what was found so far (press Ctrl-C again to stop at once).");
      heartbeats.interrupt();
      worker.postMessage("interrupt");
    });
  worker.on("error", (error: NodeJS.ErrnoException) => process.exit(failed(error)));
  worker.on("exit", (code) => {
    process.exit(code === exitCode.interrupted && interrupted !== null ? interrupted : code);
  });
  let lastWords = "";
  worker.on("message", (message: LastWords) => {
    lastWords = message.lastWords;
  });
  const watch = new Watch(
    heartbeats,
    () => interrupted,
    () => lastWords,
  );
  setInterval(() => watch.look(), lookEveryMs).unref();
}

function say(text: string): void {
  write(2, `${text}\n`);
}

function write(fd: number, text: string): void {
  try {
    if (text !== "") writeAll(fd, Buffer.from(text));
  } catch {
    // the reader has closed the stream
  }
}

function failed(error: NodeJS.ErrnoException): number {
  if (error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    say(
      "turncoat: out of memory. Lower the bounds, set --max-memory, or give V8 more with NODE_OPTIONS=--max-old-space-size.",
    );
    return exitCode.undecided;
  }
  say(`turncoat ${version} has a bug; please report it with this: ${error.stack ?? error}`);
  return exitCode.internal;
}

/** Watches all threads. */
class Watch {
  readonly #heartbeats: Heartbeats;
  readonly #interrupted: () => number | null;
  /** Per thread: its last heartbeat, how long it has been silent since, and the length of silence at which it is reported next. */
  readonly #threads = new Map<number, { beat: number; silentMs: number; tellAtMs: number }>();
  readonly #lastWords: () => string;
  #isAsking = false;

  constructor(heartbeats: Heartbeats, interrupted: () => number | null, lastWords: () => string) {
    this.#heartbeats = heartbeats;
    this.#interrupted = interrupted;
    this.#lastWords = lastWords;
  }

  /** Time is counted in readings, so a process that was suspended for a while has no silent threads. */
  look(): void {
    for (const heartbeat of this.#heartbeats.all()) {
      const { threadId, beat, isBusy } = heartbeat;
      const thread = this.#threads.get(threadId) ?? { beat, silentMs: 0, tellAtMs: toldAfterMs };
      this.#threads.set(threadId, thread);
      if (!isBusy || thread.beat !== beat) {
        Object.assign(thread, { beat, silentMs: 0, tellAtMs: toldAfterMs });
        continue;
      }
      thread.silentMs += lookEveryMs;
      const ending = thread.silentMs >= silentMs ? this.#ending(heartbeat) : null;
      const isToBeTold = thread.silentMs >= thread.tellAtMs;
      if (this.#isAsking || (ending === null && !isToBeTold)) continue;
      if (isToBeTold) thread.tellAtMs *= 4;
      void this.#ask(threadId, beat, thread.silentMs, ending);
    }
  }

  /** Why the process has to be ended without waiting for the thread, or null. */
  #ending({ endsAt, maxMemoryBytes }: Heartbeat): Ending | null {
    const code = this.#interrupted();
    if (code !== null) return { code, why: "Ended" };
    if (Date.now() > endsAt)
      return { code: exitCode.undecided, why: "The limit of time was reached: inconclusive" };
    if (process.memoryUsage.rss() > maxMemoryBytes)
      return { code: exitCode.undecided, why: "The limit of memory was reached: inconclusive" };
    return null;
  }

  async #ask(threadId: number, beat: number, silent: number, ending: Ending | null): Promise<void> {
    this.#isAsking = true;
    // Only threads that the main thread has started can be asked. Others are certainly inside a function of the user's.
    const call = (await stuckCall(threadId)) ?? { call: "A function of yours", where: null };
    this.#isAsking = false;
    // Our own code may take long too, but it ends; and the thread may have continued meanwhile.
    const isSilent = this.#heartbeats
      .all()
      .some((now) => now.threadId === threadId && now.isBusy && now.beat === beat);
    if (!isSilent) return;
    const what = `turncoat: ${textOf(call)} has not returned for ${Math.round(silent / 1000)} seconds`;
    if (ending === null) {
      say(`\n${what}. Waiting for it; Ctrl-C ends this, and so does a limit.`);
      return;
    }
    say(`\n${what}.\n${ending.why}. What was found and saved before stays where it was written.`);
    write(1, this.#lastWords());
    process.exit(ending.code);
  }
}

interface Ending {
  readonly code: number;
  readonly why: string;
}

function textOf({ call, where }: StuckCall): string {
  return where === null ? call : `${call} now at ${where},`;
}
