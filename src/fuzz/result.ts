// What a fuzz campaign is asked for, tells while it runs, and has found out, as data.

import type { Counterexample } from "../model/action.js";
import type { Adversary, Json } from "../protocol/index.js";
import type { SettingSource } from "../verdict/setting-source.js";
import type { PropertyResult, Verdict, Witnesses } from "../verdict/verdict.js";
import type { Failure } from "./block.js";
import type { BlockRanges } from "./blocks.js";
import type { CampaignCounts, StrategyCounts, Tally } from "./counts.js";
import type { Learned, Recipe } from "./recipes.js";
import type { PortableSample } from "./sample.js";
import type { Strategy } from "./strategy.js";
import type { TimedCounts } from "./timed-counts.js";

export interface FuzzOptions {
  /** How many runs; default 1000, or no limit where `maxSeconds` is given. */
  readonly maxRuns?: number;
  /** How long, in seconds; default: until the runs are made. The run at hand is finished first. */
  readonly maxSeconds?: number;
  /** Actions in one run at most; default {@link defaultMaxActions}, timed {@link defaultMaxTimedActions}. */
  readonly maxActions?: number;
  /** A 32-bit integer; default: a random one. The result carries it. */
  readonly seed?: number;
  /** The path of a run that failed: with the same seed, setting and options that run is made again, and no other. */
  readonly path?: string;
  /** Default: `mixed`. */
  readonly strategy?: Strategy;
  /**
   * The campaign goes on until it has found so many failures that differ in more than names and order; default 1. More than one
   * means that every failure is minimized at once, to tell whether it is one of those that are known.
   */
  readonly maxFailures?: number;
  /** For that: the adversaries that minimizing may try; default: those of the built-in protocol of the setting's name. */
  readonly adversaries?: readonly Adversary<Json>[];
  /** This campaign makes every K-th block only, from the I-th on (from 1); default: all. */
  readonly shard?: { readonly index: number; readonly of: number };
  /**
   * What earlier campaigns with the same setting, strategy and number of actions have learned; every block of this one begins with some of it.
   * The result's state has what was learned besides. Default: nothing, and nothing is kept.
   */
  readonly corpus?: readonly Recipe[];
  /** What an earlier campaign with the same options has done, which is not done again. `maxRuns` is then that one's by default. */
  readonly resume?: CampaignState;
  /** How many threads; default 1. More than one needs `source`. */
  readonly workers?: number;
  /** How a thread finds the setting. */
  readonly source?: SettingSource;
  /** The campaign ends early when the process takes this much memory, in bytes; default: half of the machine's. */
  readonly maxMemoryBytes?: number;
  /** Called when a block was added to the campaign, with what there is by then. */
  readonly onBlock?: (state: CampaignState) => void | Promise<void>;
  /** Called a few times a second. */
  readonly onProgress?: (progress: FuzzProgress) => void;
  /**
   * Told of every failure as soon as a run has found it, whether or not it will be reported in the end: earlier runs, still to be made, may
   * fail as well.
   */
  readonly onFailure?: (failure: Failure) => void;
  /** Ends the campaign after the run at hand, or in the middle of one that takes long. */
  readonly signal?: AbortSignal;
}

/**
 * The default of `maxActions`. Runs of PBFT with four replicas end by themselves, since on the `async` network nothing is
 * left to happen once everything has been received: after 20 to 45 actions with one slot, 45 to 70 with three.
 */
export const defaultMaxActions = 200;

/** The default of `maxActions` for timed runs, in which several views go by before a client is served. */
export const defaultMaxTimedActions = 2000;

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

/** A failure that differs from all before it, and how often it came. */
export interface DistinctFailure extends Failure {
  /** Null where only one failure was asked for: whoever asked for it minimizes it. The adversary may be a weaker one. */
  readonly minimized: { readonly adversary: string | null; readonly counterexample: Counterexample } | null;
  /** How many runs have failed like this. */
  readonly times: number;
}

/** What a campaign has done so far, as data for a file: enough to go on, or to be added up with other shards. */
export interface CampaignState {
  readonly seed: number;
  readonly strategy: string;
  readonly maxActions: number;
  readonly shard: { readonly index: number; readonly of: number };
  /** How many blocks were made. */
  readonly blocks: number;
  /** Which. */
  readonly made: BlockRanges;
  /** How many runs the whole campaign was to have; null: as many as there is time for. */
  readonly maxRuns: number | null;
  readonly counts: CampaignCounts;
  readonly sample: PortableSample;
  readonly failures: readonly DistinctFailure[];
  /** Null where no corpus was asked for. */
  readonly corpus: Learned | null;
  /**
   * Where the last block was cut short, by the number of runs or by a failure: after how many runs of the campaign, and what was
   * there before that block. Whoever goes further makes that block anew. Absent where every block is whole.
   */
  readonly before?: { readonly upTo: number; readonly state: CampaignState };
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
  /** The first failures that differ, in the order of runs; the first one is the counterexample. */
  readonly failures: readonly DistinctFailure[];
  readonly runs: number;
  /** Actions taken in all runs. */
  readonly events: number;
  readonly eventsPerSecond: number;
  /** Exact, unless `distinctStatesEstimated`: then within 0.5 % (two standard errors). */
  readonly distinctStates: number;
  readonly distinctStatesEstimated: boolean;
  /** Runs in which a correct replica executed a request. */
  readonly decided: number;
  readonly undecided: number;
  /** Executions by correct replicas, on average. */
  readonly decisionsPerRun: number;
  /** What each strategy has done. */
  readonly strategies: { readonly [name: string]: StrategyCounts };
  /** Events by kind. */
  readonly kinds: Tally;
  /** Of timed runs: how they ended. */
  readonly timed: TimedCounts | null;
  /** Complaints about the quality of the campaign, in sentences. */
  readonly warnings: readonly string[];
  readonly stepCalls: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /** What happened in these runs; decisions are executions by correct replicas, messages are counted once for each delivery. */
  readonly witnesses: Witnesses;
  /** Whether the signal ended the campaign. */
  readonly interrupted: boolean;
  /** What `resume` takes. */
  readonly state: CampaignState;
}
