// `turncoat check`: bounded exhaustive search, of one protocol or of whole suites.

import { type Command, Option } from "commander";
import { findProtocol } from "../catalogue/index.js";
import { removeStale } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { type Paint, paintFor } from "../render/paint.js";
import { settingName } from "../render/setting.js";
import {
  checkHeading,
  checkJson,
  checkNotes,
  checkTable,
  isAsExpected,
  type MadeRun,
  overallVerdict,
  toleratedVerdict,
  withVerdict,
} from "../report/check.js";
import { explanationLines } from "../report/explain.js";
import { faultCount, faultJson, faultReport, faultWord, isFaulty } from "../report/faulty-run.js";
import { round, seconds } from "../report/numbers.js";
import type { RunReport } from "../report/run-report.js";
import { checkReport } from "../report/search-reports.js";
import { type Sufficiency, sufficiencyLines, sufficiencyOf } from "../report/sufficiency.js";
import { builtinSuites } from "../suite/built-in.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import { showLimits } from "../watch/shared.js";
import { makeRuns, type SoFar } from "./check-runs.js";
import { sayFaults } from "./error-lines.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { setLastWords } from "./last-words.js";
import {
  bytes,
  choice,
  integer,
  positive,
  reductions,
  type Shard,
  shard,
  withSettingOptions,
} from "./options.js";
import {
  type ChoiceOptions,
  type PlannedSuite,
  plannedSuites,
  resumedSuite,
  shardOf,
} from "./planned-suites.js";
import { jsonText } from "./print-json.js";
import {
  clearReports,
  commandLine,
  type ReportFiles,
  shownTraces,
  wantsReports,
  withReportOptions,
  writeReports,
} from "./report-files.js";
import type { RunningOptions } from "./run-options.js";
import { say } from "./say.js";
import { checkAndWatch } from "./watch.js";

interface CheckOptions extends ChoiceOptions, RunningOptions, ReportFiles {
  readonly allowInconclusive?: boolean;
  readonly json?: boolean;
  readonly shard?: Shard;
  readonly watch?: boolean;
}

export function addCheck(command: Command): void {
  command.argument(
    "[protocol]",
    "pbft, a mutant such as pbft/quorum-2f, or ./my-protocol.ts (default: the suites)",
  );
  withSettingOptions(command)
    .optionsGroup("Limits:")
    .option("--max-states <n>", "stop after so many states: inconclusive", integer(1))
    .option("--max-seconds <s>", "stop a run after so many seconds: inconclusive", positive)
    .option(
      "--max-memory <size>",
      "stop at this much memory, as in 4GB: inconclusive (default: half of the machine's)",
      bytes,
    )
    .option("--max-depth <n>", "stop at this depth: inconclusive", integer(0))
    .optionsGroup("The search:")
    .option(
      "--workers <n>",
      "runs side by side; threads for a single run of over a million states (default: one for each core)",
      integer(1),
    )
    .option(
      "--reduce <names>",
      "visible-steps (default), dominance (fewer states, safety only), dead-messages, symmetry, no-tallies (look at every subset of votes, however many), several with commas; none for the plain search, or sleep-sets for the same states by fewer transitions",
      reductions,
    )
    .addOption(
      choice(
        new Option("--suite <name>", "a built-in suite (default: those of turncoat.config, or standard)"),
        Object.keys(builtinSuites),
      ),
    )
    .option("--shard <i/k>", "make the i-th of k parts of the runs", shard)
    .option(
      "--cache <dir>",
      "keep finished verdicts there, and take those of runs of which nothing has changed since",
    )
    .option(
      "--max-violations <k>",
      "look for so many distinct counterexamples (default: 1, or 10 with --continue)",
      integer(1),
    )
    .option("--continue", "go on past violations: count all states, and list all distinct causes")
    .option(
      "--mutants",
      "the protocol and all its mutants: what exposes each, and which rules no mutant tests",
    )
    .option("--resume <file>", "go on with a check that was interrupted or cut, from the file that it left")
    .option("--watch", "check again whenever a file has changed: only the runs that it touches")
    .option("--explain", "tell where the states come from, and what to lower or drop")
    .optionsGroup("Results:")
    .option("--traces <dir>", "where counterexamples are written", "./traces")
    .option("--allow-inconclusive", "exit with 0 when a limit was reached")
    .option("--json", "one JSON document on standard output")
    .addHelpText("after", examples)
    .action(async (protocol: string | undefined, options: CheckOptions) => {
      process.exitCode = options.watch
        ? await checkAndWatch(
            protocol,
            options,
            process.argv.slice(2).filter((word) => word !== "--watch"),
          )
        : await check(protocol, options);
    });
  withModuleOption(withReportOptions(command));
}

