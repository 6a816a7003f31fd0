// `turncoat check`: bounded exhaustive search, of one protocol or of whole suites.

import type { Command } from "commander";
import { findProtocol } from "../catalogue/index.js";
import { removeStale } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { type Paint, paintFor } from "../render/paint.js";
import {
  type CompletedRun,
  type MadeRun,
  overallVerdict,
  toleratedVerdict,
  withVerdict,
} from "../report/check.js";
import { faultWord, isFaulty } from "../report/faulty-run.js";
import { round } from "../report/numbers.js";
import type { CommandReport, RunReport } from "../report/run-report.js";
import { type Sufficiency, sufficiencyLines, sufficiencyOf } from "../report/sufficiency.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import { showLimits } from "../watch/shared.js";
import { type CheckOptions, withCheckOptions } from "./check-options.js";
import { documentOf, linesOf, reportOf, summary } from "./check-results.js";
import { makeRuns } from "./check-runs.js";
import type { SoFar } from "./completed-runs.js";
import { sayFaults } from "./error-lines.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import { withModuleOption } from "./foreign-modules.js";
import { onInterrupt } from "./interrupt.js";
import { setLastWords } from "./last-words.js";
import { type PlannedSuite, plannedSuites, resumedSuite, shardOf } from "./planned-suites.js";
import { clearReports, commandLine, wantsReports, withReportOptions, writeReports } from "./report-files.js";
import { say } from "./say.js";
import { checkAndWatch } from "./watch.js";

