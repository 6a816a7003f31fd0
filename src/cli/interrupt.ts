// Interrupts. The first Ctrl-C or SIGTERM stops the command at the next opportunity and reports what was
// found; the second stops it at once. The main thread receives signals (see supervisor.ts) and tells the
// thread in which the command runs.

import { parentPort } from "node:worker_threads";
import { hearInterrupt, whenInterrupted } from "../watch/clock.js";
import { heartbeats } from "../watch/shared.js";

/** An abort signal for the first interrupt. A command that never calls this is ended at once. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  whenInterrupted(() => controller.abort());
  heartbeats?.listen();
  parentPort?.on("message", hearInterrupt);
  parentPort?.unref();
  return controller.signal;
}

/**
 * The same for a command that finishes what it has begun before it ends: threads go on undisturbed, and the exit code
 * is the command's own. A second interrupt ends it at once.
 */
export function onDrain(): AbortSignal {
  const controller = new AbortController();
  heartbeats?.finishFirst();
  heartbeats?.listen();
  parentPort?.on("message", (message) => message === "interrupt" && controller.abort());
  parentPort?.unref();
  return controller.signal;
}
