// The report of a fuzz campaign, for people and for programs.

import { type SettingDescription, wordsFor } from "../catalogue/index.js";
import type { FuzzResult, TimedCounts } from "../fuzz/index.js";
import type { Identity } from "../identity/identity.js";
import { visibleText } from "../model/visible-text.js";
import { shellWord, type Values, writtenOptions } from "../parameters/asking.js";
import { timedParameters } from "../parameters/search.js";
import type { Paint } from "../render/paint.js";
import { outsideContractNote, settingCells, settingJson, settingName, viewsHead } from "../render/setting.js";
import type { PlannedRun } from "../suite/plan.js";
import { faultsText } from "../verdict/faults.js";
import { caveatTexts } from "./caveats.js";
import { coverageJson, seenText } from "./coverage.js";
import { type FaultyRun, faultWord, isFaulty } from "./faulty-run.js";
import { grouped, round, seconds } from "./numbers.js";
import { type Column, settingColumns, tableText } from "./table.js";

/** Where a minimized counterexample was written, and its length in actions. */
export interface FailureTrace {
  readonly file: string;
  readonly actions: number;
  /** Whether it is verified that no action can be left out. */
  readonly minimal: boolean;
}

/** A campaign that was made. */
export interface CompletedCampaign {
  readonly planned: PlannedRun;
  readonly result: FuzzResult;
  /** What it was made of; undefined where files do not say. */
  readonly identity: Identity | undefined;
  /** For each failure the minimized counterexample; null if it could not be written. */
  readonly traces: readonly (FailureTrace | null)[];
  readonly insideContract: boolean;
}

/** A verdict of random runs in words for people: that nothing was found is not that it holds. */
export function campaignVerdict(verdict: string): string {
  return verdict === "holds" ? "no violation" : verdict;
}

/** One table for a list of campaigns. */
export function fuzzTable(campaigns: readonly (CompletedCampaign | FaultyRun)[], paint: Paint): string {
  const head = viewsHead(campaigns.map(({ planned }) => planned.description));
  const rows = campaigns.map((campaign) => {
    const { description } = campaign.planned;
    if (isFaulty(campaign))
      return [...settingCells(description, head), paint.bad(faultWord), "-", "-", "-", "-", "-"];
    const { result } = campaign;
    const good = result.verdict === "holds";
    const text = campaignVerdict(result.verdict);
    return [
      ...settingCells(description, head),
      good ? paint.good(text) : paint.bad(text),
      grouped(result.runs),
      grouped(result.events),
      `${result.distinctStatesEstimated ? "~" : ""}${grouped(result.distinctStates)}`,
      grouped(result.decided),
      seconds(result.seconds),
    ];
  });
  return tableText([...settingColumns(head), ...columns], rows, paint);
}

const columns: readonly Column[] = [
  { head: "verdict", wraps: true },
  { head: "runs", isRight: true },
  { head: "events", isRight: true, drop: 2 },
  { head: "states", isRight: true, drop: 1 },
  { head: "decided", isRight: true, drop: 4 },
  { head: "time", isRight: true, drop: 3 },
];

/** Reasons, and how to repeat what was found. */
export function fuzzNotes(campaigns: readonly CompletedCampaign[]): string[] {
  return campaigns.flatMap((campaign) => {
    const { planned, result, insideContract } = campaign;
    const name = settingName(planned.description);
    const notes = result.reason
      ? [`${name}: ${result.verdict === "holds" ? "" : `${result.verdict}: `}${result.reason}.`]
      : [];
    const timed = result.timed && result.properties.find(({ kind }) => kind === "eventually");
    if (timed?.reason && timed.reason !== result.reason) notes.push(`${name}: ${timed.reason}.`);
    const seen = result.failures.length > 0 ? null : seenText(result.state);
    if (seen !== null) notes.push(`${name}: ${seen}.`);
    for (const text of caveatTexts(result.caveats, campaigns)) notes.push(`${name}: ${text}.`);
    for (const warning of result.warnings) notes.push(`${name}: ${warning}.`);
    for (const index of result.failures.keys()) notes.push(...failureNotes(campaign, index));
    const { faults } = result.witnesses;
    if (faults) notes.push(`${name}: ${faultsText(faults)} in all runs.`);
    if (!insideContract) notes.push(`${name}: ${outsideContractNote(planned.description)}.`);
    return notes.map(visibleText);
  });
}

