// Converts checks and campaigns to run reports.

import { settingName } from "../render/setting.js";
import { faultsText } from "../verdict/faults.js";
import type { Witnesses } from "../verdict/verdict.js";
import { caveatTexts } from "./caveats.js";
import { type CompletedRun, checkNotes, isAsExpected } from "./check.js";
import { type CompletedCampaign, campaignVerdict, fuzzNotes } from "./fuzz.js";
import { grouped, megabytes, seconds } from "./numbers.js";
import { casesOf, type Figure, type RunReport, type ShownTrace } from "./run-report.js";

/** What a run has left. */
interface ReportContext {
  readonly suite: string;
  readonly traces: readonly ShownTrace[];
  readonly allowInconclusive: boolean;
}

/** A run of `check`. */
export function checkReport(
  run: CompletedRun,
  { suite, traces, allowInconclusive }: ReportContext,
): RunReport {
  const { planned, result } = run;
  const { expect: expected, description: setting } = planned;
  return {
    suite,
    name: settingName(setting),
    setting,
    seconds: run.cached ? 0 : result.seconds,
    verdict: result.verdict,
    expected,
    isAsExpected: isAsExpected(run),
    ...(run.cached && { cached: true }),
    cases: casesOf(result.properties, { verdict: result.verdict, expected, allowInconclusive }, traces),
    figures: [
      ["states", grouped(result.states)],
      ["transitions", grouped(result.transitions)],
      ["depth", String(result.depth)],
      ["time", seconds(result.seconds)],
    ],
    witnesses: [
      ...(run.cached ? [["cached", "nothing has changed since this run was made"] as const] : []),
      ...witnessFigures(result.witnesses),
      ["search", result.reduction],
      ["symmetry", result.symmetry === 1 ? "none" : `${result.symmetry} names for each state`],
      ["step function evaluated", grouped(result.stepCalls)],
      ["states not expanded", grouped(result.frontier)],
      ["memory at most", megabytes(result.peakMemoryBytes)],
    ],
    notes: checkNotes([run], true).map((note) => note.trim()),
    caveats: expected === null ? caveatTexts(result.caveats, [run]) : [],
  };
}

/** A campaign of `fuzz`. */
export function fuzzReport(campaign: CompletedCampaign, { suite, traces }: ReportContext): RunReport {
  const { planned, result } = campaign;
  const { description: setting } = planned;
  const { verdict } = result;
  const cases = casesOf(result.properties, { verdict, expected: null, allowInconclusive: false }, traces);
  return {
    suite,
    name: settingName(setting),
    setting,
    seconds: result.seconds,
    verdict: campaignVerdict(verdict),
    expected: null,
    isAsExpected: verdict === "holds",
    cases: cases.map((one) => ({ ...one, verdict: campaignVerdict(one.verdict) })),
    figures: [
      ["runs", grouped(result.runs)],
      ["events", grouped(result.events)],
      ["distinct states", `${result.distinctStatesEstimated ? "~" : ""}${grouped(result.distinctStates)}`],
      ["decided", grouped(result.decided)],
      ["time", seconds(result.seconds)],
    ],
    witnesses: [
      ...witnessFigures(result.witnesses),
      ["strategy", result.strategy],
      ["seed", String(result.seed)],
      ["path", result.path ?? "none"],
      ["actions in a run at most", grouped(result.maxActions)],
      ["memory at most", megabytes(result.peakMemoryBytes)],
    ],
    notes: fuzzNotes([campaign]).map((note) => note.trim()),
    caveats: caveatTexts(result.caveats, [campaign]),
  };
}

function witnessFigures(witnesses: Witnesses): Figure[] {
  const { decisions, agreementComparisons, viewChanges, messages, adversaryMoves, faults } = witnesses;
  return [
    ["executions by correct replicas", grouped(decisions)],
    ["comparisons of agreement", grouped(agreementComparisons)],
    ["highest view reached", String(viewChanges)],
    ["messages of correct nodes that had an effect", byType(messages)],
    ["messages of the adversary that had an effect", byType(adversaryMoves)],
    ...(faults ? [["faults", faultsText(faults)] as const] : []),
  ];
}

function byType(counts: { readonly [type: string]: number }): string {
  return (
    Object.entries(counts)
      .map(([type, count]) => `${type} ${grouped(count)}`)
      .join(", ") || "none"
  );
}
