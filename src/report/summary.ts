// The Markdown summary of a command, short enough for a comment on a pull request: how many runs are as expected, a table of those that are
// not, and their counterexamples in words, folded.

import { visibleText } from "../model/visible-text.js";
import { noPaint } from "../render/paint.js";
import { renderReplay } from "../render/render.js";
import { version } from "../version.js";
import { seconds } from "./numbers.js";
import { type CommandReport, longName, type RunReport, type ShownTrace } from "./run-report.js";

/** GitHub takes comments of 65,536 characters, and others take more. */
const maxLength = 60_000;
/** So many runs are named. */
const maxRows = 25;
/** Room for one counterexample: of a longer one the beginning and the end are shown. */
const maxTraceLines = 120;

/** By this a later job finds the comment that it has to replace. */
export const summaryMark = "<!-- turncoat -->";

/** The summary. */
export function markdownSummary(report: CommandReport): string {
  const { command, commandLine, runs, seed, notBegun } = report;
  const missed = runs.filter(({ isAsExpected }) => !isAsExpected);
  const undecided = runs.filter(isUndecided).length;
  const whole = missed.length === 0 && notBegun === 0;
  const cached = runs.filter((run) => run.cached).length;
  const facts = [
    `${runs.length - missed.length - undecided} of ${runs.length} runs as expected`,
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
    ...(notBegun > 0 ? [`interrupted, ${notBegun} not begun`] : []),
    ...(cached > 0 ? [`${cached} cached`] : []),
    seconds(report.seconds),
    ...(seed === null ? [] : [`seed ${seed}`]),
  ];
  const parts = [
    summaryMark,
    `### turncoat ${command}: ${whole ? "as expected" : report.verdict}`,
    `${facts.join(", ")}. Made with ${code(commandLine)} by Turncoat ${version}.`,
    ...(missed.length > 0 ? [missedTable(missed)] : [suiteTable(runs)]),
    ...caveatList(runs),
  ];
  const traces = missed.flatMap(({ cases }) => cases.flatMap((one) => one.traces));
  let length = parts.join("\n\n").length;
  let left = traces.length;
  for (const trace of traces) {
    const text = folded(trace);
    if (length + text.length + 200 > maxLength) break;
    parts.push(text);
    length += text.length + 2;
    left--;
  }
  if (left > 0)
    parts.push(`Counterexamples that do not fit in here: ${left}. They are among the files of the traces.`);
  return `${parts.join("\n\n")}\n`;
}

/** The same as of a completed run: see check.ts. */
function isUndecided({ expected, verdict }: RunReport): boolean {
  return expected === "any" && verdict !== "holds" && verdict !== "violated";
}

function missedTable(runs: readonly RunReport[]): string {
  const rows = runs.slice(0, maxRows).map((run) => {
    const { verdict, expected } = run;
    const wrong = run.cases.filter(({ status }) => status === "failed" || status === "error");
    const why = wrong.map(({ property, message }) => `${property}: ${message ?? verdict}`).join("; ");
    return [longName(run), verdict, expected ?? "holds", why];
  });
  const more = runs.length - rows.length;
  return table(["run", "verdict", "expected", "why"], rows) + (more > 0 ? `\n\n... and ${more} more.` : "");
}

function suiteTable(runs: readonly RunReport[]): string {
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  const rows = suites.map((suite) => {
    const own = runs.filter((run) => run.suite === suite);
    const verdicts = [...new Set(own.map(({ verdict }) => verdict))];
    const counts = verdicts.map((one) => `${own.filter(({ verdict }) => verdict === one).length} ${one}`);
    return [suite, String(own.length), counts.join(", ")];
  });
  return table(["suite", "runs", "verdicts"], rows);
}

/** What the verdicts rest on, or do not cover: each sentence once, with the first run that it is said of. */
function caveatList(runs: readonly RunReport[]): string[] {
  const first = new Map<string, RunReport>();
  for (const run of runs) for (const text of run.caveats ?? []) if (!first.has(text)) first.set(text, run);
  if (first.size === 0) return [];
  const lines = [...first].slice(0, maxRows).map(([text, run]) => `- ${cell(`${longName(run)}: ${text}`)}`);
  const more = first.size - lines.length;
  return [["Caveats:", ...lines, ...(more > 0 ? [`- ... and ${more} more.`] : [])].join("\n")];
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(heads), line(heads.map(() => "---")), ...rows.map((cells) => line(cells.map(cell)))].join(
    "\n",
  );
}

/** Text in a cell: nothing in it is markup, ends the cell, or mentions anybody. */
function cell(text: string): string {
  const short = text.length > 400 ? `${text.slice(0, 400)}...` : text;
  return escaped(short)
    .replaceAll(/[\\|`*_[\]~#]/g, (character) => `\\${character}`)
    .replaceAll("@", "@\u200b");
}

function escaped(text: string): string {
  return visibleText(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

/** Text in a code span, which may have backticks of its own. */
function code(text: string): string {
  const fence = fenceFor(text, 1);
  const pad = fence.length > 1 ? " " : "";
  return `${fence}${pad}${visibleText(text).replaceAll(/\s+/g, " ")}${pad}${fence}`;
}

function fenceFor(text: string, least: number): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  return "`".repeat(Math.max(least, longest + 1));
}

function folded({ file, result }: ShownTrace): string {
  const lines = renderReplay(result, noPaint).map(visibleText);
  const half = maxTraceLines / 2;
  const shown =
    lines.length <= maxTraceLines
      ? lines
      : [...lines.slice(0, half), `... ${lines.length - 2 * half} lines ...`, ...lines.slice(-half)];
  const text = shown.join("\n");
  const fence = fenceFor(text, 3);
  const title = `${result.property}, ${result.steps.length} actions: ${file}`;
  return [
    `<details><summary>${escaped(title).replaceAll("@", "@\u200b")}</summary>`,
    "",
    `${fence}text\n${text}\n${fence}`,
    "",
    `See it again with ${code(`turncoat replay ${file}`)}.`,
    "",
    "</details>",
  ].join("\n");
}
