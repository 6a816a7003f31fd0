// `simulate --trace` and `--html`: one run of a simulation, recorded to be looked into.

import { writeAtomically } from "../files/atomic.js";
import { partsOf } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import { SimulatedRecords } from "../records/index.js";
import { observe, type Recording, record, type SimulationResult } from "../simulate/result.js";
import { simulationFrom } from "../simulate/setting.js";
import type { Sweep } from "../simulate/sweep/index.js";
import type { Point } from "../simulate/sweep/points.js";
import { encodeTrace } from "../trace/index.js";
import type { ReplayResult } from "../trace/replay-result.js";
import { replayedRecording, traceOfSimulation } from "../trace/replay-simulated.js";
import type { Trace } from "../trace/schema.js";
import { orSayLaterNow } from "./unwritten.js";

/** The page of a longer run would be too large to be opened quickly. */
const mostActionsOnPage = 5000;

/** What is recorded. */
export interface RecordingOptions {
  readonly trace?: string;
  readonly traceSeed?: number;
  /** A new directory for the records of the nodes. */
  readonly record?: string;
}

/** A recorded run. */
export interface RecordedRun {
  readonly seed: number;
  readonly trace: Trace;
  readonly result: ReplayResult;
}

/** @throws {UserError} `bad-option` if no run has the seed. */
export function refuseSeed(
  { trace, traceSeed, record: directory }: RecordingOptions,
  { points, trials }: Sweep,
): void {
  if (traceSeed === undefined) return;
  if (trace === undefined && directory === undefined)
    throw new UserError(
      "bad-option",
      "--trace-seed says which run --trace and --record keep: give one of them.",
    );
  const seeds = points.flatMap(({ parameters: { seed } }) => [seed, seed + trials - 1]);
  if (!points.some(({ parameters: { seed } }) => traceSeed >= seed && traceSeed < seed + trials))
    throw new UserError(
      "bad-option",
      `No run has the seed ${traceSeed}: the seeds are ${Math.min(...seeds)} to ${Math.max(...seeds)}.`,
    );
}

/**
 * Records a run by making it once more: the one with the seed that is asked for, else the first one that violates something, else the
 * first one.
 */
export async function recordedRun(
  options: RecordingOptions,
  sweep: Sweep,
  results: readonly (SimulationResult | undefined)[],
  { signal, origin }: { readonly signal: AbortSignal; readonly origin: string },
): Promise<RecordedRun | null> {
  const chosen = chosenRun(options, sweep, results);
  if (chosen === null) return null;
  const { words, parameters } = chosen;
  const { seed } = parameters;
  const recording: Recording = await record(parameters, { signal });
  if (recording.result.end.kind === "interrupted") return null;
  const trace = traceOfSimulation(recording, words, { origin, parts: await partsOf(parameters.protocol) });
  return { seed, trace, result: replayedRecording(recording, trace) };
}

/** The run that is kept, with its seed: the one that is asked for, else the first that violates something, else the first. */
function chosenRun(
  { traceSeed }: RecordingOptions,
  { points, trials }: Sweep,
  results: readonly (SimulationResult | undefined)[],
): Pick<Point, "words" | "parameters"> | null {
  const wanted = [...results.entries()].filter(
    ([, one]) => one !== undefined && (traceSeed === undefined || one.parameters.seed === traceSeed),
  );
  const [index] = wanted.find(([, one]) => one!.verdict === "violated") ?? wanted[0] ?? [];
  if (index === undefined) return null;
  const { words, parameters } = points[Math.floor(index / trials)]!;
  return { words, parameters: { ...parameters, seed: parameters.seed + (index % trials) } };
}

/**
 * Writes the records of the nodes of that run, by making it once more. Its seed; null if no run was finished, or if this one was interrupted.
 *
 * @throws {UserError} `bad-file`
 */
export async function writeRecords(
  options: RecordingOptions & { readonly record: string },
  sweep: Sweep,
  results: readonly (SimulationResult | undefined)[],
  signal: AbortSignal,
): Promise<number | null> {
  const chosen = chosenRun(options, sweep, results);
  if (chosen === null) return null;
  const simulation = await simulationFrom(chosen.parameters);
  const records = new SimulatedRecords(simulation, options.record, await partsOf(chosen.parameters.protocol));
  try {
    const { end } = await observe(simulation, records, { signal });
    return end.kind === "interrupted" ? null : chosen.parameters.seed;
  } finally {
    records.close();
  }
}

/** Writes the trace, where it is wanted. */
export function writeRecording({ trace: file }: RecordingOptions, run: RecordedRun | null): void {
  if (file === undefined) return;
  if (run === null) console.error(`${file} is not written: no run was finished.`);
  else orSayLaterNow(() => writeAtomically(file, encodeTrace(run.trace)));
}

/** The run for a page; null if there is none, or if it is too long, which is said. */
export function forPage(run: RecordedRun | null) {
  if (run === null) return null;
  const { length } = run.trace.actions;
  if (length > mostActionsOnPage) {
    console.error(
      `The page has no run to step through: that with seed ${run.seed} has ${length} actions, and ${mostActionsOnPage} are the most. Keep it with --trace.`,
    );
    return null;
  }
  return { heading: `The run with seed ${run.seed}, step by step`, result: run.result };
}
