// Makes the runs of `turncoat check`: one at a time, each with all cores, or several side by side; and keeps what they leave
// on disk, traces of what was found, checkpoints of what was cut, and verdicts that need not be found again.

import { createHash } from "node:crypto";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { settingFrom } from "../catalogue/index.js";
import { search } from "../explore/search.js";
import type { SearchResult } from "../explore/search-result.js";
import { removeQuietly } from "../files/atomic.js";
import { fileName } from "../files/names.js";
import { identityOf } from "../identity/identity.js";
import { isFault, UserError } from "../model/errors.js";
import { insideContract } from "../model/setting.js";
import { lengthText } from "../render/run-length.js";
import { settingName } from "../render/setting.js";
import type { CompletedRun, MadeRun } from "../report/check.js";
import type { FaultyRun } from "../report/faulty-run.js";
import { grouped, seconds } from "../report/numbers.js";
import type { PlannedRun } from "../suite/plan.js";
import { runSideBySide } from "../suite/side-by-side.js";
import { type CacheMiss, type KeptVerdict, VerdictCache } from "../suite/verdict-cache.js";
import { type FaultTracing, traceOf, tracingFaults, writeTrace } from "../trace/index.js";
import type { PlannedSuite } from "./planned-suites.js";
import { ProgressLine } from "./progress.js";
import { type NamedRun, optionsOf, type RunningOptions } from "./run-options.js";
import { orSayLater, orSayLaterNow } from "./unwritten.js";

/** The runs that are completed, and those of them that were not handed over yet. */
export interface SoFar {
  readonly all: readonly MadeRun[];
  readonly left: readonly { readonly suite: PlannedSuite; readonly runs: readonly MadeRun[] }[];
}

/**
 * Makes all runs of the suites. Those of one suite are handed over together, once they are all completed. A fault of the user's code
 * ends the run that meets it, and no other.
 */
export async function makeRuns(
  suites: readonly PlannedSuite[],
  options: RunningOptions,
  isSingle: boolean,
  signal: AbortSignal,
  onSuite: (suite: PlannedSuite, runs: readonly MadeRun[]) => void,
  onRun: (soFar: SoFar) => void = () => {},
): Promise<readonly MadeRun[]> {
  const named = suites.map((suite, index) => namedRuns(suite, index, options, isSingle));
  const runs = (await Promise.all(named)).flat();
  const progress = new ProgressLine();
  const cache =
    options.cache === undefined
      ? null
      : new VerdictCache(options.cache, (line) => console.error(`turncoat: ${line}`));
  const completed: (MadeRun | undefined)[] = runs.map(() => undefined);
  const handedOver = new Set<number>();
  const handOver = (index: number, evenIfCut: boolean) => {
    const own = completed.filter((_, run) => runs[run]!.suite === index);
    const finished = own.filter((run) => run !== undefined);
    if (handedOver.has(index) || finished.length === 0) return;
    if (finished.length < own.length && !evenIfCut) return;
    handedOver.add(index);
    onSuite(suites[index]!, finished);
  };
  const take = async (index: number, result: SearchResult | UserError, cached: KeptVerdict | null) => {
    const run = runs[index]!;
    if (result instanceof UserError) {
      completed[index] = await faulty(run, result);
      progress.clear(); // faults are told in the end
    } else {
      const kept = await keep(run, result, options.traces, cached);
      completed[index] = kept;
      const { notes = [] } = kept;
      if (cached === null) {
        const made = { ...run, ...run.planned, options: optionsOf(run, options) };
        orSayLaterNow(() => cache?.keep(made, { result, notes }));
        progress.done(run.name, outcome(result));
      }
    }
    // In the order of the suites, also where a later one is done first.
    for (
      let suite = 0;
      suite < suites.length && (handedOver.has(suite) || suite === handedOver.size);
      suite++
    )
      handOver(suite, false);
    const finished = (suite: number) =>
      completed.filter((one, at) => one !== undefined && runs[at]!.suite === suite) as MadeRun[];
    onRun({
      all: completed.filter((one) => one !== undefined),
      left: suites.flatMap((suite, at) =>
        handedOver.has(at) || finished(at).length === 0 ? [] : [{ suite, runs: finished(at) }],
      ),
    });
  };
  const left: number[] = [];
  for (const [index, run] of runs.entries()) {
    const found = await cached(cache, run, options);
    if ("result" in found) await take(index, found.result, found);
    else {
      left.push(index);
      if (found.changes.length > 0) progress.say(`${run.name}: made again, for ${found.changes.join("; ")}`);
    }
  }
  const toMake = left.map((index) => runs[index]!);
  await makeEach(toMake, options, signal, progress, (at, result) => take(left[at]!, result, null));
  for (const suite of suites.keys()) handOver(suite, true);
  return completed.filter((run) => run !== undefined);
}

