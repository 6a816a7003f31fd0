// A thread of a pool: does the tasks that it is handed, one after the other.

import { parentPort } from "node:worker_threads";
import { UserError } from "../model/errors.js";
import type { Answer, Order } from "./pool.js";

/** Serves a pool for as long as the thread lives. `note` tells how a task goes on; `signal` is set off by an interrupt. */
export function serve<Task, Result, Note = never>(
  perform: (task: Task, note: (note: Note) => void, signal: AbortSignal) => Promise<Result>,
): void {
  const port = parentPort!;
  const interrupt = new AbortController();
  const say = (answer: Answer<Result, Note>) => port.postMessage(answer);
  port.on("message", async (order: Order<Task>) => {
    if (order === "interrupt") return interrupt.abort();
    const { index, task } = order;
    try {
      say({ index, result: await perform(task, (note) => say({ index, note }), interrupt.signal) });
    } catch (error) {
      say({ index, error: described(error) });
    }
  });
}

/** Errors lose their class on the way: a UserError is known by its code, any other one by its stack. */
function described(error: unknown) {
  if (error instanceof UserError) return { message: error.message, code: error.code };
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error), code: null };
}
