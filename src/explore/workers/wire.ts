// What the threads of one search say to each other. Everything is plain data, so that it can be cloned.

import type { SettingDescription } from "../../catalogue.js";
import type { PortableInbox } from "../../model/channels.js";
import type { UserErrorCode } from "../../model/errors.js";
import type { PortableComponent } from "../../model/node-table.js";
import type { PortableCause } from "../../model/reactions.js";
import type { Json } from "../../protocol/index.js";
import type { Reduction } from "../verdict.js";

/** Where a thread finds its setting: in the catalogue, or by a function that some module exports. */
export type SettingSource =
  | { readonly description: SettingDescription }
  | { readonly module: string; readonly name: string; readonly args: readonly Json[] };

/** What numbers stand for, from some number on: for each node, for observations and for inboxes. */
export interface Definitions {
  readonly components: readonly (readonly PortableComponent[])[];
  readonly observations: readonly (readonly Json[])[];
  readonly inboxes: readonly PortableInbox[];
}

/** States, in the numbers of their sender; `definitions` of those that it has not used before come with them. */
export interface Batch {
  readonly definitions: Definitions;
  /** One vector after the other. */
  readonly vectors: Int32Array<ArrayBuffer>;
}

/** What one worker tells another. */
export type Note = { readonly kind: "batch"; readonly batch: Batch } | { readonly kind: "end" };

/** With what a worker starts. */
export interface Assignment {
  readonly source: SettingSource;
  readonly reduction: Reduction;
  readonly index: number;
  readonly workers: number;
  /** The nodes whose components decide who owns a state. */
  readonly deciding: readonly number[];
  /** Shared: see `Board`. */
  readonly board: SharedArrayBuffer;
  /** To the other workers, by index; null for the worker itself. */
  readonly ports: readonly (unknown | null)[];
  /** The states found so far that it owns: those that were expanded, then those that were not. */
  readonly known: Batch;
  readonly expanded: number;
}

/** What a worker tells the coordinator. */
export type Report =
  | { readonly kind: "ready" }
  /** `isWhole`: nothing was broken off. */
  | { readonly kind: "level"; readonly isViolated: boolean; readonly isWhole: boolean }
  | { readonly kind: "end"; readonly summary: Summary }
  | { readonly kind: "records"; readonly records: Records }
  | { readonly kind: "error"; readonly code: UserErrorCode | null; readonly message: string };

/** What the coordinator tells a worker to do. */
export type Order = "level" | "records" | "records before the level" | "end";

/** A worker's states as they were when the present level began, and what it had counted by then. */
export interface Records {
  readonly known: Batch;
  readonly counts: WorkerCounts;
}

/** What a worker has found in all. */
export interface Summary {
  /** Monitor states, and how many of its states have them. */
  readonly observations: readonly (readonly [monitorStates: readonly Json[], states: number])[];
  readonly causes: readonly PortableCause[];
  readonly stepCalls: number;
  readonly bytes: number;
  readonly highestView: number;
}

/** What a worker counts. */
export interface WorkerCounts {
  readonly states: number;
  readonly expanded: number;
  readonly transitions: number;
  readonly decisions: number;
}

/** Numbers that all threads can see at any time: per worker its counts, and whether everybody is to stop. */
export class Board {
  readonly buffer: SharedArrayBuffer;
  readonly #counts: Float64Array;
  /** [stop, then for each worker how many notes were sent to it]. */
  readonly #signals: Int32Array;

  constructor(workers: number, buffer = new SharedArrayBuffer(workers * 32 + (workers + 1) * 4)) {
    this.buffer = buffer;
    this.#counts = new Float64Array(buffer, 0, workers * 4);
    this.#signals = new Int32Array(buffer, workers * 32, workers + 1);
  }

  /** Says how far a worker has got. */
  tell(worker: number, counts: WorkerCounts): void {
    const { states, expanded, transitions, decisions } = counts;
    this.#counts.set([states, expanded, transitions, decisions], worker * 4);
  }

  /** The sums over all workers. */
  get totals(): WorkerCounts {
    const sum = (column: number) =>
      this.#counts.reduce((all, n, at) => (at % 4 === column ? all + n : all), 0);
    return { states: sum(0), expanded: sum(1), transitions: sum(2), decisions: sum(3) };
  }

  get isStopped(): boolean {
    return Atomics.load(this.#signals, 0) !== 0;
  }

  /** Tells everybody to stop at the next opportunity. */
  stop(): void {
    Atomics.store(this.#signals, 0, 1);
    for (let at = 1; at < this.#signals.length; at++) Atomics.notify(this.#signals, at);
  }

  /** How many notes a worker has been sent. */
  notes(worker: number): number {
    return Atomics.load(this.#signals, worker + 1);
  }

  /** Wakes a worker up after a note was sent to it. */
  ring(worker: number): void {
    Atomics.add(this.#signals, worker + 1, 1);
    Atomics.notify(this.#signals, worker + 1);
  }

  /** Blocks a worker until it has been sent more than `seen` notes, but not for long. */
  wait(worker: number, seen: number): void {
    Atomics.wait(this.#signals, worker + 1, seen, 50);
  }
}
