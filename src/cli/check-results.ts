// The output of `turncoat check`: tables and notes on the terminal, the JSON document, the summary line, and
// reports in files.

import type { Paint } from "../render/paint.js";
import { settingName } from "../render/setting.js";
import {
  checkHeading,
  checkJson,
  checkNotes,
  checkTable,
  isAsExpected,
  isUndecided,
  type MadeRun,
  withVerdict,
} from "../report/check.js";
import { explanationLines } from "../report/explain.js";
import { faultCount, faultJson, faultReport, isFaulty } from "../report/faulty-run.js";
import { round, seconds } from "../report/numbers.js";
import type { RunReport } from "../report/run-report.js";
import { checkReport } from "../report/search-reports.js";
import type { Sufficiency } from "../report/sufficiency.js";
import { worstRun } from "../verdict/verdict.js";
import { version } from "../version.js";
import type { CheckOptions } from "./check-options.js";
import type { PlannedSuite } from "./planned-suites.js";
import { jsonText } from "./print-json.js";
import { shownTraces } from "./report-files.js";

/** The table and notes of a suite whose runs are completed. */
export function linesOf(
  suite: PlannedSuite,
  made: readonly MadeRun[],
  paint: Paint,
  verbose: boolean,
): string[] {
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

/** The JSON document. `isCut`: the command was ended before all runs were completed. */
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

/** As in "92 of 92 runs: 92 as expected, 0 not. 40.3 s."; mutants of which nothing is known are counted apart, as undecided. */
export function summary(
  made: readonly MadeRun[],
  suites: readonly PlannedSuite[],
  elapsed: number,
  interrupted: boolean,
): string {
  const planned = suites.reduce((sum, suite) => sum + suite.runs.length, 0);
  const runs = withVerdict(made);
  const faults = made.filter(isFaulty);
  const undecided = runs.filter(isUndecided).length;
  const good = runs.filter(isAsExpected).length - undecided;
  const left = planned - made.length;
  const what = runs.every((run) => run.planned.expect !== null)
    ? "as expected"
    : "with every property holding";
  const open = undecided > 0 ? `, ${undecided} undecided` : "";
  const faulty = faults.length > 0 ? `, ${faultCount(faults)}` : "";
  const rest = left > 0 ? `, ${left} not begun` : "";
  const reused = runs.filter(({ cached }) => cached).length;
  const which = reused > 0 ? ` (${reused} cached)` : "";
  return `${made.length} of ${planned} runs${interrupted ? " (interrupted)" : ""}: ${good} ${what}, ${runs.length - good - undecided} not${open}${faulty}${rest}${which}. ${seconds(elapsed)}.`;
}

/** One run, for the report files. */
export async function reportOf(
  run: MadeRun,
  suite: string,
  options: Pick<CheckOptions, "allowInconclusive">,
): Promise<RunReport> {
  if (isFaulty(run)) return faultReport(run, suite);
  const traces = await shownTraces(run.traceFiles.filter((file) => file !== null));
  return checkReport(run, { suite, traces, allowInconclusive: options.allowInconclusive ?? false });
}
