// One thread that does one task after another, for those whose tasks come one at a time. pool.ts has many
// threads and a list of tasks. The thread's side is the same: serve.ts.

import { Worker } from "node:worker_threads";
import { endThread } from "../watch/shared.js";
import type { Answer, Order } from "./pool.js";
import { errorFrom } from "./portable-error.js";

/** Rejects the task of a thread that was ended. */
export class ThreadEnded extends Error {}

interface Waiting<Result, Note> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
  readonly onNote: (note: Note) => void;
}

/** A thread, which lives until it is ended. */
export class OneThread<Task, Result, Note = never> {
  readonly #worker: Worker;
  #waiting: Waiting<Result, Note> | null = null;
  #index = 0;
  #hasEnded = false;

  constructor(module: URL, workerData: unknown) {
    this.#worker = new Worker(module, { workerData });
    this.#worker.on("error", (error) => this.#settle(({ reject }) => reject(error)));
    this.#worker.on("exit", () => {
      this.#hasEnded = true;
      this.#settle(({ reject }) => reject(new ThreadEnded("The thread has ended.")));
    });
    this.#worker.on("message", (answer: Answer<Result, Note>) => this.#receive(answer));
  }

  /** Does a task. The one before it must be done. `onNote` is called with the notes of the task. */
  do(task: Task, onNote: (note: Note) => void = () => {}): Promise<Result> {
    if (this.#waiting) throw new Error("The thread is still at work.");
    return new Promise((resolve, reject) => {
      if (this.#hasEnded) return reject(new ThreadEnded("The thread has ended."));
      this.#waiting = { resolve, reject, onNote };
      this.#worker.postMessage({ index: this.#index++, task } satisfies Order<Task>);
    });
  }

  /** Asks for an end of the task at the next opportunity: its result is what there is then. It takes no other task. */
  interrupt(): void {
    this.#worker.postMessage("interrupt" satisfies Order<Task>);
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Ends the thread at once, whatever it is doing; its task is rejected with {@link ThreadEnded}. */
  async end(): Promise<void> {
    await endThread(this.#worker);
  }

  #receive(answer: Answer<Result, Note>): void {
    if ("note" in answer) this.#waiting?.onNote(answer.note);
    else if ("error" in answer) this.#settle(({ reject }) => reject(errorFrom(answer.error)));
    else this.#settle(({ resolve }) => resolve(answer.result));
  }

  #settle(then: (waiting: Waiting<Result, Note>) => void): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting) then(waiting);
  }
}
