// The verdict of a campaign, from its counts.

import { exerciseText, hearing } from "../model/guarded-monitor.js";
import {
  allRequestsOf,
  livenessIsOutside,
  type Setting,
  timedLivenessIsOutside,
  viewNoun,
} from "../model/setting.js";
import { inMicros } from "../model/timed/timing.js";
import type { Event, Property } from "../protocol/index.js";
import { idleAdversary } from "../verdict/activity.js";
import { type Caveat, caveatsOf, deafCaveatsOf } from "../verdict/caveats.js";
import { askedFaults, type Faults, idleFaults } from "../verdict/faults.js";
import { conclusion, type PropertyResult, type Verdict, type Witnesses } from "../verdict/verdict.js";
import { blockRuns } from "./block.js";
import { endOf, missingBlocks } from "./blocks.js";
import type { CampaignCounts } from "./counts.js";
import type { CampaignState, DistinctFailure, FuzzResult } from "./result.js";
import type { TimedCounts } from "./timed-counts.js";

/** The raw outcome of a campaign. */
export interface Findings {
  readonly setting: Setting;
  /** Of all runs, including those of a block that was cut off. */
  readonly counts: CampaignCounts;
  readonly distinctStates: number;
  readonly distinctStatesEstimated: boolean;
  readonly failures: readonly DistinctFailure[];
  readonly path: string | null;
  readonly stepCalls: number;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly interrupted: boolean;
  /** Whether this is meant to be the whole campaign, so that missing blocks matter. */
  readonly isWhole: boolean;
  readonly state: CampaignState;
}

/** The result of a campaign. */
export function summarize(findings: Findings): FuzzResult {
  const { counts, failures, seconds, state } = findings;
  const properties = propertyResults(findings);
  const hole = holeIn(findings);
  const isShort = hole !== null && conclusion(properties).verdict === "holds" && findings.isWhole;
  return {
    ...(isShort ? { verdict: "inconclusive" as const, reason: hole } : conclusion(properties)),
    properties,
    caveats: caveats(findings, properties),
    strategy: state.strategy,
    maxActions: state.maxActions,
    seed: state.seed,
    path: findings.path,
    counterexample: failures[0]?.counterexample ?? null,
    failures,
    runs: counts.runs,
    events: counts.events,
    eventsPerSecond: Math.round(counts.events / Math.max(seconds, 0.001)),
    distinctStates: findings.distinctStates,
    distinctStatesEstimated: findings.distinctStatesEstimated,
    decided: counts.decided,
    undecided: counts.runs - counts.decided,
    decisionsPerRun: counts.decisions / Math.max(counts.runs, 1),
    strategies: counts.strategies,
    kinds: counts.kinds,
    timed: counts.timed ?? null,
    warnings: [...warnings(findings), ...(hole === null || isShort ? [] : [hole])],
    stepCalls: findings.stepCalls,
    seconds,
    peakMemoryBytes: findings.peakMemoryBytes,
    witnesses: witnessesOf(findings),
    interrupted: findings.interrupted,
    state,
  };
}

/** Without counts of what was observed, as in files of earlier versions, nothing is said of it. */
function caveats({ setting, counts }: Findings, properties: readonly PropertyResult[]): readonly Caveat[] {
  return [
    ...caveatsOf(setting, properties),
    ...deafCaveatsOf(properties, (index) => counts.observed === undefined || counts.observed[index]! > 0),
  ];
}

function witnessesOf(findings: Findings): Witnesses {
  const { setting, counts } = findings;
  const agreement = setting.properties.findIndex((property) => property.name === "agreement");
  const faults = faultsOf(findings);
  return {
    decisions: counts.decisions,
    agreementComparisons: counts.comparisons[agreement] ?? 0,
    viewChanges: counts.highestView,
    messages: counts.messages,
    adversaryMoves: counts.moves,
    ...(faults && { faults }),
  };
}

/** Why blocks are missing, or null: below those that were made, or of the whole campaign. */
function holeIn({ state, failures, isWhole }: Findings): string | null {
  const { made, shard, maxRuns } = state;
  const planned = isWhole && failures.length === 0 && maxRuns !== null ? Math.ceil(maxRuns / blockRuns) : 0;
  const missing = missingBlocks(made, shard, Math.max(planned, endOf(made)));
  if (missing.length === 0) return null;
  const runs = missing
    .slice(0, 3)
    .map(([first, last]) => `${first * blockRuns + 1}-${(last + 1) * blockRuns}`);
  const more = missing.length > 3 ? " and others" : "";
  return `runs ${runs.join(", ")}${more} are missing: turncoat fuzz --resume with this campaign's report makes them`;
}

/** The faults that occurred in the runs. */
function faultsOf({ setting, counts: { kinds } }: Findings): Faults | undefined {
  const { crash = 0, restart = 0, lose = 0, duplicate = 0, cut = 0 } = kinds;
  const happened = {
    crashes: crash,
    recoveries: restart,
    losses: lose,
    duplicates: duplicate,
    partitions: cut,
  };
  return askedFaults(setting, happened);
}

