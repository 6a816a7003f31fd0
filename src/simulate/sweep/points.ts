// A sweep: a list of points, each run several times with seeds of its own, and the summary of each point's
// trials.

import { type Verdict, worstRun } from "../../verdict/verdict.js";
import type { RawOptions } from "../parameters.js";
import { type Latency, latencyMs } from "../percentiles.js";
import type { SimulationResult } from "../result.js";
import type { Parameters } from "../setting.js";

export interface Point {
  /** What distinguishes the point from others, for tables and plots: `{ byzantine: 3 }`. */
  readonly labels: { readonly [key: string]: string | number };
  /** The options that the parameters were read from. */
  readonly words: RawOptions;
  readonly parameters: Parameters;
}

export interface Sweep {
  readonly points: readonly Point[];
  /** How often each point is run: trial t uses the point's seed plus t. */
  readonly trials: number;
}

/** The parameters of all runs, point by point. */
export function runsOf({ points, trials }: Sweep): readonly Parameters[] {
  return points.flatMap(({ parameters }) =>
    Array.from({ length: trials }, (_, trial) => ({ ...parameters, seed: parameters.seed + trial })),
  );
}

/** The summary of a point's trials. */
export interface PointResult {
  readonly labels: Point["labels"];
  readonly runs: readonly SimulationResult[];
  /** The number of trials made, and asked for: fewer are made only after an interrupt. */
  readonly trials: number;
  readonly planned: number;
  readonly insideContract: boolean;
  readonly verdict: Verdict;
  /** Trials in which every request succeeded. */
  readonly successes: number;
  /**
   * Successful trials after which the correct replicas' digests agree, and trials in which two of them
   * differ.
   */
  readonly agreements: number;
  readonly disagreements: number;
  readonly requests: number;
  readonly succeeded: number;
  /** Over all requests that succeeded, in all trials. */
  readonly latencyMs: Latency | null;
  /** Over the trials in which time passed; null if there are none. */
  readonly meanThroughputPerSecond: number | null;
  readonly meanMessages: number;
  readonly meanBytes: number;
  readonly viewChanges: number;
}

/** Summarizes the runs that were made. A point without any is left out. */
export function pointResults(
  { points, trials }: Sweep,
  results: readonly (SimulationResult | undefined)[],
): readonly PointResult[] {
  return points.flatMap(({ labels }, index) => {
    const made = results.slice(index * trials, (index + 1) * trials).filter((one) => one !== undefined);
    return made.length === 0 ? [] : [together(labels, made, trials)];
  });
}

function together(labels: Point["labels"], runs: readonly SimulationResult[], planned: number): PointResult {
  const successes = runs.filter(isSuccess);
  return {
    labels,
    runs,
    trials: runs.length,
    planned,
    insideContract: runs.every(({ insideContract }) => insideContract),
    verdict: worstRun(runs.map(({ verdict }) => verdict)),
    successes: successes.length,
    agreements: successes.filter(({ agreement }) => agreement !== false).length,
    disagreements: runs.filter(({ agreement }) => agreement === false).length,
    requests: sum(runs.map(({ requests }) => requests)),
    succeeded: sum(runs.map(({ succeeded }) => succeeded)),
    latencyMs: latencyMs(runs.flatMap(({ latencies }) => latencies)),
    meanThroughputPerSecond: meanThroughput(runs),
    meanMessages: round(mean(runs.map(({ messages }) => sum(Object.values(messages))))),
    meanBytes: round(mean(runs.map(({ bytes }) => sum(Object.values(bytes))))),
    viewChanges: round(mean(runs.map((one) => one.viewChanges))),
  };
}

function meanThroughput(runs: readonly SimulationResult[]): number | null {
  const known = runs.map((one) => one.throughputPerSecond).filter((one) => one !== null);
  return known.length === 0 ? null : round(mean(known));
}

/** Whether every request of a run succeeded. */
function isSuccess({ requests, succeeded, end }: SimulationResult): boolean {
  return end.kind === "done" && requests > 0 && succeeded === requests;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
