// A thread of a pool: does the tasks that it is given, one after another.

import { parentPort } from "node:worker_threads";
import { whenInterrupted } from "../watch/clock.js";
import type { Answer, Order } from "./pool.js";
import { portableError } from "./portable-error.js";

/**
 * Serves a pool as long as the thread lives. `note` reports the progress of a task; an interrupt sets off
 * `signal`.
 */
export function serve<Task, Result, Note = never>(
  perform: (task: Task, note: (note: Note) => void, signal: AbortSignal) => Promise<Result>,
): void {
  const port = parentPort!;
  const interrupt = new AbortController();
  whenInterrupted(() => interrupt.abort()); // heard inside long work as well
  const say = (answer: Answer<Result, Note>) => port.postMessage(answer);
  port.on("message", async (order: Order<Task>) => {
    if (order === "interrupt") return interrupt.abort();
    const { index, task } = order;
    try {
      say({ index, result: await perform(task, (note) => say({ index, note }), interrupt.signal) });
    } catch (error) {
      say({ index, error: portableError(error) });
    }
  });
}
