// A thread pool for independent tasks on all cores. It makes no difference which thread does which task and
// when; a result comes with the number of its task. The thread's side is serve.ts.

import { Worker } from "node:worker_threads";
import { endThread } from "../watch/shared.js";
import { errorFrom, type PortableError } from "./portable-error.js";

/** A message to a thread: do this task, or finish the current one early. */
export type Order<Task> = { readonly index: number; readonly task: Task } | "interrupt";

/** A message from a thread. */
export type Answer<Result, Note> =
  | { readonly index: number; readonly result: Result }
  | { readonly index: number; readonly note: Note }
  | { readonly index: number; readonly error: PortableError };

export interface PoolOptions<Result, Note> {
  /** The module that serves the tasks, and its `workerData`. */
  readonly module: URL;
  readonly workerData?: unknown;
  readonly threads: number;
  /** After an interrupt no task begins; those under way finish by themselves, or are dropped. */
  readonly signal: AbortSignal | undefined;
  readonly whenInterrupted: "let finish" | "throw away";
  /** No more results are wanted: tasks under way are dropped. */
  readonly enough?: AbortSignal;
  readonly onResult: (index: number, result: Result) => void;
  /** Called with the error of a task; the others go on if it returns true. Default: the first error ends everything. */
  readonly onError?: (index: number, error: Error) => boolean;
  /** Called with the notes of a task under way. */
  readonly onNote?: (index: number, note: Note) => void;
}

/**
 * Does the tasks, beginning them in order. A task is requested when a thread is free, so their number may be
 * unlimited. The first error ends everything, unless `onError` says otherwise.
 */
export function doAll<Task, Result, Note = never>(
  tasks: Iterable<Task>,
  options: PoolOptions<Result, Note>,
): Promise<void> {
  return new Promise((resolve, reject) => new Pool(tasks, options, resolve, reject).begin());
}

class Pool<Task, Result, Note> {
  readonly #tasks: Iterator<Task>;
  readonly #options: PoolOptions<Result, Note>;
  readonly #resolve: () => void;
  readonly #reject: (error: unknown) => void;
  readonly #team: Worker[] = [];
  #begun = 0;
  #idle = 0;
  #isOver = false;

  constructor(
    tasks: Iterable<Task>,
    options: PoolOptions<Result, Note>,
    resolve: () => void,
    reject: (error: unknown) => void,
  ) {
    this.#tasks = tasks[Symbol.iterator]();
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { module, workerData, threads, signal, enough } = this.#options;
    for (let order = this.#next(); order !== null; order = this.#next()) {
      const worker = new Worker(module, { workerData });
      this.#team.push(worker);
      worker.on("error", (error) => this.#fail(error));
      worker.on("message", (answer: Answer<Result, Note>) => this.#receive(worker, answer));
      worker.postMessage(order);
      if (this.#team.length === threads) break;
    }
    signal?.addEventListener("abort", this.#interrupt, { once: true });
    enough?.addEventListener("abort", this.#finish, { once: true });
    if (this.#team.length === 0) this.#finish();
  }

  /** The next task, or null. */
  #next(): Order<Task> | null {
    if (this.#options.signal?.aborted || this.#options.enough?.aborted) return null;
    const { done, value } = this.#tasks.next();
    return done ? null : { index: this.#begun++, task: value };
  }

  #receive(worker: Worker, answer: Answer<Result, Note>): void {
    if (this.#isOver) return;
    const { onNote, onResult, onError } = this.#options;
    if ("note" in answer) onNote?.(answer.index, answer.note);
    else if ("error" in answer) {
      const error = errorFrom(answer.error);
      if (onError?.(answer.index, error)) this.#hand(worker);
      else this.#fail(error);
    } else {
      onResult(answer.index, answer.result);
      this.#hand(worker);
    }
  }

  #hand(worker: Worker): void {
    const order = this.#next();
    if (order !== null) worker.postMessage(order);
    else if (++this.#idle === this.#team.length) this.#finish();
  }

  readonly #interrupt = (): void => {
    if (this.#isOver) return;
    if (this.#options.whenInterrupted === "throw away") this.#finish();
    else for (const worker of this.#team) worker.postMessage("interrupt" satisfies Order<Task>);
  };

  readonly #finish = (): void => {
    this.#stop(this.#resolve);
  };

  #fail(error: unknown): void {
    this.#stop(() => this.#reject(error));
  }

  #stop(then: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    // A signal may serve many pools, one after the other.
    this.#options.signal?.removeEventListener("abort", this.#interrupt);
    this.#options.enough?.removeEventListener("abort", this.#finish);
    void Promise.all(this.#team.map(endThread)).then(then, this.#reject);
  }
}
