// `turncoat simulate`: runs one simulation, or a sweep of many.

import { cpus } from "node:os";
import type { Command } from "commander";
import { type Entry, findProtocol } from "../catalogue/index.js";
import { identityWith, type Parts, partsOf } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import { refuseFull } from "../records/index.js";
import { type Paint, paintFor } from "../render/paint.js";
import { seconds } from "../report/numbers.js";
import { partialNote, runTable, simulationNotes, sweepTable } from "../report/simulate.js";
import { csvHead, csvRow } from "../report/simulate-csv.js";
import { pointJson, simulationJson } from "../report/simulate-json.js";
import type { RawOptions } from "../simulate/parameters.js";
import { wordNames } from "../simulate/raw-options.js";
import type { SimulationResult } from "../simulate/result.js";
import { simulationFrom } from "../simulate/setting.js";
import {
  axisFrom,
  type Experiment,
  experimentFrom,
  type PointResult,
  pointResults,
  runsOf,
  type Sweep,
  simulateAll,
  sweepOf,
} from "../simulate/sweep/index.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import { CsvFile } from "./csv-file.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { integer } from "./options.js";
import { printJson } from "./print-json.js";
import { ProgressLine } from "./progress.js";
import { commandLine } from "./report-files.js";
import { say } from "./say.js";
import { added, withSimulationOptions } from "./simulate-options.js";
import { type Pictures, refusePictures, writePictures } from "./simulate-pictures.js";
import {
  type RecordingOptions,
  recordedRun,
  refuseSeed,
  writeRecording,
  writeRecords,
} from "./simulate-recording.js";

interface SimulateOptions extends Omit<RawOptions, "protocol">, Pictures, RecordingOptions {
  readonly sweep?: readonly string[];
  readonly trials?: number;
  readonly workers?: number;
  readonly csv?: string;
  readonly json?: boolean;
  readonly timing?: boolean;
  readonly allowInconclusive?: boolean;
}

export function addSimulate(command: Command): void {
  command.argument(
    "[protocol]",
    "pbft, tutorial, a mutant, or ./my-protocol.ts (default: the sweep file's, or pbft)",
  );
  withSimulationOptions(command)
    .optionsGroup("Sweeps:")
    .option(
      "--sweep <what>",
      "OPTION=VALUES, as in byzantine=0..6 or drop=0,0.01,0.1 (several: all combinations), or a sweep file (.json)",
      added,
    )
    .option("--trials <n>", "runs for each point, with seeds one after the other (default: 1)", integer(1))
    .option("--workers <n>", "threads for a sweep (default: the cores)", integer(1))
    .optionsGroup("Results:")
    .option("--csv <file>", "one row for each run")
    .option("--svg <file>", "the plots of a sweep")
    .option("--html <file>", "plots and tables on one page, with one run to step through")
    .option(
      "--trace <file>",
      "record one run as a trace, for replay: the first that violates something, or the first",
    )
    .option("--trace-seed <n>", "record the run with this seed instead", integer(0))
    .option("--record <dir>", "write the records of its nodes into a new directory, for conform")
    .option("--json", "one JSON document on standard output")
    .option("--timing", "the JSON and CSV also say what this machine took; they then differ from run to run")
    .option("--allow-inconclusive", "a limit that was reached is no failure")
    .addHelpText(
      "after",
      "\nExamples:\n  turncoat simulate --replicas 7 --clients 4 --requests 10 --delay 5..35\n" +
        "  turncoat simulate --adversary random --sweep byzantine=0..6 --trials 20 --svg plots.svg",
    )
    .action(async (protocol: string | undefined, options: SimulateOptions) => {
      process.exitCode = await simulateCommand(protocol, options);
    });
}

