// Many runs on all cores. Every run has its own seed and nothing in common with the others, so who makes which, and when, makes
// no difference: results stand in the order of the runs. After an interrupt those that are finished are kept.

import { Worker } from "node:worker_threads";
import { UserError, type UserErrorCode } from "../../model/errors.js";
import { type SimulationResult, simulate } from "../result.js";
import type { Parameters } from "../setting.js";

export interface PoolOptions {
  /** How many threads; 1: this one. */
  readonly workers: number;
  readonly signal?: AbortSignal;
  /** A run is finished. */
  readonly onResult?: (index: number, result: SimulationResult) => void;
  /** Events so far, of a run that goes on in this thread. */
  readonly onProgress?: (events: number) => void;
}

/** What a worker answers. */
export type Answer =
  | { readonly index: number; readonly result: SimulationResult }
  | {
      readonly index: number;
      readonly error: { readonly message: string; readonly code: UserErrorCode | null };
    };

/** The results in the order of the runs; undefined where an interrupt came first. */
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
  if (threads > 1) await inWorkers(runs, threads, options, take);
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

function inWorkers(
  runs: readonly Parameters[],
  threads: number,
  { signal }: PoolOptions,
  take: (index: number, result: SimulationResult) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let [next, working] = [0, threads];
    const team: Worker[] = [];
    const stop = () => Promise.all(team.map((worker) => worker.terminate()));
    const finish = () => void stop().then(() => resolve(), reject);
    signal?.addEventListener("abort", finish, { once: true });

    const fail = (error: Error) => void stop().then(() => reject(error), reject);
    const hand = (worker: Worker) => {
      if (next < runs.length) worker.postMessage({ index: next, parameters: runs[next++] });
      else if (--working === 0) finish();
    };
    for (let i = 0; i < threads; i++) {
      const worker = new Worker(new URL("./thread.js", import.meta.url));
      team.push(worker);
      worker.on("message", (answer: Answer) => {
        if ("error" in answer) return fail(asError(answer.error));
        take(answer.index, answer.result);
        hand(worker);
      });
      worker.on("error", fail);
      hand(worker);
    }
  });
}

function asError({ message, code }: Extract<Answer, { error: unknown }>["error"]): Error {
  return code === null ? new Error(message) : new UserError(code, message);
}
