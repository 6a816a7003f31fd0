// `turncoat check`: bounded exhaustive search, of one protocol or of whole suites.

import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Command, Option } from "commander";
import { settingFrom } from "../catalogue.js";
import { type SearchOptions, search } from "../explore/search.js";
import type { SearchResult } from "../explore/verdict.js";
import { insideContract, type Setting } from "../model/setting.js";
import type { Json } from "../protocol/index.js";
import {
  type CompletedRun,
  checkJson,
  checkNotes,
  checkTable,
  isAsExpected,
  overallVerdict,
} from "../report/check.js";
import { explanationLines } from "../report/explain.js";
import { grouped, round, seconds } from "../report/numbers.js";
import { type Paint, paintFor } from "../report/paint.js";
import { settingName, settingsCaption } from "../report/setting.js";
import { builtinSuites } from "../suite/built-in.js";
import type { PlannedRun } from "../suite/plan.js";
import { traceOf, writeTrace } from "../trace/index.js";
import { version } from "../version.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { onInterrupt } from "./interrupt.js";
import { bytes, integer, positive, reductions, withSettingOptions } from "./options.js";
import { type ChoiceOptions, type PlannedSuite, plannedSuites, resumedSuite } from "./planned-suites.js";
import { ProgressLine } from "./progress.js";

interface CheckOptions extends ChoiceOptions {
  readonly maxStates?: number;
  readonly maxSeconds?: number;
  readonly maxMemory?: number;
  readonly maxDepth?: number;
  readonly maxViolations?: number;
  readonly workers?: number;
  readonly explain?: boolean;
  readonly resume?: string;
  readonly traces: string;
  readonly allowInconclusive?: boolean;
  readonly json?: boolean;
}

export function addCheck(program: Command): void {
  const command = program
    .command("check")
    .description(
      "bounded exhaustive search: is there any schedule, within these bounds, that breaks a property?",
    )
    .argument(
      "[protocol]",
      "pbft, a mutant such as pbft/quorum-2f, or ./my-protocol.ts (default: the suites)",
    );
  withSettingOptions(command)
    .option("--max-states <n>", "stop after so many states: inconclusive", integer(1))
    .option("--max-seconds <s>", "stop a run after so many seconds: inconclusive", positive)
    .option(
      "--max-memory <size>",
      "stop at this much memory, as in 4GB: inconclusive (default: half of the machine's)",
      bytes,
    )
    .option("--max-depth <n>", "stop at this depth: inconclusive", integer(0))
    .option(
      "--workers <n>",
      "threads for spaces of over a million states (default: one for each core)",
      integer(1),
    )
    .option(
      "--reduce <names>",
      "visible-steps (default), dominance (fewer states, safety only), dead-messages, symmetry, several with commas, or none for the plain search",
      reductions,
    )
    .addOption(
      new Option(
        "--suite <name>",
        "a built-in suite (default: those of turncoat.config, or standard)",
      ).choices(Object.keys(builtinSuites)),
    )
    .option("--traces <dir>", "where counterexamples are written", "./traces")
    .option("--max-violations <k>", "look for so many distinct counterexamples (default: 1)", integer(1))
    .option("--resume <file>", "go on with a check that was interrupted or cut, from the file that it left")
    .option("--explain", "tell where the states come from, and what to lower or drop")
    .option("--allow-inconclusive", "exit with 0 when a limit was reached")
    .option("--json", "one JSON document on standard output")
    .addHelpText("after", examples)
    .action(async (protocol: string | undefined, options: CheckOptions) => {
      process.exitCode = await check(protocol, options);
    });
}

const examples = `
Examples:
  turncoat check                                        the suites of turncoat.config, or the built-in PBFT suite
  turncoat check pbft --adversary arbitrary --views 1   correct PBFT against everything, in every place
  turncoat check pbft/quorum-2f                         a mutant, where it is known to fall
  turncoat check ./examples/broadcast.ts                a protocol of your own`;

async function check(protocol: string | undefined, options: CheckOptions): Promise<number> {
  const startedAt = performance.now();
  const paint = paintFor(process.stdout.isTTY === true);
  const { resume } = options;
  const suites = resume ? [resumedSuite(resume, protocol, options)] : await plannedSuites(protocol, options);
  const isSingle = protocol !== undefined || resume !== undefined;
  const signal = onInterrupt();
  const completed: CompletedRun[] = [];
  if (!options.json)
    console.log(paint.bold(`turncoat ${version} check`), paint.dim(`(node ${process.version})`));
  for (const suite of suites) {
    const runs = await runSuite(suite, options, signal, isSingle);
    completed.push(...runs);
    if (!options.json && runs.length > 0) print(suite, runs, paint, isSingle);
    if (signal.aborted) break;
  }
  const elapsed = (performance.now() - startedAt) / 1000;
  const verdict = overallVerdict(completed);
  if (options.json) {
    const document = {
      turncoat: version,
      command: "check",
      seed: null,
      verdict,
      seconds: round(elapsed),
      runs: completed.map(checkJson),
    };
    console.log(JSON.stringify(document, null, 2));
  } else {
    console.log(`\n${summary(completed, suites, elapsed, signal.aborted)}`);
  }
  return signal.aborted ? exitCode.interrupted : exitCodeOf(verdict, options.allowInconclusive ?? false);
}