async function simulateCommand(protocol: string | undefined, options: SimulateOptions): Promise<number> {
  const startedAt = performance.now();
  const { experiment, sweep, seed, entry } = await sweepFrom(protocol, options);
  const isSweep = sweep.points.length * sweep.trials > 1;
  if (!isSweep && options.svg !== undefined)
    throw new UserError("bad-option", "--svg draws sweeps: give --sweep, or --trials.");
  refuseSeed(options, sweep);
  if (options.record !== undefined) refuseFull(options.record); // before the runs, which may take long
  await refusePictures(options, sweep);
  await simulationFrom(sweep.points[0]!.parameters); // reports a wrong name before anything is printed
  const paint = paintFor(process.stdout.isTTY === true);
  const repeats = `(node ${process.version}, --seed ${seed})`;
  if (!options.json) console.log(paint.bold(`turncoat ${version} simulate`), paint.dim(repeats));
  const signal = onInterrupt();
  const parts = options.json ? await partsOfAll(sweep) : new Map<string, Parts>();
  const results = await runAll(sweep, options, signal);
  const points = pointResults(sweep, results);
  const simulated: Simulated = {
    made: results.filter((result) => result !== undefined),
    sweep: isSweep ? { points, partial: partialNote(points, sweep.points.length) } : null,
  };
  const notes = notesOf(simulated);
  if (options.json) {
    const elapsed = options.timing ? Math.round(performance.now() - startedAt) / 1000 : null;
    printJson(documentOf(simulated, seed, elapsed, parts));
  } else {
    tell(simulated, notes, paint);
    for (const note of entry?.protocol.notes?.() ?? []) say(`${protocol}: ${note}.`, paint);
  }
  const run = await record(options, sweep, results, signal, seed);
  await writePictures(options, experiment, sweep, points, notes, run);
  await keepRecords(options, sweep, results, signal);
  if (signal.aborted) return exitCode.interrupted;
  return exitCodeOf(verdictOf(simulated), options.allowInconclusive === true);
}

/** Records one run, if that was asked for: for `--html`, and as a trace. */
async function record(
  options: SimulateOptions,
  sweep: Sweep,
  results: readonly (SimulationResult | undefined)[],
  signal: AbortSignal,
  seed: number,
) {
  if (options.trace === undefined && options.html === undefined) return null;
  const run = await recordedRun(options, sweep, results, { signal, origin: origin(seed) });
  writeRecording(options, run);
  if (options.trace !== undefined && run !== null && !options.json)
    console.log(`The run with seed ${run.seed} is in ${options.trace}: turncoat replay ${options.trace}`);
  return run;
}

/** Keeps the records of one run, if that was asked for. */
async function keepRecords(
  options: SimulateOptions,
  sweep: Sweep,
  results: readonly (SimulationResult | undefined)[],
  signal: AbortSignal,
): Promise<void> {
  const { record: directory, json } = options;
  if (directory === undefined) return;
  const seed = await writeRecords({ ...options, record: directory }, sweep, results, signal);
  if (seed === null) console.error(`${directory} has no whole record: no run was finished.`);
  else if (!json)
    console.log(`The run with seed ${seed} is recorded in ${directory}: turncoat conform ${directory}`);
}

/** The command line that makes the same runs again. */
function origin(seed: number): string {
  const line = commandLine();
  return / --seed[ =]/.test(line) ? line : `${line} --seed ${seed}`;
}

/** The results of a command. */
interface Simulated {
  readonly made: readonly SimulationResult[];
  /** The points of a sweep, and a note if some are missing; null for a single run. */
  readonly sweep: { readonly points: readonly PointResult[]; readonly partial: string | null } | null;
}

async function sweepFrom(protocol: string | undefined, options: SimulateOptions) {
  const words = wordsOf(protocol, options);
  const entry = words.protocol === undefined ? null : await findProtocol(String(words.protocol));
  const experiment = withDefaultsOf(entry, experimentOf(options));
  const seed = Number(words.seed ?? experiment.base.seed ?? Math.floor(Math.random() * 2 ** 31));
  for (const name of protocolsIn(experiment, words)) await findProtocol(name); // f depends on what it declares
  return { entry, experiment, seed, sweep: sweepOf(experiment, { ...words, seed }) };
}

/** The identity of each protocol's code when the runs begin. */
async function partsOfAll(sweep: Sweep): Promise<ReadonlyMap<string, Parts>> {
  const parts = new Map<string, Parts>();
  for (const { protocol } of runsOf(sweep))
    if (!parts.has(protocol)) parts.set(protocol, await partsOf(protocol));
  return parts;
}

function notesOf({ made, sweep }: Simulated): string[] {
  const partial = sweep?.partial ?? null;
  return [...(partial === null ? [] : [`${partial}.`]), ...simulationNotes(made)];
}

