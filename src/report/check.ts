// The report of a check: one row or one JSON object for each run, in the words of the command line's
// contract.

import type { PastViolations, SearchResult } from "../explore/search-result.js";
import type { Identity } from "../identity/identity.js";
import { visibleText } from "../model/visible-text.js";
import type { Paint } from "../render/paint.js";
import { lengthText, violatedText } from "../render/run-length.js";
import {
  outsideContractNote,
  settingCaption,
  settingCaptions,
  settingCells,
  settingJson,
  settingName,
  viewsHead,
} from "../render/setting.js";
import type { PlannedRun } from "../suite/plan.js";
import { faultsText } from "../verdict/faults.js";
import { type Verdict, worst, worstRun } from "../verdict/verdict.js";
import { caveatTexts } from "./caveats.js";
import { type FaultyRun, faultWord, isFaulty } from "./faulty-run.js";
import { grouped, round, seconds } from "./numbers.js";
import { type Column, settingColumns, tableText } from "./table.js";

/** A run that was made. */
export interface CompletedRun {
  readonly planned: PlannedRun;
  readonly result: SearchResult;
  /** Where the counterexamples were written; null if one could not be. */
  readonly traceFiles: readonly (string | null)[];
  /** What it was made of. */
  readonly identity: Identity;
  /** What a run that was cut can be resumed from, or null. */
  readonly checkpointFile: string | null;
  /** Whether the protocol promises anything in this setting: see `insideContract` of the model. */
  readonly insideContract: boolean;
  /** What the protocol has to say besides: see `Protocol.notes`. Default: nothing. */
  readonly notes?: readonly string[];
  /** The result is of an earlier run, and nothing that it depends on has changed since. */
  readonly cached?: boolean;
}

/** A run that came to an end. */
export type MadeRun = CompletedRun | FaultyRun;

/** The runs that have a verdict. */
export function withVerdict(runs: readonly MadeRun[]): CompletedRun[] {
  return runs.filter((run): run is CompletedRun => !isFaulty(run));
}

/**
 * Whether a run came out as it should: as expected, or, where nothing is expected, with every property
 * holding.
 */
export function isAsExpected({ planned, result }: CompletedRun): boolean {
  return planned.expect === "any" || result.verdict === (planned.expect ?? "holds");
}

/** Whether any verdict would do, and there is none: of a mutant whose search was cut, or tested nothing, nothing is known. */
export function isUndecided({ planned, result }: CompletedRun): boolean {
  return planned.expect === "any" && result.verdict !== "holds" && result.verdict !== "violated";
}

/**
 * What a list of runs is called, with the parameters that its table does not show: numbered where they are
 * not all the same.
 */
export function checkHeading(name: string, runs: readonly MadeRun[], paint: Paint): string {
  const captions = captionsOf(runs);
  if (captions.length < 2) return `${paint.bold(name)} ${paint.dim(`(${captions.join("")})`)}`;
  const width = String(captions.length).length;
  const lines = captions.map((caption, index) => `  ${String(index + 1).padStart(width)}  ${caption}`);
  return [paint.bold(name), ...lines.map(paint.dim)].join("\n");
}

function captionsOf(runs: readonly MadeRun[]): string[] {
  return settingCaptions(runs.map(({ planned }) => planned.description));
}

/**
 * One table for a list of runs. Where their settings differ, the first column has the number that the heading
 * gives them.
 */
export function checkTable(runs: readonly MadeRun[], paint: Paint): string {
  const captions = captionsOf(runs);
  const head = viewsHead(runs.map(({ planned }) => planned.description));
  const isNumbered = captions.length > 1;
  const rows = runs.map((run) => {
    const number = captions.indexOf(settingCaption(run.planned.description)) + 1;
    return [...(isNumbered ? [String(number)] : []), ...row(run, head, paint)];
  });
  return tableText(
    [...(isNumbered ? [{ head: "#", isRight: true }] : []), ...settingColumns(head), ...columns],
    rows,
    paint,
  );
}

const columns: readonly Column[] = [
  { head: "search", drop: 3 },
  { head: "verdict", wraps: true },
  { head: "states", isRight: true },
  { head: "transitions", isRight: true, drop: 1 },
  { head: "depth", isRight: true, drop: 2 },
  { head: "time", isRight: true, drop: 4 },
];

