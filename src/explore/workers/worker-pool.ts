// The search by several threads, seen from the one that has begun it. Level after level, it cuts the states
// to be expanded into items, and all threads, this one among them, expand them in rounds (see
// search-worker.ts). Between two rounds the others wait, and it alone makes the table larger. Everything goes
// on until nothing is left, something is violated, or a limit is reached.

import { Worker } from "node:worker_threads";
import { Dictionary } from "../../model/dictionary.js";
import { UserError } from "../../model/errors.js";
import type { TransitionSystem } from "../../model/system.js";
import { errorFrom } from "../../threads/portable-error.js";
import { watched } from "../../watch/clock.js";
import { endThread } from "../../watch/shared.js";
import type { Expansion } from "../expansion.js";
import type { Segment, SharedChunk, SharedTable, VisitedSet } from "../visited.js";
import {
  type Order,
  type Report,
  type RoundReport,
  type Start,
  type WorkerCounts,
  WorkQueue,
} from "./messages.js";
import { SearchWorker } from "./search-worker.js";

/** How far all threads have come, together. */
export interface PoolCounts extends WorkerCounts {
  readonly depth: number;
}

/** What a pool takes over, at the end of a level. */
export interface HandOver {
  readonly system: TransitionSystem;
  readonly expansion: Expansion;
  readonly visited: VisitedSet;
  /** The states up to this number were expanded. */
  readonly expanded: number;
  readonly depth: number;
}

/** What the pool asks of the search that it finishes. */
export interface SearchCallbacks {
  /** Called a few times a second and before each level; may return why to stop. */
  watch(counts: PoolCounts, isLevelNext: boolean): string | null;
  /**
   * Between two levels: whether everything is to be saved. It will be saved when a search is stopped, too, if
   * it is not null.
   */
  readonly isSaveDue: (() => boolean) | null;
  /**
   * Gets all states up to the end of some level, those that were expanded first, and what was counted by
   * then.
   */
  save(segments: readonly Segment[], counts: PoolCounts): void;
}

/** How it ended. */
export interface PoolOutcome extends PoolCounts {
  readonly isViolated: boolean;
  /** What `watch` said, or null. */
  readonly stopped: string | null;
  /** How many of the states found since have each observation. */
  readonly statesByObservation: readonly number[];
}

/** How often `watch` is asked, in milliseconds. */
const watchMs = 100;
/**
 * An item has at most so many states, and less where a level would not make this many items for each thread.
 */
const itemStates = 256;
const itemsPerThread = 64;
/**
 * The table is made larger before a round if more than half of it is taken, and in the middle of one at this
 * load.
 */
const highestLoad = 0.7;

/** The threads of a search. They start at once, and join when the search is handed over. */
export class WorkerPool {
  readonly #workers: readonly Worker[];
  readonly #ready: Promise<unknown>;

  /** `helpers`: how many threads there are besides this one. */
  constructor(start: Start, helpers: number) {
    this.#workers = Array.from(
      { length: helpers },
      () => new Worker(new URL("./thread.js", import.meta.url), { workerData: start }),
    );
    this.#ready = Promise.all(this.#workers.map((worker) => next(worker, null)));
    this.#ready.catch(() => {}); // reported when the search is handed over; if it ends before, nobody needs to know
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map(endThread));
  }

  /**
   * Finishes a search.
   *
   * @throws {UserError} what a thread throws.
   */
  async finish(handOver: HandOver, callbacks: SearchCallbacks): Promise<PoolOutcome> {
    await this.#ready;
    const { system, expansion, visited, expanded } = handOver;
    const queue = new WorkQueue(this.#workers.length + 1);
    const chunkCounter = visited.share();
    const dictionary = new Dictionary(system.sharedTables());
    const worker = new SearchWorker(system, expansion, visited, dictionary, queue, 0, expanded);
    await this.#tellAll((index) => ({
      ...{ kind: "join", index, workers: this.#workers.length + 1, queue: queue.buffer },
      ...{ dictionary: dictionary.memory, chunkCounter },
    }));
    const search = new ParallelSearch(visited, dictionary, queue, worker, (order) =>
      this.#tellAll(() => order),
    );
    return search.toEnd(handOver, callbacks);
  }

  /** Sends everybody an order, and returns what they answer. */
  #tellAll(order: (index: number) => Order): Promise<Report[]> {
    return Promise.all(this.#workers.map((worker, index) => next(worker, order(index + 1))));
  }
}

/** A search that was handed over to a pool. */
class ParallelSearch {
  readonly #visited: VisitedSet;
  readonly #dictionary: Dictionary;
  readonly #queue: WorkQueue;
  readonly #worker: SearchWorker;
  readonly #tellAll: (order: Order) => Promise<Report[]>;
  #table: SharedTable | null;
  #chunks: readonly SharedChunk[];
  #isViolated = false;

  constructor(
    visited: VisitedSet,
    dictionary: Dictionary,
    queue: WorkQueue,
    worker: SearchWorker,
    tellAll: (order: Order) => Promise<Report[]>,
  ) {
    this.#visited = visited;
    this.#dictionary = dictionary;
    this.#queue = queue;
    this.#worker = worker;
    this.#tellAll = tellAll;
    this.#table = visited.table;
    this.#chunks = visited.drainUpdates().chunks;
  }

