// Options, progress and result of a fuzz campaign, as data.

import type { Counterexample } from "../model/action.js";
import type { Adversary, Json } from "../protocol/index.js";
import type { Caveat } from "../verdict/caveats.js";
import type { SettingSource } from "../verdict/setting-source.js";
import type { PropertyResult, Verdict, Witnesses } from "../verdict/verdict.js";
import type { Failure } from "./block.js";
import type { BlockRanges } from "./blocks.js";
import type { CampaignCounts, StrategyCounts, Tally } from "./counts.js";
import type { SerializedIncidence } from "./incidence.js";
import type { Learned, Recipe } from "./recipes.js";
import type { SerializedSample } from "./sample.js";
import type { StepPlace } from "./step-file.js";
import type { Strategy } from "./strategy.js";
import type { TimedCounts } from "./timed-counts.js";

/** How far a fuzz campaign goes, and how. */
export interface FuzzOptions {
  /** The number of runs; default 1000, or no limit if `maxSeconds` is given. */
  readonly maxRuns?: number;
  /** The time limit in seconds; default: none. The current run is finished first. */
  readonly maxSeconds?: number;
  /**
   * The largest number of actions in a run; default {@link defaultMaxActions}, timed
   * {@link defaultMaxTimedActions}.
   */
  readonly maxActions?: number;
  /** A 32-bit integer; default: a random one, which the result contains. */
  readonly seed?: number;
  /** The path of a failed run: with the same seed, setting and options only that run is made again. */
  readonly path?: string;
  /** Default: `mixed`. */
  readonly strategy?: Strategy;
  /**
   * The campaign ends when it has found this many failures that differ in more than names and order; default
   * 1. With more than one, every failure is minimized at once, to tell whether it is known.
   */
  readonly maxFailures?: number;
  /**
   * The adversaries that this minimizing may try; default: those of the built-in protocol with the setting's
   * name.
   */
  readonly adversaries?: readonly Adversary<Json>[];
  /** Makes only every `of`-th block, from the `index`-th on (from 1); default: all. */
  readonly shard?: { readonly index: number; readonly of: number };
  /**
   * Recipes of earlier campaigns with the same setting, strategy and number of actions; every block begins
   * with some of them. The result's state contains what was learned besides. Default: none, and nothing is
   * kept.
   */
  readonly corpus?: readonly Recipe[];
  /**
   * The state of an earlier campaign with the same options, to continue. `maxRuns` is then that campaign's by
   * default.
   */
  readonly resume?: CampaignState;
  /** The number of threads; default 1. More than one needs `source`. */
  readonly workers?: number;
  /** How a thread finds the setting. */
  readonly source?: SettingSource;
  /** Where evaluated steps are kept for later campaigns. Default: nowhere. */
  readonly steps?: StepPlace;
  /** Ends the campaign when the process takes this much memory, in bytes; default: half of the machine's. */
  readonly maxMemoryBytes?: number;
  /** Called after each block that was added, with the state so far. */
  readonly onBlock?: (state: CampaignState) => void | Promise<void>;
  /** Called a few times a second. */
  readonly onProgress?: (progress: FuzzProgress) => void;
  /**
   * Called with every failure at once, whether or not it will be reported: earlier runs that are not made yet
   * may fail as well.
   */
  readonly onFailure?: (failure: Failure) => void;
  /** Ends the campaign after the current run, or during one that takes long. */
  readonly signal?: AbortSignal;
}

/**
 * The default of `maxActions`. Runs of PBFT with four replicas end by themselves on the `async` network, once
 * everything has been received: after 20 to 45 actions with one slot, 45 to 70 with three.
 */
export const defaultMaxActions = 200;

/** The default of `maxActions` for timed runs, which may need several views to serve a client. */
export const defaultMaxTimedActions = 2000;

/** The progress of a campaign. */
export interface FuzzProgress {
  readonly runs: number;
  /** Actions taken in all runs. */
  readonly events: number;
  readonly distinctStates: number;
  readonly decided: number;
  readonly seconds: number;
  readonly memoryBytes: number;
  /** What the adversary is still working out, in words: before the first run. */
  readonly preparing?: string;
}

/** A failure that differs from all before it, and how often it occurred. */
export interface DistinctFailure extends Failure {
  /** Null if only one failure was asked for: the caller minimizes it. The adversary may be a weaker one. */
  readonly minimized: { readonly adversary: string | null; readonly counterexample: Counterexample } | null;
  /** How many runs failed like this. */
  readonly times: number;
}

/** The state of a campaign, as data for a file: enough to continue it, or to merge it with other shards. */
export interface CampaignState {
  readonly seed: number;
  readonly strategy: string;
  readonly maxActions: number;
  readonly shard: { readonly index: number; readonly of: number };
  /** How many blocks were made. */
  readonly blocks: number;
  /** Which blocks were made. */
  readonly made: BlockRanges;
  /** The number of runs that the whole campaign was to have; null: limited by time only. */
  readonly maxRuns: number | null;
  readonly counts: CampaignCounts;
  readonly sample: SerializedSample;
  /** In how many runs states were seen; null in files of earlier versions, and of what went on from them. */
  readonly incidence: SerializedIncidence | null;
  readonly failures: readonly DistinctFailure[];
  /** Null if no corpus was asked for. */
  readonly corpus: Learned | null;
  /**
   * If the last block was cut short, by the number of runs or by a failure: the number of runs made, and the
   * state before that block. A continued campaign makes that block again. Absent if every block is whole.
   */
  readonly before?: { readonly upTo: number; readonly state: CampaignState };
}

/** What a fuzz campaign has found out. */
export interface FuzzResult {
  /**
   * The worst of the properties' verdicts. `holds` is weaker than in a search: no run violated the property,
   * and it was tested. The reason says so.
   */
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** Comparisons are the properties' own at the ends of all runs. */
  readonly properties: readonly PropertyResult[];
  readonly strategy: string;
  readonly maxActions: number;
  readonly seed: number;
  /** Together with the seed, repeats the run that violated a property; null if there was none. */
  readonly path: string | null;
  readonly counterexample: Counterexample | null;
  /** The first distinct failures, in the order of runs; the first one is the counterexample. */
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
  /** Executions by correct replicas per run, on average. */
  readonly decisionsPerRun: number;
  /** The counts of each strategy. */
  readonly strategies: { readonly [name: string]: StrategyCounts };
  /** Events by kind. */
  readonly kinds: Tally;
  /** Of timed runs: how they ended. */
  readonly timed: TimedCounts | null;
  /** What `holds` rests on, or does not cover: see `SearchResult`. */
  readonly caveats: readonly Caveat[];
  /** Doubts about the quality of the campaign, in sentences. */
  readonly warnings: readonly string[];
  readonly stepCalls: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  /**
   * What happened in these runs. Decisions are executions by correct replicas; messages count once for each
   * delivery.
   */
  readonly witnesses: Witnesses;
  /** Whether the signal ended the campaign. */
  readonly interrupted: boolean;
  /** To be passed as `resume`. */
  readonly state: CampaignState;
}
