// The messages between the threads of a search. All are plain data; typed arrays are in shared memory, so
// sending them shares them.

import type { SavedAlphabet } from "../../liar/work.js";
import type { PortableError } from "../../threads/portable-error.js";
import type { SettingSource } from "../../verdict/setting-source.js";
import type { Reduction } from "../search-result.js";
import type { Segment, SharedChunk, SharedTable } from "../visited.js";

/** With what a thread is started. */
export interface Start {
  readonly source: SettingSource;
  readonly reduction: Reduction;
  /** What the generic liar has worked out. */
  readonly alphabets: readonly SavedAlphabet[];
}

/** What the search tells a thread to do. */
export type Order =
  /** Take part in a search that is under way. */
  | {
      readonly kind: "join";
      readonly index: number;
      readonly workers: number;
      readonly queue: SharedArrayBuffer;
      readonly dictionary: SharedArrayBuffer;
      readonly chunkCounter: Int32Array;
    }
  /**
   * Expand states until none of them is left or everybody pauses; `items`: pairs of first state and number of
   * states.
   */
  | {
      readonly kind: "round";
      readonly items: Int32Array;
      /** The table, if it is another one than before. */
      readonly table: SharedTable | null;
      /** Chunks that were begun in the last round. */
      readonly chunks: readonly SharedChunk[];
    }
  | { readonly kind: "end" };

/** What a thread answers. */
export type Report =
  | { readonly kind: "ready" }
  | { readonly kind: "joined" }
  | ({ readonly kind: "round" } & RoundReport)
  | { readonly kind: "end"; readonly statesByObservation: readonly number[] }
  | { readonly kind: "error"; readonly error: PortableError };

/** What has come of a round in one thread. */
export interface RoundReport {
  readonly chunks: readonly SharedChunk[];
  readonly segments: readonly Segment[];
  /** How many states there was no room for, so that they have to be expanded again. */
  readonly postponed: number;
  readonly isViolated: boolean;
}

/** What a thread counts. */
export interface WorkerCounts {
  readonly states: number;
  readonly expanded: number;
  readonly transitions: number;
  readonly decisions: number;
}

const countBytes = 4 * 8;
/**
 * Whether to halt, the room, and then two places for each thread: the next item of its share, and the end of
 * its share.
 */
const [haltAt, roomAt, sharesAt] = [0, 1, 2];
const [pausing, stopping] = [1, 2];

/**
 * Numbers that all threads can see at any time: per thread its counts (roughly, during a round), which items
 * of the level are claimed, for how many states there is room, and whether everybody is to pause or to stop.
 *
 * Each thread begins with a share of its own, for states that stand next to each other have much in common:
 * what one has just worked out for them, another would otherwise work out at the same moment. Who is done
 * helps the others.
 */
export class WorkQueue {
  readonly buffer: SharedArrayBuffer;
  readonly threads: number;
  readonly #counts: Float64Array;
  readonly #signals: Int32Array;

  constructor(threads: number, buffer = new SharedArrayBuffer(threads * (countBytes + 8) + 8)) {
    this.buffer = buffer;
    this.threads = threads;
    this.#counts = new Float64Array(buffer, 0, threads * 4);
    this.#signals = new Int32Array(buffer, threads * countBytes, sharesAt + 2 * threads);
  }

  /** Says how far a thread has got, and pauses everybody if there is no more room. */
  tell(worker: number, { states, expanded, transitions, decisions }: WorkerCounts): void {
    const counts = this.#counts;
    const at = worker * 4;
    counts[at] = states;
    counts[at + 1] = expanded;
    counts[at + 2] = transitions;
    counts[at + 3] = decisions;
    let all = 0;
    for (let each = 0; each < counts.length; each += 4) all += counts[each] as number;
    if (all > Atomics.load(this.#signals, roomAt)) this.pause();
  }

  /** The sums over all threads. */
  get totals(): WorkerCounts {
    const sum = (column: number) =>
      this.#counts.reduce((all, n, at) => (at % 4 === column ? all + n : all), 0);
    return { states: sum(0), expanded: sum(1), transitions: sum(2), decisions: sum(3) };
  }

  /** Before a level: divides its items. */
  divide(items: number): void {
    for (let thread = 0; thread < this.threads; thread++) {
      const [first, end] = [thread, thread + 1].map((part) => Math.floor((items * part) / this.threads));
      Atomics.store(this.#signals, sharesAt + 2 * thread, first!);
      Atomics.store(this.#signals, sharesAt + 2 * thread + 1, end!);
    }
  }

  /** Before a round: there is room for so many states. */
  begin(room: number): void {
    Atomics.store(this.#signals, roomAt, room);
    Atomics.and(this.#signals, haltAt, ~pausing);
  }

  /** The number of an item that nobody else gets, or -1 if there are no more. */
  claim(thread: number): number {
    for (let others = 0; others < this.threads; others++) {
      const at = sharesAt + 2 * ((thread + others) % this.threads);
      if (Atomics.load(this.#signals, at) >= Atomics.load(this.#signals, at + 1)) continue;
      const item = Atomics.add(this.#signals, at, 1);
      if (item < Atomics.load(this.#signals, at + 1)) return item;
    }
    return -1;
  }

  /** Whether all items are claimed. */
  get isClaimed(): boolean {
    for (let at = sharesAt; at < this.#signals.length; at += 2)
      if (Atomics.load(this.#signals, at) < Atomics.load(this.#signals, at + 1)) return false;
    return true;
  }

  /** Ends the round for everybody, as soon as what was claimed is done. */
  pause(): void {
    Atomics.or(this.#signals, haltAt, pausing);
  }

  /** Ends it at the next opportunity, for ever. */
  stop(): void {
    Atomics.or(this.#signals, haltAt, stopping);
  }

  get isHalted(): boolean {
    return Atomics.load(this.#signals, haltAt) !== 0;
  }

  get isStopped(): boolean {
    return (Atomics.load(this.#signals, haltAt) & stopping) !== 0;
  }
}
