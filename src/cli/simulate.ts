// `turncoat simulate`: one timed run, or a sweep over many.

import { cpus } from "node:os";
import type { Command } from "commander";
import { type Entry, findProtocol } from "../catalogue/index.js";
import { identityWith, type Parts, partsOf } from "../identity/identity.js";
import { UserError } from "../model/errors.js";
import { paintFor } from "../render/paint.js";
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
import { type RecordingOptions, recordedRun, refuseSeed, writeRecording } from "./simulate-recording.js";

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
  const words = wordsOf(protocol, options);
  const experiment = withDefaultsOf(await entryOf(words), experimentOf(options));
  const seed = Number(words.seed ?? experiment.base.seed ?? Math.floor(Math.random() * 2 ** 31));
  for (const name of protocolsIn(experiment, words)) await findProtocol(name); // f depends on what it declares
  const sweep = sweepOf(experiment, { ...words, seed });
  const isSweep = sweep.points.length * sweep.trials > 1;
  if (!isSweep && options.svg !== undefined)
    throw new UserError("bad-option", "--svg draws sweeps: give --sweep, or --trials.");
  refuseSeed(options, sweep);
  await refusePictures(options, sweep);
  await simulationFrom(sweep.points[0]!.parameters); // a wrong name is told before anything is printed
  const paint = paintFor(process.stdout.isTTY === true);
  if (!options.json)
    console.log(
      paint.bold(`turncoat ${version} simulate`),
      paint.dim(`(node ${process.version}, --seed ${seed})`),
    );
  const signal = onInterrupt();
  const parts = new Map<string, Parts>(); // looked at when the run begins
  if (options.json)
    for (const { protocol: name } of runsOf(sweep))
      if (!parts.has(name)) parts.set(name, await partsOf(name));
  const results = await runAll(sweep, options, signal);
  const made = results.filter((result) => result !== undefined);
  const points = pointResults(sweep, results);
  const partial = isSweep ? partialNote(points, sweep.points.length) : null;
  const notes = [...(partial === null ? [] : [`${partial}.`]), ...simulationNotes(made)];
  const verdict = verdictOf(made, isSweep);
  if (options.json) {
    const elapsed = options.timing ? Math.round(performance.now() - startedAt) / 1000 : null;
    const document = {
      turncoat: version,
      command: "simulate",
      seed,
      verdict,
      seconds: elapsed,
      runs: made.map((result) => {
        const { parameters } = result;
        return simulationJson(
          result,
          options.timing === true,
          identityWith(parameters, parts.get(parameters.protocol)!),
        );
      }),
      ...(isSweep && { complete: partial === null, points: points.map(pointJson) }),
    };
    printJson(document);
  } else {
    console.log(
      isSweep ? sweepTable(points, paint) : made.map((result) => runTable(result, paint)).join("\n"),
    );
    if (isSweep) for (const note of notes) say(note, paint);
    for (const note of (await entryOf(words))?.protocol.notes?.() ?? [])
      say(`${words.protocol}: ${note}.`, paint);
  }
  const isRecorded = options.trace !== undefined || options.html !== undefined;
  const run = isRecorded
    ? await recordedRun(options, sweep, results, { signal, origin: origin(seed) })
    : null;
  writeRecording(options, run);
  if (options.trace !== undefined && run !== null && !options.json)
    console.log(`The run with seed ${run.seed} is in ${options.trace}: turncoat replay ${options.trace}`);
  await writePictures(options, experiment, sweep, points, notes, run);
  return signal.aborted ? exitCode.interrupted : exitCodeOf(verdict, options.allowInconclusive === true);
}

/** What makes the same runs again. */
function origin(seed: number): string {
  const line = commandLine();
  return / --seed[ =]/.test(line) ? line : `${line} --seed ${seed}`;
}

/** Runs everything; CSV rows are written as soon as all before them are there, so that nothing finished is lost. */
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

/** In a sweep, points outside the contract are there to be looked at: unless there is nothing else, they decide nothing. */
function verdictOf(results: readonly SimulationResult[], isSweep: boolean) {
  const inside = results.filter(({ insideContract }) => insideContract);
  const counted = isSweep && inside.length > 0 ? inside : results;
  return worstRun(counted.map(({ verdict }) => verdict));
}

/** The protocols that runs are made of. */
function protocolsIn({ base, points, axes }: Experiment, words: RawOptions): ReadonlySet<string> {
  const swept = axes.flatMap(({ name, values }) => (name === "protocol" ? values : []));
  const named = [base, words, ...points].flatMap(({ protocol }) => protocol ?? []);
  return new Set([...named, ...swept].map(String));
}

/** The protocol that the command line names. */
async function entryOf({ protocol }: RawOptions): Promise<Entry | null> {
  return protocol === undefined ? null : await findProtocol(String(protocol));
}

/** A class says itself how many replicas it has. */
function withDefaultsOf(entry: Entry | null, experiment: Experiment): Experiment {
  if (!entry?.isReal) return experiment;
  const { replicas, faults } = entry.defaults!;
  const base = { ...(replicas !== undefined && { replicas }), ...(faults !== undefined && { faults }) };
  return { ...experiment, base: { ...base, ...experiment.base } };
}

/** What the command line says of the parameters. */
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
