// What `turncoat check` prints, and the reports that it writes: for searches made here, and for those that other machines have made.

import { findProtocol } from "../catalogue/index.js";
import { paintFor } from "../render/paint.js";
import type { CampaignSection } from "../report/campaign-html.js";
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
import type { CheckOptions } from "./check-options.js";
import { documentOf, linesOf, reportOf, summary } from "./check-results.js";
import type { SoFar } from "./completed-runs.js";
import { exitCode, exitCodeOf } from "./exit-codes.js";
import type { PlannedSuite } from "./planned-suites.js";
import { commandLine, type ReportFiles, wantsReports, writeReports } from "./report-files.js";
import { say } from "./say.js";
import { sayFaults } from "./say-faults.js";

/** The options that decide what is told. */
export type TellingOptions = Pick<CheckOptions, "json" | "allowInconclusive" | "mutants"> & ReportFiles;

function exitCodeFor(
  completed: readonly CompletedRun[],
  { allowInconclusive }: TellingOptions,
  sufficiency: Sufficiency | null,
): number {
  const found = allowInconclusive ? toleratedVerdict(completed) : overallVerdict(completed);
  return exitCodeOf(found === "holds" && !areExposed(sufficiency) ? "vacuous" : found, false);
}

function areExposed(sufficiency: Sufficiency | null): boolean {
  return sufficiency?.mutants.every(({ by }) => by !== null) ?? true;
}

/**
 * Prints suites as they are completed, and the summary at the end. At any time it has the last words: what to print if
 * the command has to be ended now.
 */
export class Teller {
  readonly #suites: readonly PlannedSuite[];
  readonly #options: TellingOptions;
  readonly #isSingle: boolean;
  readonly #paint = paintFor(process.stdout.isTTY === true);
  readonly #startedAt: number;
  /** If other machines have made the searches. */
  readonly #campaign: CampaignSection | undefined;
  readonly #reports: (() => Promise<RunReport>)[] = [];
  /** Lines of suites in which no run has a verdict. If no suite has one, only the fault is printed. */
  readonly #postponed: string[] = [];

  constructor(
    suites: readonly PlannedSuite[],
    options: TellingOptions,
    isSingle: boolean,
    startedAt: number,
    campaign?: CampaignSection,
  ) {
    this.#suites = suites;
    this.#options = options;
    this.#isSingle = isSingle;
    this.#startedAt = startedAt;
    this.#campaign = campaign;
  }

  get secondsSoFar(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** The first line, with what is done. */
  tellBeginning(what: string): void {
    if (this.#options.json) return;
    console.log(
      this.#paint.bold(`turncoat ${version} ${what}`),
      this.#paint.dim(`(node ${process.version})`),
    );
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

  /** Tells of all runs and gives the hints, writes the reports, and returns the exit code. @throws a fault, if no run has a verdict. */
  async finish(
    made: readonly MadeRun[],
    protocol: string | undefined,
    isInterrupted: boolean,
    hints: readonly string[] = [],
  ): Promise<number> {
    const completed = withVerdict(made);
    const faults = made.filter(isFaulty);
    const isFaultAlone = completed.length === 0 && faults.length > 0; // then nothing but the fault is told, but reports are written
    const elapsed = this.secondsSoFar;
    const sufficiency =
      this.#options.mutants && protocol !== undefined
        ? sufficiencyOf(await findProtocol(protocol), completed)
        : null;
    if (!isFaultAlone) this.#tellAll(made, elapsed, isInterrupted, sufficiency);
    if (!this.#options.json) this.#print(hints);
    if (wantsReports(this.#options))
      await writeReports(this.#options, await this.#commandReport(made, elapsed, sufficiency));
    if (isFaultAlone) throw faults[0]!.error;
    sayFaults(faults);
    if (isInterrupted) return exitCode.interrupted;
    return faults.length > 0 ? exitCode.usage : exitCodeFor(completed, this.#options, sufficiency);
  }

  #tellAll(
    made: readonly MadeRun[],
    elapsed: number,
    isInterrupted: boolean,
    sufficiency: Sufficiency | null,
  ): void {
    this.#print(this.#postponed);
    const isCut = this.#missing(made) > 0;
    if (this.#options.json) console.log(documentOf(made, elapsed, isCut, "check", sufficiency));
    else say(`\n${summary(made, this.#suites, elapsed, isInterrupted)}`, this.#paint);
    if (sufficiency && !this.#options.json)
      say(sufficiencyLines(sufficiency, this.#paint).join("\n"), this.#paint);
  }

  async #commandReport(
    made: readonly MadeRun[],
    elapsed: number,
    sufficiency: Sufficiency | null,
  ): Promise<CommandReport> {
    const completed = withVerdict(made);
    const worst = worstRun(completed.map(({ result }) => result.verdict));
    const notBegun = this.#missing(made);
    const isFine = overallVerdict(completed) === "holds";
    const unexposed = isFine && !areExposed(sufficiency) ? "vacuous" : null; // nothing tests some of the mutants
    const found = unexposed ?? (isFine && worst !== "holds" ? "as expected" : worst);
    const isGood = found === "holds" || found === "as expected";
    const verdict = isGood && notBegun > 0 ? "inconclusive" : found;
    return {
      command: "check",
      commandLine: commandLine(),
      verdict: made.some(isFaulty) ? faultWord : verdict,
      seed: null,
      seconds: round(elapsed),
      runs: await Promise.all(this.#reports.map((report) => report())),
      notBegun,
      ...(this.#campaign && { campaign: this.#campaign }),
    };
  }

  /** How many runs nobody has made: without them nothing holds. */
  #missing(made: readonly MadeRun[]): number {
    return this.#suites.reduce((sum, suite) => sum + suite.runs.length, 0) - made.length;
  }

  #linesOf(suite: PlannedSuite, runs: readonly MadeRun[]): string[] {
    return linesOf(suite, runs, this.#paint, this.#isSingle);
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) say(lines.join("\n"), this.#paint);
  }
}
