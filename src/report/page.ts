// Simulations as one HTML page.

import { diagramOf } from "../render/diagram.js";
import { escaped, htmlPage, verdictClass } from "../render/html.js";
import { sequenceStyle } from "../render/sequence-svg.js";
import { traceHtml } from "../render/trace-html.js";
import type { PointResult } from "../simulate/sweep/points.js";
import type { ReplayResult } from "../trace/replay-result.js";
import { viewerPlace, viewerScript } from "../viewer/embed.js";
import { storyOf } from "../viewer/tell.js";
import { figureCells, figures, labelNames } from "./simulate.js";

export interface PageContents {
  readonly title: string;
  readonly description: string | null;
  /** How to make the same again. */
  readonly command: string;
  readonly svgs: readonly string[];
  readonly points: readonly PointResult[];
  readonly notes: readonly string[];
  /** A run to step through, and what it is. Default: none. */
  readonly run?: { readonly heading: string; readonly result: ReplayResult } | null;
}

export function page({ title, description, command, svgs, points, notes, run = null }: PageContents): string {
  return htmlPage(
    title,
    `${description === null ? "" : `<p>${escaped(description)}</p>`}
<p>Made with <code>${escaped(command)}</code>. Times are virtual.</p>
${svgs.map((svg) => `<figure>${svg}</figure>`).join("\n")}
<div class="scroll">
${pointTable(points)}
</div>
${notes.length === 0 ? "" : `<h2>Notes</h2>\n<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join("\n")}</ul>`}
${run === null ? "" : `<h2>${escaped(run.heading)}</h2>\n${viewerPlace(0, traceHtml(diagramOf(run.result)))}`}`,
    run === null ? "" : sequenceStyle,
    run === null ? null : viewerScript({ stories: [storyOf(run.result, run.heading)] }),
  );
}

function pointTable(points: readonly PointResult[]): string {
  const labels = labelNames(points);
  const rows = points.map((point) => {
    const named = labels
      .map((name) => `<td class="label">${escaped(String(point.labels[name] ?? ""))}</td>`)
      .join("");
    const cells = figureCells(point).map((cell) => `<td>${escaped(cell)}</td>`);
    return `<tr>${named}<td class="label ${verdictClass(point.verdict)}">${point.verdict}</td>${cells.join("")}</tr>`;
  });
  const labelHeads = [...labels, "verdict"].map((name) => `<th class="label">${escaped(name)}</th>`).join("");
  return `<table>
<thead><tr>${labelHeads}${figures.map(({ title }) => `<th>${title}</th>`).join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}