  async toEnd(
    { visited, expanded, depth: before }: HandOver,
    callbacks: SearchCallbacks,
  ): Promise<PoolOutcome> {
    let depth = before;
    let stopped: string | null = null;
    const counts = (): PoolCounts => ({ ...this.#queue.totals, depth });
    const watch = () => {
      stopped ??= callbacks.watch(counts(), false);
      if (stopped !== null) this.#queue.stop();
    };
    const timer = setInterval(watch, watchMs);
    this.#worker.onLook = watch;
    try {
      let done: Segment[] = [{ first: 0, count: expanded }];
      let level: readonly Segment[] = [{ first: expanded, count: visited.count - expanded }];
      let atLevelStart = counts();
      while (level.length > 0) {
        depth++;
        stopped ??= callbacks.watch(counts(), true);
        if (stopped !== null) break;
        const found = await this.#level(level);
        if (this.#isViolated || this.#queue.isStopped) break;
        done = [...done, ...level];
        level = found;
        atLevelStart = counts();
        if (level.length > 0 && callbacks.isSaveDue?.()) callbacks.save([...done, ...level], atLevelStart);
      }
      if (stopped !== null && !this.#isViolated && callbacks.isSaveDue)
        callbacks.save([...done, ...level], atLevelStart);
      const isViolated = this.#isViolated;
      return { ...counts(), isViolated, stopped, statesByObservation: await this.#statesByObservation() };
    } finally {
      clearInterval(timer);
    }
  }

  /** Expands a level, in as many rounds as it takes. Returns the next one. */
  async #level(level: readonly Segment[]): Promise<Segment[]> {
    const items = this.#items(level);
    const found: Segment[] = [];
    let postponed = 0;
    this.#queue.divide(items.length / 2);
    do {
      const table = watched(
        () => {
          this.#worker.onLook?.();
          return false; // the table would be half made
        },
        () => this.#visited.makeRoom(this.#queue.totals.states * 2),
      );
      this.#queue.begin(Math.floor(this.#visited.capacity * highestLoad));
      const order: Order = { kind: "round", items, table: table ?? this.#table, chunks: this.#chunks };
      const reports = await this.#round(order, items);
      this.#table = null;
      this.#chunks = reports.flatMap(({ chunks }) => chunks);
      found.push(...reports.flatMap(({ segments }) => segments));
      this.#visited.take(null, this.#chunks);
      this.#isViolated = reports.some(({ isViolated }) => isViolated);
      postponed = reports.reduce((sum, report) => sum + report.postponed, 0);
    } while (!this.#queue.isStopped && (!this.#queue.isClaimed || postponed > 0));
    return found;
  }

  async #round(order: Order, items: Int32Array): Promise<RoundReport[]> {
    const reports = this.#tellAll(order);
    reports.catch(() => {}); // waited for below, once this thread has done its part
    this.#worker.begin();
    while (!this.#worker.work(items, performance.now() + watchMs))
      await new Promise((resolve) => setImmediate(resolve));
    const own = this.#worker.report();
    const others = await reports;
    this.#dictionary.catchUp();
    return [own, ...others.flatMap((report) => (report.kind === "round" ? [report] : []))];
  }

  /** Pairs of first state and number of states, in shared memory. */
  #items(level: readonly Segment[]): Int32Array {
    const states = level.reduce((sum, { count }) => sum + count, 0);
    const threads = this.#queue.threads;
    const size = Math.max(1, Math.min(itemStates, Math.floor(states / (threads * itemsPerThread))));
    const items = level.flatMap(({ first, count }) =>
      Array.from({ length: Math.ceil(count / size) }, (_, index) => [
        first + index * size,
        Math.min(size, count - index * size),
      ]),
    );
    const shared = new Int32Array(new SharedArrayBuffer(items.length * 8));
    shared.set(items.flat());
    return shared;
  }

  async #statesByObservation(): Promise<readonly number[]> {
    const sums = [...this.#worker.statesByObservation];
    for (const report of await this.#tellAll({ kind: "end" }))
      if (report.kind === "end")
        for (const [observation, states] of report.statesByObservation.entries())
          sums[observation] = (sums[observation] ?? 0) + states;
    return sums;
  }
}

const heapExhausted = new UserError(
  "bad-option",
  "A worker thread has used up V8's heap: try --workers 1, or raise it with NODE_OPTIONS=--max-old-space-size.",
);

/** The next report of a thread, after giving it an order. */
function next(worker: Worker, order: Order | null): Promise<Report> {
  return new Promise((resolve, reject) => {
    const settle = (action: () => void) => {
      worker.off("message", onMessage);
      worker.off("error", onError);
      worker.off("exit", onExit);
      action();
    };
    const onMessage = (report: Report) =>
      settle(() => {
        if (report.kind === "error") reject(errorFrom(report.error));
        else resolve(report);
      });
    const onError = (error: Error & { readonly code?: string }) =>
      settle(() => reject(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? heapExhausted : error));
    const onExit = () => settle(() => reject(new Error("a worker thread ended too early")));
    worker.on("message", onMessage);
    worker.on("error", onError);
    worker.on("exit", onExit);
    if (order !== null) worker.postMessage(order);
  });
}