function propertyResults(findings: Findings): PropertyResult[] {
  const { setting, counts, failures } = findings;
  const adversaryActed = Object.keys(counts.moves).length > 0;
  const idle =
    idleAdversary(setting, adversaryActed ? [{ kind: "inject", message: null }] : []) ??
    idleFaults(faultsOf(findings));
  return setting.properties.map((property, index): PropertyResult => {
    const { name, kind } = property;
    const comparisons = counts.comparisons[index] ?? 0;
    const own = failures.find(({ counterexample }) => counterexample.property === name);
    const [verdict, reason] = own
      ? (["violated", own.counterexample.explanation] as const)
      : (undecided(findings, property) ?? sampled(findings, property, index, idle));
    return { name, kind, verdict, reason, comparisons };
  });
}

/** Why a campaign says nothing about a property that it found no violation of, or null. */
function undecided(findings: Findings, { kind }: Property): [Verdict, string] | null {
  const outside = kind === "eventually" ? whyOutside(findings) : null;
  if (outside) return ["outside", outside];
  const [first] = findings.failures;
  if (first) return ["inconclusive", `the campaign ended when ${first.counterexample.property} was violated`];
  if (findings.interrupted)
    return ["inconclusive", `the campaign was interrupted after ${findings.counts.runs} runs`];
  if (findings.counts.runs === 0)
    return ["inconclusive", "no run was made before the campaign ended: give it more time"];
  return null;
}

/** The verdict on a property after all runs. */
function sampled(
  { setting, counts, state }: Findings,
  property: Property,
  index: number,
  idle: string | null,
): [Verdict, string] {
  const { name, kind } = property;
  if (idle) return ["vacuous", idle];
  if (kind === "sometimes" && !counts.reached[index])
    return ["inconclusive", `its goal was not reached in ${counts.runs} runs`];
  if (kind === "eventually" && counts.timed) return timedVerdict(setting, counts.runs, counts.timed);
  if ((counts.comparisons[index] ?? 0) === 0)
    return ["vacuous", `${name} was never exercised: ${exerciseText(property, setting.protocol)}`];
  const runs = `${counts.runs} runs of at most ${state.maxActions} actions`;
  return ["holds", `no violation in ${runs}: sampled, not exhausted`];
}

/** Why liveness is not guaranteed, or null; for timed runs with their counts. */
function whyOutside({ setting, counts: { timed } }: Findings): string | null {
  if (!setting.timing) return livenessIsOutside(setting);
  const reason = timedLivenessIsOutside(setting);
  if (reason === null || !timed) return reason;
  return `${reason}; ${timed.late + timed.round} runs did not recover, and ${timed.served} did`;
}

/**
 * If runs were cut off, they are undecided and so is the campaign. If nobody had to wait after GST, nothing
 * was tested.
 */
function timedVerdict(setting: Setting, runs: number, timed: TimedCounts): [Verdict, string] {
  const cut = timed.cutByActions + timed.cutByViews;
  const undecided = `${cut} of ${runs} runs are undecided (${timed.cutByActions} had too many actions, ${timed.cutByViews} went beyond the last ${viewNoun(setting.protocol).one})`;
  if (cut > 0) return ["inconclusive", undecided];
  if (timed.waited === 0) return ["vacuous", "nobody waited at GST, or asked after it: use a later --gst"];
  const { delta } = inMicros(setting.timing!);
  const longest = Math.ceil((10 * timed.longestWait) / delta) / 10;
  const served =
    `in ${timed.served} runs everybody was served; of those who waited at GST or asked after it (${timed.waited} runs) nobody waited for more than ` +
    `${longest} Delta, where ${setting.timing!.withinDeltas} are allowed`;
  return ["holds", `${served}: sampled, not exhausted`];
}

/** Fewer runs than this say nothing about the quality of a campaign. */
const fewRuns = 20;

/** What a property hears that says something of decisions. */
const anExecution: Event = { kind: "executed", slot: 1, position: 1, request: "A", result: null };

function warnings({ setting, counts, failures }: Findings): string[] {
  const { runs, decided, timed } = counts;
  if (runs < fewRuns || failures.length > 0) return [];
  const cut = timed ? timed.cutByActions + timed.cutByViews : 0;
  if (cut * 2 > runs)
    return [
      `${cut} of ${runs} timed runs were cut off, which proves nothing: allow more actions or more ${viewNoun(setting.protocol).many}`,
    ];
  const awaits = setting.properties.some((property) => hearing(property)(anExecution));
  if (timed || decided * 2 >= runs || !awaits || (decided === 0 && !asksForAnything(setting))) return [];
  return [
    `only ${decided} of ${runs} runs decided anything: most of what was tried says little about ` +
      "properties of decisions (more actions in a run, or another adversary, may help)",
  ];
}

/** Whether there is anything to decide: an election of leaders may have no requests. */
function asksForAnything({ protocol, config }: Setting): boolean {
  return allRequestsOf(protocol, config).length > 0;
}
