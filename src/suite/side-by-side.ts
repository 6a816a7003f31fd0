// Makes the runs of a suite in parallel, each on a thread of its own. Most runs are far too small for several
// threads to search one space together. Memory, and so its limit, is that of the whole process.

import type { Progress } from "../explore/progress.js";
import type { SearchOptions } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { isFault, type UserError } from "../model/errors.js";
import { doAll } from "../threads/pool.js";
import type { FaultTracing } from "../trace/index.js";

/** Of the search's options those that are plain data. */
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
  | "checkpoint"
  | "resume"
>;

/** One run, as it is sent to a thread. */
export interface RunTask {
  /** The setting, and where a run that ends with a fault of somebody's code is written. */
  readonly tracing: FaultTracing;
  readonly options: RunOptions;
}

export interface SideBySideOptions {
  readonly threads: number;
  /** Interrupts the runs under way; they report what they have found so far. */
  readonly signal: AbortSignal;
  readonly onProgress: (index: number, progress: Progress) => void;
  readonly onResult: (index: number, result: SearchResult) => void;
  /** A run that ends with a fault of the user's code; the others go on. */
  readonly onFault: (index: number, error: UserError) => void;
}

/** Makes the runs; those that are not begun before an interrupt have no result. */
export function runSideBySide(tasks: readonly RunTask[], options: SideBySideOptions): Promise<void> {
  const { threads, signal, onProgress, onResult, onFault } = options;
  return doAll<RunTask, SearchResult, Progress>(tasks, {
    module: new URL("./thread.js", import.meta.url),
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