/** The JSON document. If `seconds` is null, nothing in it depends on this machine's clock. */
function documentOf(
  simulated: Simulated,
  seed: number,
  seconds: number | null,
  parts: ReadonlyMap<string, Parts>,
) {
  const { made, sweep } = simulated;
  return {
    turncoat: version,
    command: "simulate",
    seed,
    verdict: verdictOf(simulated),
    seconds,
    runs: made.map((result) => {
      const { parameters } = result;
      const identity = identityWith(parameters, parts.get(parameters.protocol)!);
      return simulationJson(result, seconds !== null, identity);
    }),
    ...(sweep && { complete: sweep.partial === null, points: sweep.points.map(pointJson) }),
  };
}

function tell({ made, sweep }: Simulated, notes: readonly string[], paint: Paint): void {
  console.log(
    sweep ? sweepTable(sweep.points, paint) : made.map((result) => runTable(result, paint)).join("\n"),
  );
  if (sweep) for (const note of notes) say(note, paint);
}

/** Makes all runs. A CSV row is written as soon as all rows before it are, so no finished run is lost. */
async function runAll(sweep: Sweep, options: SimulateOptions, signal: AbortSignal) {
  const runs = runsOf(sweep);
  const progress = new ProgressLine();
  const startedAt = performance.now();
  const elapsed = () => (performance.now() - startedAt) / 1000;
  const finished: (SimulationResult | undefined)[] = [];
  let [done, written] = [0, 0];
  const csv = new CsvFile(options.csv ?? null, csvHead);
  const row = (result: SimulationResult, index: number) =>
    csv.add(() =>
      csvRow(result, { trial: (index % sweep.trials) + 1, trials: sweep.trials }, options.timing === true),
    );
  const results = await simulateAll(runs, {
    workers: options.workers ?? cpus().length,
    signal,
    onProgress: (events) =>
      progress.show("simulate", elapsed(), `${events} events of run ${done + 1} of ${runs.length}`),
    onResult: (index, result) => {
      finished[index] = result;
      progress.show("simulate", elapsed(), `${++done} of ${runs.length} runs, ${seconds(elapsed())}`);
      for (; finished[written]; written++) row(finished[written]!, written);
    },
  });
  progress.clear();
  for (; written < runs.length; written++) if (finished[written]) row(finished[written]!, written);
  return results;
}

/** The worst verdict. In a sweep, points outside the contract are for comparison and do not count, unless there are no others. */
function verdictOf({ made, sweep }: Simulated) {
  const inside = made.filter(({ insideContract }) => insideContract);
  const counted = sweep && inside.length > 0 ? inside : made;
  return worstRun(counted.map(({ verdict }) => verdict));
}

/** The protocols of an experiment. */
function protocolsIn({ base, points, axes }: Experiment, words: RawOptions): ReadonlySet<string> {
  const swept = axes.flatMap(({ name, values }) => (name === "protocol" ? values : []));
  const named = [base, words, ...points].flatMap(({ protocol }) => protocol ?? []);
  return new Set([...named, ...swept].map(String));
}

/** A class says itself how many replicas it has. */
function withDefaultsOf(entry: Entry | null, experiment: Experiment): Experiment {
  if (!entry?.isReal) return experiment;
  const { replicas, faults } = entry.defaults!;
  const base = { ...(replicas !== undefined && { replicas }), ...(faults !== undefined && { faults }) };
  return { ...experiment, base: { ...base, ...experiment.base } };
}

/** The parameters that were given on the command line, unparsed. */
function wordsOf(protocol: string | undefined, options: SimulateOptions): RawOptions {
  const given = wordNames.flatMap((name) => {
    const value = name === "protocol" ? protocol : options[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(given);
}

function experimentOf({ sweep = [], trials }: SimulateOptions): Experiment {
  const files = sweep.filter((text) => text.endsWith(".json") && !text.includes("="));
  if (files.length > 1) throw new UserError("bad-option", "Only one sweep file can be run at a time.");
  const nothing: Experiment = { title: null, description: null, base: {}, points: [{}], axes: [], trials: 1 };
  const found = files[0] === undefined ? nothing : experimentFrom(files[0]);
  const axes = sweep.filter((text) => !files.includes(text)).map(axisFrom);
  return { ...found, axes: [...found.axes, ...axes], trials: trials ?? found.trials };
}