function row(run: MadeRun, head: string | null, paint: Paint): string[] {
  const { description } = run.planned;
  if (isFaulty(run))
    return [...settingCells(description, head), "-", paint.bad(faultWord), "-", "-", "-", "-"];
  const { result } = run;
  return [
    ...settingCells(description, head),
    searchCell(result),
    verdictCell(run, paint),
    grouped(result.states),
    grouped(result.transitions),
    String(result.depth),
    seconds(result.seconds),
  ];
}

const searchNames = {
  none: "plain",
  "sleep-sets": "sleep sets",
  "visible-steps": "visible",
  dominance: "dominance",
} as const;

function searchCell({ reduction, deadMessages, symmetry }: SearchResult): string {
  return [
    searchNames[reduction],
    ...(deadMessages ? ["no dead"] : []),
    ...(symmetry > 1 ? [`${symmetry} names`] : []),
  ].join(", ");
}

function verdictCell(run: CompletedRun, paint: Paint): string {
  const { verdict, counterexamples } = run.result;
  const found = counterexamples.length === 0 ? verdict : foundText(run);
  const text = run.cached ? `${found} (cached)` : found;
  const painted = isUndecided(run) ? text : isAsExpected(run) ? paint.good(text) : paint.bad(text);
  const { expect } = run.planned;
  return expect !== null && !isAsExpected(run) ? `${painted} (expected: ${expect})` : painted;
}

/**
 * What is violated, each property by its first counterexample. Where only one property is checked nobody has
 * to be told which. The plain search finds the fewest actions, the reduced one the fewest visible actions.
 */
function foundText({ planned, result }: CompletedRun): string {
  const { reduction, depth, counterexamples } = result;
  const isPlain = reduction === "none" || reduction === "sleep-sets";
  const firsts = counterexamples.filter(
    ({ property }, index) => counterexamples.findIndex((other) => other.property === property) === index,
  );
  return firsts
    .map(({ property, actions, loop = [] }, index) => {
      const which = planned.description.properties.length > 1 ? `${visibleText(property)} ` : "";
      const visible = isPlain || result.past || index > 0 || loop.length > 0 ? "" : ` (${depth} visible)`;
      return `${which}${violatedText(actions.length, loop.length)}${visible}`;
    })
    .join("; ");
}

/** What has to be said about runs beyond their rows: reasons, limits, traces. */
export function checkNotes(runs: readonly CompletedRun[], verbose: boolean): string[] {
  return runs.flatMap((run) => {
    const name = settingName(run.planned.description);
    const notes: string[] = [];
    const explains = verbose || !isAsExpected(run);
    if (explains && run.result.reason) notes.push(`${name}: ${run.result.verdict}: ${run.result.reason}.`);
    for (const { name: property, verdict, reason } of run.result.properties)
      if (verdict === "outside" && run.result.verdict !== "outside")
        notes.push(`${name}: ${property} is outside: ${reason}.`);
    if (
      run.result.verdict === "inconclusive" &&
      run.result.explanation === null &&
      !run.result.counterexample
    )
      notes.push("  --explain tells where the states come from, and which bound to lower.");
    if (run.result.past && run.result.counterexample)
      notes.push(`${name}: ${pastText(run.result, run.result.past)}`);
    for (const { reduction, reason } of run.result.refused)
      notes.push(`${name}: without ${reduction}, for ${reason}.`);
    if (run.result.unsaved) notes.push(`${name}: not saved: ${run.result.unsaved.replace(/\.$/, "")}.`);
    if (run.checkpointFile) notes.push(`  Go on with: turncoat check --resume ${run.checkpointFile}`);
    if (explains) notes.push(...traceNotes(run));
    for (const { name: property, example } of run.result.properties)
      if (example) notes.push(`${name}: ${property} is reached in ${lengthText(example.actions.length)}.`);
    for (const text of run.planned.expect === null ? caveatTexts(run.result.caveats, runs) : [])
      notes.push(`${name}: ${text}.`);
    const { faults } = run.result.witnesses;
    if (faults)
      notes.push(`${name}: ${faultsText(faults)} (distinct states of a replica, messages, or cuts).`);
    if (!run.insideContract) notes.push(`${name}: ${outsideContractNote(run.planned.description)}.`);
    for (const note of run.notes ?? []) notes.push(`${name}: ${note}.`);
    return notes.map(visibleText);
  });
}