export function addCheck(command: Command): void {
  command.argument(
    "[protocol]",
    "pbft, a mutant such as pbft/quorum-2f, or ./my-protocol.ts (default: the suites)",
  );
  withCheckOptions(command)
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
  turncoat check pbft/quorum-2f                         a mutant, in the setting known to expose it
  turncoat check ./examples/broadcast.ts                a protocol of your own`;

async function check(protocol: string | undefined, options: CheckOptions): Promise<number> {
  const startedAt = performance.now();
  clearReports(options);
  removeStale(options.traces);
  const suites = await chosenSuites(protocol, options);
  const isSingle = protocol !== undefined || options.resume !== undefined;
  const signal = onInterrupt();
  const paint = paintFor(process.stdout.isTTY === true);
  if (!options.json)
    console.log(paint.bold(`turncoat ${version} check`), paint.dim(`(node ${process.version})`));
  const teller = new Teller(suites, options, isSingle, paint, startedAt);
  const made = await makeRuns(suites, options, {
    isSingle,
    signal,
    onSuite: (suite, runs) => teller.tellSuite(suite, runs),
    onRun: (soFar) => setLastWords(teller.lastWords(soFar)),
  });
  const completed = withVerdict(made);
  const faults = made.filter(isFaulty);
  const isFaultAlone = completed.length === 0 && faults.length > 0; // then nothing but the fault is told, but reports are written
  const elapsed = teller.secondsSoFar;
  const sufficiency =
    options.mutants && protocol !== undefined ? sufficiencyOf(await findProtocol(protocol), completed) : null;
  if (!isFaultAlone) teller.tellAll(made, elapsed, signal.aborted, sufficiency);
  if (wantsReports(options)) await writeReports(options, await teller.commandReport(made, elapsed));
  if (isFaultAlone) throw faults[0]!.error;
  sayFaults(faults);
  if (signal.aborted) return exitCode.interrupted;
  return faults.length > 0 ? exitCode.usage : exitCodeFor(completed, options, sufficiency);
}

/**
 * The suites to check. Planning calls functions of the user's, such as digest(), so the command's limits of time and
 * memory hold for it too.
 */
async function chosenSuites(
  protocol: string | undefined,
  options: CheckOptions,
): Promise<readonly PlannedSuite[]> {
  const { resume } = options;
  if (resume !== undefined && options.continue)
    throw new UserError(
      "bad-option",
      "A search with --continue leaves no file to go on from: leave out --resume.",
    );
  const { maxSeconds = Number.POSITIVE_INFINITY, maxMemory = Number.POSITIVE_INFINITY } = options;
  showLimits(Date.now() + maxSeconds * 1000, maxMemory);
  const all = resume ? [resumedSuite(resume, protocol, options)] : await plannedSuites(protocol, options);
  const suites = options.shard ? shardOf(all, options.shard) : all;
  showLimits(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  return suites;
}

function exitCodeFor(
  completed: readonly CompletedRun[],
  { allowInconclusive }: CheckOptions,
  sufficiency: Sufficiency | null,
): number {
  const isExposed = sufficiency?.mutants.every(({ by }) => by !== null) ?? true;
  const found = allowInconclusive ? toleratedVerdict(completed) : overallVerdict(completed);
  return exitCodeOf(found === "holds" && !isExposed ? "vacuous" : found, false);
}

/**
 * Prints suites as they are completed, and the summary at the end. At any time it has the last words: what to print if
 * the command has to be ended now.
 */
class Teller {
  readonly #suites: readonly PlannedSuite[];
  readonly #options: CheckOptions;
  readonly #isSingle: boolean;
  readonly #paint: Paint;
  readonly #startedAt: number;
  readonly #reports: (() => Promise<RunReport>)[] = [];
  /** Lines of suites in which no run has a verdict. If no suite has one, only the fault is printed. */
  readonly #postponed: string[] = [];

  constructor(
    suites: readonly PlannedSuite[],
    options: CheckOptions,
    isSingle: boolean,
    paint: Paint,
    startedAt: number,
  ) {
    this.#suites = suites;
    this.#options = options;
    this.#isSingle = isSingle;
    this.#paint = paint;
    this.#startedAt = startedAt;
  }

  get secondsSoFar(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  tellSuite(suite: PlannedSuite, runs: readonly MadeRun[]): void {
    this.#reports.push(...runs.map((run) => async () => reportOf(run, suite.name, this.#options)));
    const lines = this.#options.json ? [] : this.#linesOf(suite, runs);
    if (withVerdict(runs).length > 0) this.#print(lines);
    else this.#postponed.push(...lines);
  }

  lastWords({ all, left }: SoFar): string {
    if (this.#options.json) return `${documentOf(all, this.secondsSoFar, true)}\n`;
    const lines = left.flatMap(({ suite, runs }) => this.#linesOf(suite, runs));
    return `${lines.join("\n")}\n\n${summary(all, this.#suites, this.secondsSoFar, true)}\n`;
  }

  tellAll(
    made: readonly MadeRun[],
    elapsed: number,
    isInterrupted: boolean,
    sufficiency: Sufficiency | null,
  ): void {
    this.#print(this.#postponed);
    if (this.#options.json) console.log(documentOf(made, elapsed, false, "check", sufficiency));
    else say(`\n${summary(made, this.#suites, elapsed, isInterrupted)}`, this.#paint);
    if (sufficiency && !this.#options.json)
      say(sufficiencyLines(sufficiency, this.#paint).join("\n"), this.#paint);
  }

  async commandReport(made: readonly MadeRun[], elapsed: number): Promise<CommandReport> {
    const completed = withVerdict(made);
    const worst = worstRun(completed.map(({ result }) => result.verdict));
    const verdict = overallVerdict(completed) === "holds" && worst !== "holds" ? "as expected" : worst;
    return {
      command: "check",
      commandLine: commandLine(),
      verdict: made.some(isFaulty) ? faultWord : verdict,
      seed: null,
      seconds: round(elapsed),
      runs: await Promise.all(this.#reports.map((report) => report())),
      notBegun: this.#suites.reduce((sum, suite) => sum + suite.runs.length, 0) - made.length,
    };
  }

  #linesOf(suite: PlannedSuite, runs: readonly MadeRun[]): string[] {
    return linesOf(suite, runs, this.#paint, this.#isSingle);
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) say(lines.join("\n"), this.#paint);
  }
}
