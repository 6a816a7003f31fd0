// The HTML report of a command: a table of verdicts, and for each run its bounds, its witnesses, and the
// counterexample in the viewer (without scripts: as a picture).

import { type SettingDescription, wordsFor } from "../catalogue/index.js";
import { viewRange } from "../parameters/vocabulary.js";
import { diagramOf } from "../render/diagram.js";
import { escaped, htmlPage, verdictClass } from "../render/html.js";
import { sequenceStyle } from "../render/sequence-svg.js";
import { crashText, settingCaption } from "../render/setting.js";
import { traceHtml } from "../render/trace-html.js";
import { version } from "../version.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import type { Story } from "../viewer/story.js";
import { storyOf } from "../viewer/tell.js";
import { unavoidableIn } from "../viewer/unavoidable-in.js";
import { campaignHtml } from "./campaign-html.js";
import type { CaseReport, CommandReport, Figure, RunReport, ShownTrace } from "./run-report.js";

const style = `${sequenceStyle}
td.name { text-align: left; white-space: normal; min-width: 12rem; } details { margin: 1rem 0; } summary { cursor: pointer; }
`;

/** The page. */
export function runPage(report: CommandReport): string {
  const { command, commandLine, verdict, seed, runs, notBegun, campaign } = report;
  const numbered = runs.map((run, index) => ({ run, id: `run-${index + 1}` }));
  const suites = [...new Set(runs.map(({ suite }) => suite))];
  const stories: Story[] = [];
  const sections = suites.map((suite) => {
    const own = numbered.filter(({ run }) => run.suite === suite);
    return `<h2>${escaped(suite)}</h2>\n<div class="scroll">\n${runTable(own)}\n</div>\n${own
      .map(({ run, id }) => runHtml(run, id, runs.length === 1, stories))
      .join("\n")}`;
  });
  const missing = notBegun === 0 ? "" : `<p class="other">Interrupted: runs not begun: ${notBegun}.</p>\n`;
  const seeded = seed === null ? "" : `, with seed ${seed}`;
  return htmlPage(
    `turncoat ${command}: ${verdict}`,
    `<p>Made with <code>${escaped(commandLine)}</code>${seeded}, by Turncoat ${escaped(version)}. What a verdict means is said in docs/what-holds-means.md.</p>
${missing}${sections.join("\n")}${campaign ? `\n${campaignHtml(campaign)}` : ""}`,
    style,
    stories.length === 0 ? null : viewerScript({ stories }),
  );
}

interface Numbered {
  readonly run: RunReport;
  readonly id: string;
}

function runTable(runs: readonly Numbered[]): string {
  const labels = [...new Set(runs.flatMap(({ run }) => run.figures.map(([label]) => label)))];
  const heads = ["run", "checked", "verdict"].map((head) => `<th class="label">${head}</th>`);
  const rows = runs.map(({ run, id }) => {
    const values = new Map(run.figures);
    const figures = labels.map((label) => `<td>${escaped(values.get(label) ?? "-")}</td>`).join("");
    const checked = run.cases.map(({ property }) => property).join(", ");
    return `<tr><td class="name"><a href="#${id}">${escaped(run.name)}</a></td><td class="name">${escaped(checked)}</td>${verdictCell(run)}${figures}</tr>`;
  });
  return `<table>
<thead><tr>${heads.join("")}${labels.map((label) => `<th>${escaped(label)}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}

/** What was expected is good news, whatever it is. */
function verdictCell({ verdict, expected, isAsExpected }: RunReport): string {
  const missed = isAsExpected || expected === null ? "" : ` (expected: ${expected})`;
  const colour = isAsExpected ? "holds" : verdict === "holds" ? "violated" : verdictClass(verdict);
  return `<td class="label ${colour}">${escaped(verdict + missed)}</td>`;
}

/** The stories of its traces are added to `stories`. */
function runHtml(run: RunReport, id: string, isOnly: boolean, stories: Story[]): string {
  const { setting, notes } = run;
  const traces = run.cases.flatMap((one) => one.traces);
  return `<details id="${id}"${isOnly || !run.isAsExpected ? " open" : ""}>
<summary>${escaped(run.name)}: ${escaped(run.verdict)}</summary>
${setting === null ? "" : boundsHtml(setting)}
${caseTable(run.cases)}
${figureTable(run.witnesses)}
${notes.length === 0 ? "" : `<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join("")}</ul>`}
${traces.map((trace) => shownTrace(trace, stories)).join("\n")}
</details>`;
}

function boundsHtml(setting: SettingDescription): string {
  const { bounds, byzantine, adversary, protocol } = setting;
  const who = byzantine.length === 0 ? "nobody" : `${byzantine.join(", ")} (${adversary ?? "no adversary"})`;
  const views = viewRange(wordsFor(protocol).views, bounds.views, "..");
  const crashes = bounds.crashes === undefined ? [] : [crashText(bounds)];
  const parts = [settingCaption(setting), views, ...crashes, `Byzantine: ${who}`];
  return `<p>Bounds: ${escaped(parts.filter((text) => text !== "").join("; "))}.</p>`;
}

function shownTrace({ file, result }: ShownTrace, stories: Story[]): string {
  // The more traces a page has, the less is spent on each.
  const maxStates = Math.max(200, Math.floor(2000 / (1 + stories.length / 4)));
  const index = stories.push({ ...storyOf(result, file), unavoidable: unavoidableIn(result, maxStates) }) - 1;
  const place = viewerPlace(index, traceHtml(diagramOf(result)));
  return `<h3>${escaped(result.property)}: <code>${escaped(file)}</code></h3>\n${place}`;
}

function caseTable(cases: readonly CaseReport[]): string {
  const rows = cases.map(
    ({ property, verdict, message }) =>
      `<tr><td class="label">${escaped(property)}</td><td class="label ${verdictClass(verdict)}">${escaped(verdict)}</td><td class="name">${escaped(message ?? "")}</td></tr>`,
  );
  return `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}

function figureTable(figures: readonly Figure[]): string {
  if (figures.length === 0) return "";
  const rows = figures.map(
    ([label, value]) =>
      `<tr><td class="label">${escaped(label)}</td><td class="name">${escaped(value)}</td></tr>`,
  );
  return `<table><tbody>\n${rows.join("\n")}\n</tbody></table>`;
}