async function runSuite(
  suite: PlannedSuite,
  options: CheckOptions,
  signal: AbortSignal,
  isSingle: boolean,
): Promise<CompletedRun[]> {
  const progress = new ProgressLine();
  const completed: CompletedRun[] = [];
  for (const [index, planned] of suite.runs.entries()) {
    const name = `[${index + 1}/${suite.runs.length}] ${settingName(planned.description)}`;
    const setting = await settingFrom(planned.description);
    const checkpointFile = options.resume ?? (isSingle ? checkpointName(planned, options.traces) : null);
    const result = await search(setting, {
      ...limitsFrom(options),
      ...reductionOf(planned, options),
      workers: {
        count: options.workers ?? availableParallelism(),
        source: { description: planned.description },
      },
      ...(checkpointFile === null
        ? {}
        : {
            checkpoint: { file: checkpointFile, setting: planned.description as unknown as Json },
            resume: options.resume !== undefined,
          }),
      signal,
      onProgress: (now) => progress.update(name, now),
    });
    const traceFiles = await keepTraces(setting, planned, result, options.traces);
    const isCut = result.frontier > 0 && result.counterexample === null;
    if (checkpointFile !== null && !isCut) await rm(checkpointFile, { force: true });
    completed.push({
      planned,
      result,
      traceFiles,
      checkpointFile: isCut ? checkpointFile : null,
      insideContract: insideContract(setting),
    });
    const length = result.counterexample ? ` (${result.counterexample.actions.length} actions)` : "";
    progress.done(
      `${name}: ${result.verdict}${length}, ${grouped(result.states)} states, ${seconds(result.seconds)}`,
    );
    if (signal.aborted) break;
  }
  return completed;
}

/** Where a run is saved: one file for each setting, beside the traces. */
function checkpointName({ description }: PlannedRun, directory: string): string {
  const digest = createHash("sha256").update(JSON.stringify(description)).digest("hex").slice(0, 8);
  return join(directory, `${description.protocol.replaceAll(/[^\w-]+/g, "-")}-${digest}.checkpoint`);
}

/** Writes the counterexamples to where they can be replayed from. */
async function keepTraces(
  setting: Setting,
  { description }: PlannedRun,
  { counterexamples, reduction, deadMessages, symmetry }: SearchResult,
  directory: string,
): Promise<string[]> {
  const how = [
    reduction === "none" ? "plain" : reduction,
    ...(deadMessages ? ["dead messages"] : []),
    ...(symmetry > 1 ? ["symmetry"] : []),
  ];
  const origin = `exhaustive search, ${how.join(", ")}`;
  const files: string[] = [];
  for (const counterexample of counterexamples)
    files.push(
      await writeTrace(
        directory,
        traceOf(setting, counterexample, { protocol: description.protocol, origin }),
      ),
    );
  return files;
}

/** Of those that say which states are stored, the strongest first: it includes the others. */
const storing = ["dominance", "visible-steps"] as const;

/** `--reduce` goes before what a suite asks for. */
function reductionOf({ reduction }: PlannedRun, { reduce }: CheckOptions): SearchOptions {
  if (reduce)
    return {
      reduction: storing.find((name) => reduce.includes(name)) ?? "none",
      deadMessages: reduce.includes("dead-messages"),
      symmetry: reduce.includes("symmetry"),
    };
  return reduction === null ? {} : { reduction };
}

function limitsFrom(options: CheckOptions): SearchOptions {
  return {
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
    ...(options.maxSeconds === undefined ? {} : { maxSeconds: options.maxSeconds }),
    ...(options.maxMemory === undefined ? {} : { maxMemoryBytes: options.maxMemory }),
    ...(options.maxViolations === undefined ? {} : { maxViolations: options.maxViolations }),
    ...(options.explain === undefined ? {} : { explain: options.explain }),
    ...(options.maxDepth === undefined ? {} : { maxDepth: options.maxDepth }),
  };
}

function print(suite: PlannedSuite, runs: readonly CompletedRun[], paint: Paint, verbose: boolean): void {
  console.log(
    `\n${paint.bold(suite.name)} ${paint.dim(`(${settingsCaption(runs.map((run) => run.planned.description))})`)}`,
  );
  console.log(checkTable(runs, paint));
  for (const note of checkNotes(runs, verbose)) console.log(note);
  for (const { planned, result } of runs)
    if (result.explanation)
      for (const line of explanationLines(settingName(planned.description), result.explanation, paint))
        console.log(line);
}

function summary(
  runs: readonly CompletedRun[],
  suites: readonly PlannedSuite[],
  elapsed: number,
  interrupted: boolean,
): string {
  const planned = suites.reduce((sum, suite) => sum + suite.runs.length, 0);
  const good = runs.filter(isAsExpected).length;
  const left = planned - runs.length;
  const what = runs.every((run) => run.planned.expect !== null)
    ? "as expected"
    : "with every property holding";
  const rest = left > 0 ? `, ${left} not begun` : "";
  return `${runs.length} of ${planned} runs${interrupted ? " (interrupted)" : ""}: ${good} ${what}, ${runs.length - good} not${rest}. ${seconds(elapsed)}.`;
}