function failureNotes({ planned, result, traces }: CompletedCampaign, index: number): string[] {
  const { run, path, strategy, times, counterexample } = result.failures[index]!;
  const by = strategy === result.strategy ? "" : ` by ${strategy}`;
  const often = times > 1 ? `, and ${times - 1} times more in another guise` : "";
  const known = index > 0 || result.path !== null ? path : null;
  const line = repeatLine(planned, result, known);
  const notes = [`  Found in run ${run + 1}${by}${often}; the same run again: ${line}`];
  if (index > 0) notes.unshift(`  ${counterexample.property}: ${counterexample.explanation}.`);
  const trace = traces[index];
  if (trace)
    notes.push(
      `  ${shortened(counterexample.actions.length, trace)} in ${trace.file}; look at it with: turncoat replay ${trace.file}`,
    );
  return notes;
}

function shortened(before: number, { actions, minimal }: FailureTrace): string {
  if (minimal) return `Minimized from ${before} to ${actions} actions`;
  const how = before === actions ? `${actions} actions` : `Shortened from ${before} to ${actions} actions`;
  return `${how}, not verified to be minimal,`;
}

/** The command that makes the run again that has violated a property: nothing else has to be known. */
export function repeatLine(
  { description }: PlannedRun,
  result: FuzzResult,
  path: string | null = result.path,
): string {
  const options = [
    ...writtenOptions(timedParameters, askingFor(description), { ...wordsFor(description.protocol) }),
    `--max-actions ${result.maxActions}`,
    `--strategy ${result.strategy}`,
    `--seed ${result.seed}`,
    ...(path === null ? [] : [`--path '${path}'`]),
  ];
  return ["turncoat fuzz", shellWord(description.protocol), ...options].join(" ");
}

/** What asks for just this setting. */
function askingFor({ adversary, byzantine, properties, network, ...places }: SettingDescription): Values {
  const { config, bounds, timing } = places;
  return {
    ...{ ...config, ...bounds, ...timing, network, properties },
    adversaries: [adversary ?? "none"],
    ...(byzantine.length > 0 && { byzantine }),
  };
}

/**
 * How timed runs have ended; where more than f replicas are faulty, those that did not recover are no
 * violations.
 */
function timedJson({ description }: PlannedRun, timed: TimedCounts, isRecoverable: boolean) {
  const { served, late, round: goingRound, cutByActions, cutByViews, waited, longestWait } = timed;
  return {
    isRecoverable,
    served,
    notServed: { late, round: goingRound },
    undecided: { actions: cutByActions, views: cutByViews },
    waited,
    longestWaitDeltas: round(longestWait / (description.timing!.deltaMs * 1000)),
  };
}

/** One campaign as the contract's JSON object. */
export function fuzzJson({ planned, result, identity, traces, insideContract }: CompletedCampaign) {
  const [trace] = traces;
  return {
    ...settingJson(planned.description, insideContract),
    identity: identity ?? null,
    expected: planned.expect,
    verdict: result.verdict,
    reason: result.reason,
    ...{ properties: result.properties, caveats: result.caveats.map(({ text }) => text) },
    strategy: result.strategy,
    foundBy: result.failures[0]?.strategy ?? null,
    strategies: result.strategies,
    maxActions: result.maxActions,
    seed: result.seed,
    path: result.path,
    runs: result.runs,
    events: result.events,
    eventsPerSecond: Math.round(result.eventsPerSecond),
    distinctStates: result.distinctStates,
    distinctStatesEstimated: result.distinctStatesEstimated,
    coverage: coverageJson(result.state),
    decided: result.decided,
    ...{ undecided: result.undecided, decisionsPerRun: round(result.decisionsPerRun) },
    kinds: result.kinds,
    ...(result.timed && { timed: timedJson(planned, result.timed, insideContract) }),
    warnings: result.warnings,
    repeat: result.counterexample === null ? null : repeatLine(planned, result),
    stepCalls: result.stepCalls,
    seconds: round(result.seconds),
    peakMemoryBytes: result.peakMemoryBytes,
    witnesses: result.witnesses,
    trace: trace ?? null,
    failures: result.failures.map(({ run, path, strategy, times, counterexample }, index) => ({
      ...{ run, path, strategy, times, property: counterexample.property },
      explanation: counterexample.explanation,
      repeat: repeatLine(planned, result, path),
      trace: traces[index] ?? null,
    })),
  };
}