const examples = `
Examples:
  turncoat check                                        the suites of turncoat.config, or the built-in PBFT suite
  turncoat check pbft --adversary arbitrary --views 1   correct PBFT against everything, in every place
  turncoat check pbft/quorum-2f                         a mutant, where it is known to fall
  turncoat check ./examples/broadcast.ts                a protocol of your own`;

async function check(protocol: string | undefined, options: CheckOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  removeStale(options.traces);
  const paint = paintFor(process.stdout.isTTY === true);
  const { resume } = options;
  if (resume !== undefined && options.continue)
    throw new UserError(
      "bad-option",
      "A search with --continue leaves no file to go on from: leave out --resume.",
    );
  // Planning calls functions of the user's already, such as digest().
  const { maxSeconds = Number.POSITIVE_INFINITY, maxMemory = Number.POSITIVE_INFINITY } = options;
  showLimits(Date.now() + maxSeconds * 1000, maxMemory);
  const all = resume ? [resumedSuite(resume, protocol, options)] : await plannedSuites(protocol, options);
  const suites = options.shard ? shardOf(all, options.shard) : all;
  showLimits(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  const isSingle = protocol !== undefined || resume !== undefined;
  const signal = onInterrupt();
  const reported: (() => Promise<RunReport>)[] = [];
  if (!options.json)
    console.log(paint.bold(`turncoat ${version} check`), paint.dim(`(node ${process.version})`));
  const secondsSoFar = () => (performance.now() - startedAt) / 1000;
  const soFar = ({ all, left }: SoFar) =>
    options.json
      ? `${documentOf(all, secondsSoFar(), true)}\n`
      : `${left.flatMap(({ suite, runs }) => linesOf(suite, runs, paint, isSingle)).join("\n")}\n\n${summary(all, suites, secondsSoFar(), true)}\n`;
  const postponed: string[] = [];
  const made = await makeRuns(
    suites,
    options,
    isSingle,
    signal,
    (suite, runs) => {
      reported.push(...runs.map((run) => async () => reportOf(run, suite.name, options)));
      const lines = options.json ? [] : linesOf(suite, runs, paint, isSingle);
      if (withVerdict(runs).length > 0) printed(lines, paint);
      else postponed.push(...lines); // if nothing else is found the fault alone is told
    },
    (now) => setLastWords(soFar(now)),
  );
  const completed = withVerdict(made);
  const faults = made.filter(isFaulty);
  if (completed.length === 0 && faults[0]) throw faults[0].error; // there is nothing else to tell
  printed(postponed, paint);
  const elapsed = secondsSoFar();
  const sufficiency =
    options.mutants && protocol !== undefined ? sufficiencyOf(await findProtocol(protocol), completed) : null;
  const isExposed = sufficiency?.mutants.every(({ by }) => by !== null) ?? true;
  const verdict = overallVerdict(completed);
  const worstFound = worstRun(completed.map(({ result }) => result.verdict));
  if (options.json) console.log(documentOf(made, elapsed, false, "check", sufficiency));
  else say(`\n${summary(made, suites, elapsed, signal.aborted)}`, paint);
  if (sufficiency && !options.json) say(sufficiencyLines(sufficiency, paint).join("\n"), paint);
  if (wantsReports(options))
    await writeReports(options, {
      command: "check",
      commandLine: commandLine(),
      verdict:
        faults.length > 0
          ? faultWord
          : verdict === "holds" && worstFound !== "holds"
            ? "as expected"
            : worstFound,
      seed: null,
      seconds: round(elapsed),
      runs: await Promise.all(reported.map((report) => report())),
      notBegun: suites.reduce((sum, suite) => sum + suite.runs.length, 0) - made.length,
    });
  sayFaults(faults);
  if (signal.aborted) return exitCode.interrupted;
  if (faults.length > 0) return exitCode.usage;
  const found = options.allowInconclusive ? toleratedVerdict(completed) : verdict;
  return exitCodeOf(found === "holds" && !isExposed ? "vacuous" : found, false);
}

function printed(lines: readonly string[], paint: Paint): void {
  if (lines.length > 0) say(lines.join("\n"), paint);
}

async function reportOf(run: MadeRun, suite: string, options: CheckOptions): Promise<RunReport> {
  if (isFaulty(run)) return faultReport(run, suite);
  const traces = await shownTraces(run.traceFiles.filter((file) => file !== null));
  return checkReport(run, { suite, traces, allowInconclusive: options.allowInconclusive ?? false });
}

/** The JSON document; `isCut`: some runs are missing. */
export function documentOf(
  made: readonly MadeRun[],
  elapsed: number,
  isCut: boolean,
  command: "check" | "tour" = "check",
  sufficiency: Sufficiency | null = null,
): string {
  const runs = withVerdict(made);
  const faults = made.filter(isFaulty);
  const verdict = worstRun(runs.map(({ result }) => result.verdict));
  const document = {
    turncoat: version,
    command,
    seed: null,
    verdict: (isCut || faults.length > 0) && verdict === "holds" ? "inconclusive" : verdict,
    asExpected: !isCut && faults.length === 0 && runs.length > 0 && runs.every(isAsExpected),
    seconds: round(elapsed),
    ...(sufficiency && { sufficiency }),
    runs: runs.map(checkJson),
    ...(faults.length > 0 && { faultyRuns: faults.map(faultJson) }),
  };
  return jsonText(document);
}

function linesOf(suite: PlannedSuite, made: readonly MadeRun[], paint: Paint, verbose: boolean): string[] {
  const runs = withVerdict(made);
  const explanations = runs.flatMap(({ planned, result }) =>
    result.explanation ? explanationLines(settingName(planned.description), result.explanation, paint) : [],
  );
  return [
    `\n${checkHeading(suite.name, made, paint)}\n${checkTable(made, paint)}`,
    ...checkNotes(runs, verbose),
    ...explanations,
  ];
}

/** As in "92 of 92 runs: 92 as expected, 0 not. 40.3 s." */
export function summary(
  made: readonly MadeRun[],
  suites: readonly PlannedSuite[],
  elapsed: number,
  interrupted: boolean,
): string {
  const planned = suites.reduce((sum, suite) => sum + suite.runs.length, 0);
  const runs = withVerdict(made);
  const faults = made.filter(isFaulty);
  const good = runs.filter(isAsExpected).length;
  const left = planned - made.length;
  const what = runs.every((run) => run.planned.expect !== null)
    ? "as expected"
    : "with every property holding";
  const faulty = faults.length > 0 ? `, ${faultCount(faults)}` : "";
  const rest = left > 0 ? `, ${left} not begun` : "";
  const reused = runs.filter(({ cached }) => cached).length;
  const which = reused > 0 ? ` (${reused} cached)` : "";
  return `${made.length} of ${planned} runs${interrupted ? " (interrupted)" : ""}: ${good} ${what}, ${runs.length - good} not${faulty}${rest}${which}. ${seconds(elapsed)}.`;
}
