// Simulations as one HTML page that needs nothing else: no script, no font, no image from anywhere.

import type { SimulationResult } from "../simulate/result.js";
import type { PointResult } from "../simulate/sweep/points.js";
import { bytes, decimals, grouped } from "./numbers.js";
import { labelNames, total } from "./simulate.js";

export interface PageContents {
  readonly title: string;
  readonly description: string | null;
  /** How to make the same again. */
  readonly command: string;
  readonly svgs: readonly string[];
  readonly points: readonly PointResult[];
  readonly notes: readonly string[];
}

const css = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.2rem 0.7rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
th { border-bottom: 2px solid #888; } th.label, td.label { text-align: left; }
td.holds { color: #0a6b2b; } td.violated { color: #b00020; } td.other { color: #8a5a00; }
code { background: #f3f3f3; padding: 0.1rem 0.3rem; } figure { margin: 1rem 0; overflow-x: auto; } .scroll { overflow-x: auto; }
@media (prefers-color-scheme: dark) { body { background: #181818; color: #ddd; } code { background: #2a2a2a; } th, td { border-color: #444; }
td.holds { color: #5fd38a; } td.violated { color: #ff6b81; } td.other { color: #e0b050; } }
`;

export function page({ title, description, command, svgs, points, notes }: PageContents): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${css}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
${description === null ? "" : `<p>${escaped(description)}</p>`}
<p>Made with <code>${escaped(command)}</code>. Times are virtual.</p>
${svgs.map((svg) => `<figure>${svg}</figure>`).join("\n")}
<div class="scroll">
${pointTable(points)}
</div>
${notes.length === 0 ? "" : `<h2>Notes</h2>\n<ul>${notes.map((note) => `<li>${escaped(note)}</li>`).join("\n")}</ul>`}
</body>
</html>
`;
}

function pointTable(points: readonly PointResult[]): string {
  const labels = labelNames(points);
  const heads = [
    "verdict",
    "success",
    "digests agree",
    "mean latency, ms",
    "p95, ms",
    "requests/s",
    "messages",
    "bytes",
    "view changes",
    "contract",
  ];
  const rows = points.map((point) => {
    const verdictClass = point.verdict === "holds" || point.verdict === "violated" ? point.verdict : "other";
    const cells = [
      `${point.successes}/${point.trials}`,
      point.successes === 0 ? "-" : `${point.agreements}/${point.successes}`,
      point.latencyMs ? decimals(point.latencyMs.mean) : "-",
      point.latencyMs ? decimals(point.latencyMs.p95) : "-",
      decimals(point.meanThroughputPerSecond),
      grouped(point.meanMessages),
      bytes(point.meanBytes),
      decimals(point.viewChanges),
      point.insideContract ? "inside" : "outside",
    ];
    const named = labels
      .map((name) => `<td class="label">${escaped(String(point.labels[name] ?? ""))}</td>`)
      .join("");
    return `<tr>${named}<td class="label ${verdictClass}">${point.verdict}</td>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  const head = [...labels, "verdict"].map((name) => `<th class="label">${escaped(name)}</th>`).join("");
  return `<table>
<thead><tr>${head}${heads
    .slice(1)
    .map((name) => `<th>${name}</th>`)
    .join("")}</tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>`;
}

/** Messages by type of one run, for the page of a single run. */
export function messageText({ messages }: Pick<SimulationResult, "messages">): string {
  const parts = Object.entries(messages).map(([type, count]) => `${type} ${grouped(count)}`);
  return `${grouped(total(messages))} messages: ${parts.join(", ")}`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
