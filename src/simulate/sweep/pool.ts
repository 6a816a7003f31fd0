// Runs many simulations on all cores. Every run has its own seed and nothing in common with the others, so it
// makes no difference which thread makes which. Results are in the order of the runs. After an interrupt the
// finished ones are kept.

import { doAll } from "../../threads/pool.js";
import { type SimulationResult, simulate } from "../result.js";
import type { Parameters } from "../setting.js";

export interface PoolOptions {
  /** The number of threads; 1: this one. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** Called when a run is finished. */
  readonly onResult?: (index: number, result: SimulationResult) => void;
  /** Called with the number of events so far, for a run in this thread. */
  readonly onProgress?: (events: number) => void;
}

/** The results in the order of the runs; undefined for runs that an interrupt prevented. */
export async function simulateAll(
  runs: readonly Parameters[],
  options: PoolOptions,
): Promise<readonly (SimulationResult | undefined)[]> {
  const results: (SimulationResult | undefined)[] = runs.map(() => undefined);
  const take = (index: number, result: SimulationResult) => {
    if (result.end.kind === "interrupted") return;
    results[index] = result;
    options.onResult?.(index, result);
  };
  const threads = Math.min(options.workers, runs.length);
  if (threads > 1)
    await doAll<Parameters, SimulationResult>(runs, {
      module: new URL("./thread.js", import.meta.url),
      threads,
      signal: options.signal,
      whenInterrupted: "throw away",
      onResult: take,
    });
  else await here(runs, options, take);
  return results;
}

async function here(
  runs: readonly Parameters[],
  { signal, onProgress }: PoolOptions,
  take: (index: number, result: SimulationResult) => void,
): Promise<void> {
  for (const [index, parameters] of runs.entries()) {
    if (signal?.aborted) return;
    take(index, await simulate(parameters, { ...(signal && { signal }), ...(onProgress && { onProgress }) }));
    await new Promise(setImmediate);
  }
}