/** What a search that went on past violations has found out besides: how much lies behind them, and what cannot be reached. */
function pastText(
  { states, frontier, counterexamples, properties }: SearchResult,
  { violating, complete }: PastViolations,
): string {
  const counted = `${frontier === 0 ? "all" : "before it was cut"} ${grouped(states)} states were counted`;
  const behind = violating > 0 ? `, of which ${grouped(violating)} violate something` : "";
  const count = counterexamples.length;
  const causes = `${count} distinct cause${count === 1 ? "" : "s"} of violations`;
  const others = complete
    ? ", and no other among the shortest runs to these states"
    : `, and there may be more${frontier === 0 ? `: --max-violations ${2 * count}` : ""}`;
  const never = properties.filter(({ verdict, kind }) => verdict === "holds" && kind !== "sometimes");
  const unreachable = never.length > 0 ? `; never violated: ${never.map(({ name }) => name).join(", ")}` : "";
  return `${counted}${behind}; ${causes}${others}${unreachable}.`;
}

/** Where the traces are; of several, what each of them shows. */
function traceNotes({ result: { counterexamples }, traceFiles }: CompletedRun): string[] {
  return traceFiles.flatMap((file, index) => {
    const { property, actions, loop = [] } = counterexamples[index]!;
    const which =
      traceFiles.length === 1
        ? "The trace"
        : `${property} ${violatedText(actions.length, loop.length)}: the trace`;
    return file === null ? [] : [`  ${which} is in ${file}; look at it with: turncoat replay ${file}`];
  });
}

/** One run as the contract's JSON object. */
export function checkJson(run: CompletedRun) {
  const { planned, result, identity, insideContract } = run;
  const traces = tracesJson(run);
  return {
    ...settingJson(planned.description, insideContract),
    identity,
    expected: planned.expect,
    asExpected: isAsExpected(run),
    verdict: result.verdict,
    ...(run.cached && { cached: true }),
    reason: result.reason,
    properties: result.properties,
    caveats: result.caveats.map(({ text }) => text),
    reduction: result.reduction,
    states: result.states,
    transitions: result.transitions,
    depth: result.depth,
    frontier: result.frontier,
    stepCalls: result.stepCalls,
    symmetry: result.symmetry,
    deadMessages: result.deadMessages,
    refused: result.refused,
    ...(result.tallies && { tallies: result.tallies }),
    seconds: round(result.seconds),
    statesPerSecond: result.statesPerSecond,
    bytesPerState: result.bytesPerState,
    peakMemoryBytes: result.peakMemoryBytes,
    witnesses: result.witnesses,
    ...(result.past && { past: result.past }),
    ...(result.unsaved !== null && { unsaved: result.unsaved }),
    ...(result.explanation === null ? {} : { explanation: result.explanation }),
    trace: traces[0] ?? null,
    traces,
  };
}

function tracesJson({ result, traceFiles }: CompletedRun) {
  return result.counterexamples.map(({ property, actions, loop = [] }, index) => ({
    file: traceFiles[index] ?? null,
    property,
    actions: actions.length,
    ...(loop.length === 0 ? {} : { loop: loop.length }),
    minimal: false,
  }));
}

/**
 * The verdict that decides the exit code of a whole command: the worst, where an expected verdict counts as
 * `holds`, and one that is missed never does.
 */
export function overallVerdict(runs: readonly CompletedRun[]): Verdict {
  const verdicts = runs.map((run) =>
    run.planned.expect !== null && isAsExpected(run) ? "holds" : run.result.verdict,
  );
  const missed = runs.some((run) => run.result.verdict === "holds" && !isAsExpected(run));
  return missed ? "violated" : worstRun(verdicts);
}

/**
 * The verdict where limits that were reached are no failure: a property that was never exercised still is
 * one.
 */
export function toleratedVerdict(runs: readonly CompletedRun[]): Verdict {
  return overallVerdict(runs.map(tolerated));
}

/** The run as if what is inconclusive held. */
function tolerated(run: CompletedRun): CompletedRun {
  const { planned, result } = run;
  if (result.verdict !== "inconclusive") return run;
  const others = result.properties
    .map(({ verdict }) => verdict)
    .filter((verdict) => verdict !== "inconclusive");
  const verdict = worst(["holds", ...others]);
  const isAboutRun = planned.expect !== null && planned.expect !== "holds";
  if (isAboutRun || verdict === "holds") return { ...run, planned: { ...planned, expect: "any" } };
  return { ...run, result: { ...result, verdict } };
}
