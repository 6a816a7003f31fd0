// Runs the searches of `turncoat check`: one at a time with all cores, or several side by side. Keeps their
// results on disk: traces of violations, checkpoints of searches that were cut off, and finished verdicts.

import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { settingFrom } from "../catalogue/index.js";
import { search } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { fileName } from "../files/names.js";
import { identityOf } from "../identity/identity.js";
import { isFault, UserError } from "../model/errors.js";
import { lengthText } from "../render/run-length.js";
import { settingName } from "../render/setting.js";
import type { MadeRun } from "../report/check.js";
import { grouped, seconds } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import { runSideBySide } from "../suite/side-by-side.js";
import { type CacheMiss, type KeptVerdict, VerdictCache } from "../suite/verdict-cache.js";
import { type FaultTracing, tracingFaults } from "../trace/index.js";
import { CompletedRuns, type SoFar } from "./completed-runs.js";
import { faultyRun } from "./faulty-run.js";
import { keep } from "./kept-run.js";
import type { PlannedSuite } from "./planned-suites.js";
import { ProgressLine } from "./progress.js";
import { type NamedRun, optionsOf, type RunningOptions } from "./run-options.js";
import { orSayLaterNow } from "./unwritten.js";

/** What the command does around its runs. */
interface Command {
  /** Whether one protocol is checked, so that a run that is cut leaves a checkpoint. Default: suites are. */
  readonly isSingle?: boolean;
  readonly signal: AbortSignal;
  /** Called with all runs of a suite. */
  readonly onSuite?: (suite: PlannedSuite, runs: readonly MadeRun[]) => void;
  /** Called after each run. */
  readonly onRun?: (soFar: SoFar) => void;
}

/**
 * Makes all runs of the suites. The runs of a suite are handed over together, once all of them are completed. A fault in
 * the user's code ends only the run that meets it.
 */
export async function makeRuns(
  suites: readonly PlannedSuite[],
  options: RunningOptions,
  { isSingle = false, signal, onSuite = () => {}, onRun = () => {} }: Command,
): Promise<readonly MadeRun[]> {
  const named = suites.map((suite, index) => namedRuns(suite, index, options, isSingle));
  const runs = (await Promise.all(named)).flat();
  const suiteOf = runs.map(({ suite }) => suite);
  const completed = new CompletedRuns(suites, suiteOf, onSuite);
  const cache =
    options.cache === undefined
      ? null
      : new VerdictCache(options.cache, (line) => console.error(`turncoat: ${line}`));
  const progress = new ProgressLine();
  const put = (index: number, run: MadeRun) => {
    completed.add(index, run);
    onRun(completed.soFar);
  };
  const left: number[] = [];
  for (const [index, run] of runs.entries()) {
    const found = await cached(cache, run, options);
    if ("result" in found) put(index, await keep(run, found.result, options.traces, found));
    else {
      left.push(index);
      if (found.changes.length > 0) progress.say(`${run.name}: made again, for ${found.changes.join("; ")}`);
    }
  }
  const take: Take = async (at, result) => {
    const index = left[at]!;
    put(index, await ended(runs[index]!, result, options, cache, progress));
  };
  await makeEach({ runs: left.map((index) => runs[index]!), options, signal, progress, take });
  completed.handOverRest();
  return completed.all;
}

/** A run that has just ended: writes its traces and its verdict to disk, and shows that it ended. */
async function ended(
  run: NamedRun,
  result: SearchResult | UserError,
  options: RunningOptions,
  cache: VerdictCache | null,
  progress: ProgressLine,
): Promise<MadeRun> {
  if (result instanceof UserError) {
    progress.clear(); // faults are printed at the end
    return faultyRun(run.planned, result);
  }
  const kept = await keep(run, result, options.traces, null);
  const made = { ...run, ...run.planned, options: optionsOf(run, options) };
  orSayLaterNow(() => cache?.keep(made, { result, notes: kept.notes ?? [] }));
  progress.done(run.name, outcome(result));
  return kept;
}

/** The cached verdict of a run. A resumed search is never taken from the cache. */
async function cached(
  cache: VerdictCache | null,
  run: NamedRun,
  options: RunningOptions,
): Promise<KeptVerdict | CacheMiss> {
  if (cache === null || options.resume !== undefined) return { changes: [] };
  return cache.find({ ...run, ...run.planned, options: optionsOf(run, options) });
}

async function namedRuns(
  { runs }: PlannedSuite,
  suite: number,
  { resume, traces }: RunningOptions,
  isSingle: boolean,
): Promise<NamedRun[]> {
  const named = runs.map(async (planned, index) => ({
    suite,
    planned,
    name: `[${index + 1}/${runs.length}] ${settingName(planned.description)}`,
    identity: await identityOf(planned.description),
    checkpointFile: resume ?? (isSingle ? checkpointName(planned, traces) : null),
  }));
  return Promise.all(named);
}

function outcome({ verdict, counterexample, states, seconds: time }: SearchResult): string {
  const { actions = [], loop = [] } = counterexample ?? {};
  const length = counterexample ? ` (${lengthText(actions.length, loop.length)})` : "";
  return `${verdict}${length}, ${grouped(states)} states, ${seconds(time)}`;
}

/** Called with each result, in the order in which runs end; never twice at the same time. */
type Take = (index: number, result: SearchResult | UserError) => Promise<void>;

/** The runs to make, and who is told of them. */
interface Making {
  readonly runs: readonly NamedRun[];
  readonly options: RunningOptions;
  readonly signal: AbortSignal;
  readonly progress: ProgressLine;
  readonly take: Take;
}

/** Makes the runs: side by side if there are several runs and several cores. */
function makeEach(making: Making): Promise<void> {
  const cores = making.options.workers ?? availableParallelism();
  return making.runs.length > 1 && cores > 1 ? makeSideBySide(making, cores) : makeInTurn(making, cores);
}

async function makeSideBySide(
  { runs, options, signal, progress, take }: Making,
  cores: number,
): Promise<void> {
  let taken = Promise.resolve();
  const takeNext = (index: number, result: SearchResult | UserError) => {
    taken = taken.then(() => take(index, result));
  };
  const tasks = runs.map((run) => ({ tracing: tracingOf(run, options), options: optionsOf(run, options) }));
  await runSideBySide(tasks, {
    threads: cores,
    signal,
    onProgress: (index, now) => progress.update(runs[index]!.name, now),
    onResult: takeNext,
    onFault: takeNext,
  });
  await taken;
}

/** One run after the other, each with all cores. */
async function makeInTurn({ runs, options, signal, progress, take }: Making, cores: number): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const { description } = run.planned;
    const result = await tracingFaults(tracingOf(run, options), async () =>
      search(await settingFrom(description), {
        ...optionsOf(run, options),
        workers: { count: cores, source: { description } },
        signal,
        onProgress: (now) => progress.update(run.name, now),
      }),
    ).catch((error) => {
      if (isFault(error)) return error;
      throw error;
    });
    await take(index, result);
    if (signal.aborted) return;
  }
}

function tracingOf({ planned, identity }: NamedRun, { traces }: RunningOptions): FaultTracing {
  return { setting: planned.description, parts: identity.parts, directory: traces };
}

/** The checkpoint file of a run: one for each setting, in the directory of traces. */
function checkpointName({ description }: PlannedRun, directory: string): string {
  const digest = createHash("sha256").update(JSON.stringify(description)).digest("hex").slice(0, 8);
  return join(directory, `${fileName(description.protocol)}-${digest}.checkpoint`);
}
