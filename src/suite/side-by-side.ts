// Makes the runs of a suite in parallel, each on a thread of its own: most runs are too small for several
// threads. Memory, and so its limit, is that of the whole process.

import type { Progress } from "../explore/progress.js";
import type { SearchOptions } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { isFault, type UserError } from "../model/errors.js";
import { doAll } from "../threads/pool.js";
import type { FaultTracing } from "../trace/index.js";

/** The search's options that are plain data. */
export type RunOptions = Pick<
  SearchOptions,
  | "maxStates"
  | "maxSeconds"
  | "maxMemoryBytes"
  | "maxDepth"
  | "maxViolations"
  | "pastViolations"
  | "explain"
  | "reduction"
  | "deadMessages"
  | "symmetry"
  | "tallies"
  | "checkpoint"
  | "resume"
>;

/** One run, as it is sent to a thread. */
export interface RunTask {
  /** The setting, and where to write the trace of a fault in the user's code. */
  readonly tracing: FaultTracing;
  readonly options: RunOptions;
}

export interface SideBySideOptions {
  readonly threads: number;
  /** Interrupts the runs under way; they report what they have found so far. */
  readonly signal: AbortSignal;
  readonly onProgress: (index: number, progress: Progress) => void;
  readonly onResult: (index: number, result: SearchResult) => void;
  /** Called for a run that a fault in the user's code has ended; the others go on. */
  readonly onFault: (index: number, error: UserError) => void;
}

/** The thread that makes one {@link RunTask} after another. */
export const runThread = new URL("./thread.js", import.meta.url);

/** Makes the runs. After an interrupt no run begins; those that have not begun have no result. */
export function runSideBySide(tasks: readonly RunTask[], options: SideBySideOptions): Promise<void> {
  const { threads, signal, onProgress, onResult, onFault } = options;
  return doAll<RunTask, SearchResult, Progress>(tasks, {
    module: runThread,
    threads,
    signal,
    whenInterrupted: "let finish",
    onNote: onProgress,
    onResult,
    onError: (index, error) => {
      if (!isFault(error)) return false;
      onFault(index, error);
      return true;
    },
  });
}
