// JUnit XML, which every CI system reads: a test suite for each suite, a test case for each property of each
// run. A run checks all its properties at once; its time is divided evenly among them, so that sums are
// right.

import { visibleText } from "../model/visible-text.js";
import { noPaint } from "../render/paint.js";
import { renderReplay } from "../render/render.js";
import { version } from "../version.js";
import { builderFor, type TestCase } from "./junit-builder.js";
import {
  type CaseReport,
  type CommandReport,
  longName,
  type RunReport,
  type ShownTrace,
} from "./run-report.js";

/** The document. */
export function junitXml(report: CommandReport): string {
  const builder = builderFor(`turncoat ${report.command}`);
  const names = [...new Set(report.runs.map(({ suite }) => suite))];
  for (const name of names) {
    const runs = report.runs.filter(({ suite }) => suite === name);
    const suite = builder
      .testSuite()
      .name(xmlText(name))
      .time(sum(runs.map(({ seconds }) => seconds)));
    suite.property("turncoat", version).property("command", xmlText(report.commandLine));
    if (report.seed !== null) suite.property("seed", String(report.seed));
    for (const run of runs) for (const one of run.cases) describe(suite.testCase(), run, one);
  }
  if (report.notBegun > 0)
    builder
      .testSuite()
      .name("interrupted")
      .testCase()
      .className(`turncoat ${report.command}`)
      .name("every run is made")
      .time(0)
      .error(`runs not begun: ${report.notBegun}`, "interrupted");
  // The schema of Jenkins' xunit plugin does not have this attribute on the outermost element.
  return `${builder.build().replace(/(<testsuites [^>]*) skipped="\d+"/, "$1")}\n`;
}

function describe(
  testCase: TestCase,
  run: RunReport,
  { property, verdict, status, message, traces }: CaseReport,
) {
  const isSaidElsewhere = status === "failed" || status === "error";
  testCase
    .className(xmlText(longName(run)))
    .name(xmlText(property))
    .time(round(run.seconds / run.cases.length))
    .standardOutput(
      cdataText([...lines(run), ...(isSaidElsewhere || message === null ? [] : [message])].join("\n")),
    );
  const text = cdataText(traces.map(traceText).join("\n\n"));
  const said = xmlText(message ?? verdict);
  switch (status) {
    case "passed":
      return;
    case "skipped":
      testCase.skipped();
      return;
    case "failed":
      testCase.failure(said, verdict).stacktrace(text);
      return;
    case "error":
      testCase.error(said, verdict, text);
  }
}

/**
 * Text that XML 1.0 can hold: what it forbids, and what would steer a reader's terminal, is shown as an
 * escape.
 */
const xmlText = visibleText;

/**
 * Text for a CDATA section. The library below takes only the first `]]>` in it apart, and anything else that
 * it did with the others would change them: so they are shown with a space.
 */
function cdataText(text: string): string {
  return xmlText(text).replaceAll("]]>", "]] >");
}

function lines({ figures, witnesses, notes }: RunReport): string[] {
  return [...[...figures, ...witnesses].map(([label, value]) => `${label}: ${value}`), ...notes];
}

function traceText({ file, result }: ShownTrace): string {
  return [`The trace is in ${file}`, "", ...renderReplay(result, noPaint)].join("\n");
}

function sum(values: readonly number[]): number {
  return round(values.reduce((total, value) => total + value, 0));
}

function round(seconds: number): number {
  return Number(seconds.toFixed(3));
}