/** What the cache has of a run; a search that is gone on with is not asked for there. */
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

/** `take` is called for one run after the other, in the order in which they end. */
async function makeEach(
  runs: readonly NamedRun[],
  options: RunningOptions,
  signal: AbortSignal,
  progress: ProgressLine,
  take: (index: number, result: SearchResult | UserError) => Promise<void>,
): Promise<void> {
  const cores = options.workers ?? availableParallelism();
  if (runs.length > 1 && cores > 1) {
    let taken = Promise.resolve();
    const takeNext = (index: number, result: SearchResult | UserError) => {
      taken = taken.then(() => take(index, result));
    };
    const tasks = runs.map((run) => ({
      tracing: tracingOf(run, options),
      options: optionsOf(run, options),
    }));
    await runSideBySide(tasks, {
      threads: cores,
      signal,
      onProgress: (index, now) => progress.update(runs[index]!.name, now),
      onResult: takeNext,
      onFault: takeNext,
    });
    await taken;
    return;
  }
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

/** Where a run is saved: one file for each setting, beside the traces. */
function checkpointName({ description }: PlannedRun, directory: string): string {
  const digest = createHash("sha256").update(JSON.stringify(description)).digest("hex").slice(0, 8);
  return join(directory, `${fileName(description.protocol)}-${digest}.checkpoint`);
}

async function faulty({ planned }: NamedRun, error: UserError): Promise<FaultyRun> {
  return { planned, error, insideContract: insideContract(await settingFrom(planned.description)) };
}

/** Writes the counterexamples to where they can be replayed from, and removes a checkpoint that is needed no more. */
async function keep(
  { planned, identity, checkpointFile }: NamedRun,
  result: SearchResult,
  directory: string,
  cached: KeptVerdict | null,
): Promise<CompletedRun> {
  const setting = await settingFrom(planned.description);
  const { counterexamples, reduction, deadMessages, symmetry } = result;
  const how = [
    reduction === "none" ? "plain" : reduction,
    ...(deadMessages ? ["dead messages"] : []),
    ...(symmetry > 1 ? ["symmetry"] : []),
  ];
  const { protocol } = planned.description;
  const traced = { protocol, origin: `exhaustive search, ${how.join(", ")}`, parts: identity.parts };
  const traceFiles: (string | null)[] = [];
  for (const counterexample of counterexamples)
    traceFiles.push(await orSayLater(() => writeTrace(directory, traceOf(setting, counterexample, traced))));
  const isCut = result.frontier > 0 && result.counterexample === null;
  if (checkpointFile !== null && !isCut) removeQuietly(checkpointFile);
  return {
    planned,
    result,
    identity,
    traceFiles,
    checkpointFile: isCut && result.unsaved === null ? checkpointFile : null,
    insideContract: insideContract(setting),
    notes: cached?.notes ?? setting.protocol.notes?.() ?? [],
    ...(cached && { cached: true }),
  };
}
