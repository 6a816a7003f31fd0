// What a fuzz campaign is asked for, tells while it runs, and has found out, as data.

import type { PropertyResult, Verdict, Witnesses } from "../explore/verdict.js";
import type { Counterexample } from "../model/action.js";
import type { Strategy } from "./strategy.js";

export interface FuzzOptions {
  /** How many runs; default 1000, or no limit where `maxSeconds` is given. */
  readonly maxRuns?: number;
  /** How long, in seconds; default: until the runs are made. The run at hand is finished first. */
  readonly maxSeconds?: number;
  /** Actions in one run at most; default {@link defaultMaxActions}. */
  readonly maxActions?: number;
  /** fast-check's seed, a 32-bit integer; default: a random one. The result carries it. */
  readonly seed?: number;
  /** fast-check's path of a run that failed: with the same seed, setting and options that run is made again, and no other. */
  readonly path?: string;
  /** Default: `uniform`. */
  readonly strategy?: Strategy;
  /** The campaign ends early when the process takes this much memory, in bytes; default: half of the machine's. */
  readonly maxMemoryBytes?: number;
  /** Distinct states are counted as long as their set takes no more than this, in bytes; default 512 MiB. */
  readonly maxVisitedBytes?: number;
  /** Called a few times a second. */
  readonly onProgress?: (progress: FuzzProgress) => void;
  /** Ends the campaign after the run at hand. */
  readonly signal?: AbortSignal;
}

/**
 * The default of `maxActions`. Runs of PBFT with four replicas end by themselves, since on the `async` network nothing is
 * left to happen once everything has been received: after 20 to 45 actions with one slot, 45 to 70 with three.
 */
export const defaultMaxActions = 200;

/** How far a campaign has come. */
export interface FuzzProgress {
  readonly runs: number;
  /** Actions taken in all runs. */
  readonly events: number;
  readonly distinctStates: number;
  readonly decided: number;
  readonly seconds: number;
  readonly memoryBytes: number;
}

export interface FuzzResult {
  /**
   * The worst of the properties' verdicts. `holds` means less than in a search: no run violated the property, and it was
   * put to the test. The reason says so.
   */
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** Comparisons are those that the property had made when a run ended, over all runs. */
  readonly properties: readonly PropertyResult[];
  readonly strategy: string;
  readonly maxActions: number;
  readonly seed: number;
  /** With the seed, what repeats the run that violated a property; null if there was none. */
  readonly path: string | null;
  readonly counterexample: Counterexample | null;
  readonly runs: number;
  /** Actions taken in all runs. */
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Exact, unless `distinctStatesCapped`: then a lower bound. */
  readonly distinctStates: number;
  readonly distinctStatesCapped: boolean;
  /** Runs in which a correct replica executed a request. */
  readonly decided: number;
  readonly undecided: number;
  /** Executions by correct replicas, on average. */
  readonly decisionsPerRun: number;
  readonly stepCalls: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** What happened in these runs; the number of decisions is that of executions by correct replicas. */
  readonly witnesses: Witnesses;
  /** Whether the signal ended the campaign. */
  readonly interrupted: boolean;
}
