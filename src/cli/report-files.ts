// The report files: `--junit`, `--html` and `--summary`. Before the work begins, a file that cannot be
// written is refused, and an older report is removed: after an error it would be mistaken for the report of
// this run.

import { readFileSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { writeAtomically } from "../files/atomic.js";
import { UserError } from "../model/errors.js";
import { shellWord } from "../parameters/asking.js";
import type { CommandReport, ShownTrace } from "../report/run-report.js";
import { markdownSummary, summaryMark } from "../report/summary.js";
import { readTrace, replay } from "../trace/index.js";
import { orSayLaterNow } from "./unwritten.js";

/** The options. */
export interface ReportFiles {
  readonly junit?: string;
  readonly html?: string;
  readonly summary?: string;
}

/** Adds the options. */
export function withReportOptions(command: Command): Command {
  return command
    .option("--junit <file>", "also report as JUnit XML, for CI systems")
    .option("--html <file>", "also report as one page, with counterexamples to step through")
    .option("--summary <file>", "also report as Markdown, short enough for a comment on a pull request");
}

/** Whether a report is wanted. */
export function wantsReports({ junit, html, summary }: ReportFiles): boolean {
  return junit !== undefined || html !== undefined || summary !== undefined;
}

/** Removes older reports. @throws {UserError} `bad-file` for a file that could not be written later. */
export function clearReports({ junit, html, summary }: ReportFiles): void {
  const named = Object.entries({ junit, html, summary }).flatMap(([option, file]) =>
    file === undefined ? [] : [{ option: `--${option}`, file }],
  );
  for (const { option, file } of named) {
    const other = named.find((one) => one.file === file);
    if (other && other.option !== option)
      throw new UserError("bad-option", `${other.option} and ${option} need two different files.`);
    if (!statSync(dirname(file), { throwIfNoEntry: false })?.isDirectory())
      throw new UserError("bad-file", `${file} cannot be written: there is no directory ${dirname(file)}.`);
    const there = statSync(file, { throwIfNoEntry: false });
    if (there?.isDirectory())
      throw new UserError("bad-file", `${file} cannot be written: it is a directory.`);
    if (there && !there.isFile())
      // it may have no end, and must not be removed
      throw new UserError("bad-file", `${file} is a device or a pipe: name a file for the report.`);
    if (there && !isReport(readFileSync(file, "utf8")))
      throw new UserError("bad-file", `${file} exists and is no report: it is left alone.`);
    rmSync(file, { force: true });
  }
}

/** Whether a file may be an older report. Any other file was not meant: the user may have left out the name of the report. */
function isReport(text: string): boolean {
  return /^\s*(<\?xml|<testsuites|<!doctype html|$)/i.test(text) || text.startsWith(summaryMark);
}

/**
 * Writes the reports; a failure is reported at the end of the command. The writers of XML and of the page are loaded only if they are needed:
 * the first takes as long to load as the rest of the command line.
 */
export async function writeReports(
  { junit, html, summary }: ReportFiles,
  report: CommandReport,
): Promise<void> {
  if (summary !== undefined) orSayLaterNow(() => writeAtomically(summary, markdownSummary(report)));
  if (junit !== undefined) {
    const { junitXml } = await import("../report/junit.js");
    orSayLaterNow(() => writeAtomically(junit, junitXml(report)));
  }
  if (html !== undefined) {
    const { runPage } = await import("../report/run-page.js");
    orSayLaterNow(() => writeAtomically(html, runPage(report)));
  }
}

/** The command line as it was typed, but for passwords in URLs. */
export function commandLine(): string {
  return ["turncoat", ...process.argv.slice(2).map((word) => shellWord(withoutPassword(word)))].join(" ");
}

function withoutPassword(word: string): string {
  return word.replace(/(?<=rediss?:\/\/).*@/i, "").replace(/(rediss?:\/\/[^?]*)\?.*/i, "$1");
}

/** Traces that this command has just written, replayed. */
export function shownTraces(files: readonly string[]): Promise<ShownTrace[]> {
  return Promise.all(files.map(async (file) => ({ file, result: await replay(await readTrace(file)) })));
}
