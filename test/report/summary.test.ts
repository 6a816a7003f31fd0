// The Markdown summary: what it says, that it fits into a comment, and that nothing in it is taken for markup.

import test from "ava";
import type { CommandReport, RunReport, ShownTrace } from "../../src/report/run-report.js";
import { checkReport } from "../../src/report/search-reports.js";
import { markdownSummary } from "../../src/report/summary.js";
import { replay } from "../../src/trace/index.js";
import { equivocation } from "../trace/fixtures.js";
import { run } from "./fixtures.js";

const property = (verdict: "holds" | "violated", reason: string | null = null) =>
  ({ name: "agreement", kind: "always", verdict, reason, comparisons: 1 }) as const;

function reportOf(runs: readonly RunReport[], changes: Partial<CommandReport> = {}): CommandReport {
  const said = {
    command: "check",
    commandLine: "turncoat check",
    seed: null,
    notBegun: 0,
    seconds: 7,
  } as const;
  return { ...said, verdict: "violated", runs, ...changes };
}

function failing(reason: string, traces: readonly ShownTrace[]): RunReport {
  const failed = run({ verdict: "violated", properties: [property("violated", reason)] });
  return checkReport(failed, { suite: "mine", traces, allowInconclusive: false });
}

const held = (cached: boolean) =>
  checkReport(run({ properties: [property("holds")] }, null, { cached }), {
    ...{ suite: "a | b", traces: [], allowInconclusive: false },
  });

test("where all is well the suites are counted", (t) => {
  const text = markdownSummary(reportOf([held(false), held(true)], { verdict: "holds" }));
  t.is(
    text,
    [
      "<!-- turncoat -->",
      "### turncoat check: as expected",
      "2 of 2 runs as expected, 1 cached, 7.0 s. Made with `turncoat check` by Turncoat 0.1.0.",
      "| suite | runs | verdicts |\n| --- | --- | --- |\n| a \\| b | 2 | 2 holds |\n",
    ].join("\n\n"),
  );
});

test("what is not as expected is named, with its counterexample in words", async (t) => {
  const trace = { file: "traces/a.json", result: await replay(await equivocation()) };
  const text = markdownSummary(reportOf([held(false), failing("they differ", [trace])]));
  t.true(text.includes("### turncoat check: violated\n\n1 of 2 runs as expected, "));
  t.true(text.includes("<details><summary>agreement, 4 actions: traces/a.json</summary>\n\n```text\npbft"));
  t.true(text.includes("agreement is violated after 4 actions: "));
  t.true(text.includes("See it again with `turncoat replay traces/a.json`."));
});

test("an interrupted command is not as expected", (t) => {
  const text = markdownSummary(reportOf([held(false)], { verdict: "inconclusive", notBegun: 3 }));
  t.true(
    text.includes("### turncoat check: inconclusive\n\n1 of 1 runs as expected, interrupted, 3 not begun, "),
  );
});

test("a summary fits into a comment, and says what it leaves out", async (t) => {
  const trace = { file: "traces/a.json", result: await replay(await equivocation()) };
  const runs = Array.from({ length: 200 }, () => failing("they differ ".repeat(100), [trace]));
  const text = markdownSummary(reportOf(runs));
  t.true(text.length < 65_536);
  t.true(text.includes("\n\n... and 175 more.\n"));
  const shown = text.split("<details>").length - 1;
  t.true(shown > 10);
  t.true(
    text.endsWith(
      `Counterexamples that do not fit in here: ${200 - shown}. They are among the files of the traces.\n`,
    ),
  );
});

test("nothing that was found is taken for markup, or mentions anybody", (t) => {
  const text = markdownSummary(reportOf([failing("</td> | @all `x` [a](b)\n# x \u001b[31m <!-- ", [])]));
  const row = text.split("\n").find((line) => line.includes("all"))!;
  t.true(row.includes("&lt;/td&gt; \\| @\u200ball \\`x\\` \\[a\\](b) \\# x \\\\u001b\\[31m &lt;!-- "), row);
  t.is(row.split(/(?<!\\)\|/).length, 6);
});

test("a command line with backticks stays in its code span", (t) => {
  const text = markdownSummary(reportOf([held(false)], { commandLine: "turncoat check `x`" }));
  t.true(text.includes("Made with `` turncoat check `x` `` by"));
});
