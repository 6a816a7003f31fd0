// Many tasks on all cores. A task has nothing in common with the others, so who does which, and when, makes no difference:
// results are told with the number of their task. The other side of the wire is serve.ts.

import { Worker } from "node:worker_threads";
import { UserError, type UserErrorCode } from "../model/errors.js";

/** What a thread is told: do this; or come to an end with what you are at. */
export type Order<Task> = { readonly index: number; readonly task: Task } | "interrupt";

/** What a thread answers. */
export type Answer<Result, Note> =
  | { readonly index: number; readonly result: Result }
  | { readonly index: number; readonly note: Note }
  | {
      readonly index: number;
      readonly error: { readonly message: string; readonly code: UserErrorCode | null };
    };

export interface PoolOptions<Result, Note> {
  /** The module that serves the tasks. */
  readonly module: URL;
  readonly threads: number;
  /** After an interrupt no task is begun; those under way come to an end by themselves, or are thrown away. */
  readonly signal: AbortSignal | undefined;
  readonly whenInterrupted: "let finish" | "throw away";
  readonly onResult: (index: number, result: Result) => void;
  /** What a task tells while it goes on. */
  readonly onNote?: (index: number, note: Note) => void;
}

/** Does the tasks, in their order as far as threads are free. The first error ends everything. */
export function doAll<Task, Result, Note = never>(
  tasks: readonly Task[],
  options: PoolOptions<Result, Note>,
): Promise<void> {
  const { module, signal, whenInterrupted, onResult, onNote } = options;
  return new Promise((resolve, reject) => {
    const team: Worker[] = [];
    let [next, idle] = [0, 0];
    const stop = () => Promise.all(team.map((worker) => worker.terminate()));
    const finish = () => void stop().then(() => resolve(), reject);
    const fail = (error: Error) => void stop().then(() => reject(error), reject);
    const tell = (worker: Worker, order: Order<Task>) => worker.postMessage(order);
    const hand = (worker: Worker) => {
      if (next < tasks.length && !signal?.aborted) {
        const index = next++;
        tell(worker, { index, task: tasks[index]! });
      } else if (++idle === team.length) finish();
    };
    signal?.addEventListener(
      "abort",
      () => {
        if (whenInterrupted === "throw away") finish();
        else for (const worker of team) tell(worker, "interrupt");
      },
      { once: true },
    );
    for (let i = 0; i < Math.min(options.threads, tasks.length); i++) team.push(new Worker(module));
    if (team.length === 0) resolve();
    for (const worker of team) {
      worker.on("error", fail);
      worker.on("message", (answer: Answer<Result, Note>) => {
        if ("note" in answer) return onNote?.(answer.index, answer.note);
        if ("error" in answer) return fail(asError(answer.error));
        onResult(answer.index, answer.result);
        hand(worker);
      });
      hand(worker);
    }
  });
}

function asError({ message, code }: Extract<Answer<never, never>, { error: unknown }>["error"]): Error {
  return code === null ? new Error(message) : new UserError(code, message);
}
