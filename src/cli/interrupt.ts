// Ctrl-C or SIGTERM once: stop at the next opportunity and report what was found. Twice: stop at once. The main thread hears signals
// (see supervisor.ts); here the thread in which the command runs is told.

import { parentPort } from "node:worker_threads";
import { hearInterrupt, whenInterrupted } from "../watch/clock.js";
import { heartbeats } from "../watch/shared.js";

/** An abort signal that the first interrupt sets off. A command that does not ask for one is ended at once. */
export function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  whenInterrupted(() => controller.abort());
  heartbeats?.listen();
  parentPort?.on("message", hearInterrupt);
  parentPort?.unref();
  return controller.signal;
}
