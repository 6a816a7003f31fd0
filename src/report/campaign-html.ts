// The section of a report page about a campaign on many machines: who has made how much, how fast, and how much was seen by when.

import type { CampaignHistory } from "../campaign/index.js";
import { escaped } from "../render/html.js";
import { boundText, percent } from "./coverage.js";
import { grouped } from "./numbers.js";

/** A campaign, for its section. */
export interface CampaignSection {
  readonly name: string;
  /** Whether runs are searches: then events are states. */
  readonly isOfSearches: boolean;
  readonly history: CampaignHistory;
  /** The names of the parts of random runs. */
  readonly parts: readonly string[];
}

const [width, height] = [640, 120];

/** The section. */
export function campaignHtml({ name, isOfSearches, history, parts }: CampaignSection): string {
  const [unit, event] = isOfSearches ? ["searches", "states"] : ["runs", "events"];
  const { workers, minutes, seen } = history;
  const rates = minutes.map(({ atMs, events }) => ({ atMs, value: events / 60 }));
  return `<h2>Campaign ${escaped(name)}</h2>
<h3>Who has made it</h3>
${table(
  ["worker", ...(isOfSearches ? [] : ["blocks"]), unit, event],
  workers.map(({ name: who, blocks, runs, events }) => [
    who,
    ...(isOfSearches ? [] : [grouped(blocks)]),
    grouped(runs),
    grouped(events),
  ]),
)}
<h3>How fast: ${event} a second, by the minute in which they were counted</h3>
${chart(rates, (value) => grouped(Math.round(value)))}
${parts
  .map((part, index) =>
    seenHtml(
      part,
      seen.filter((one) => one.part === index),
    ),
  )
  .join("\n")}`;
}

/** How much of a part was seen at most, and how likely a further run was to find something new. */
function seenHtml(part: string, seen: CampaignHistory["seen"]): string {
  if (seen.length === 0) return "";
  const values = seen.map(({ atMs, coverage }) => ({ atMs, value: coverage.nextRun.high }));
  const last = seen.at(-1)!;
  return `<h3>${escaped(part)}: the chance that a further run finds a new state</h3>
${chart(values, (value) => `${percent(value)} %`)}
<p>After ${grouped(last.runs)} merged runs: ${boundText(last.coverage)}.</p>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map(
    ([label, ...figures]) =>
      `<tr><td class="label">${escaped(label!)}</td>${figures.map((text) => `<td>${escaped(text)}</td>`).join("")}</tr>`,
  );
  return `<table><thead><tr>${heads.map((head) => `<th>${escaped(head)}</th>`).join("")}</tr></thead><tbody>
${cells.join("\n")}
</tbody></table>`;
}

/** Values over time, as a line from the first to the last minute; the largest is written beside it. */
function chart(
  values: readonly { readonly atMs: number; readonly value: number }[],
  write: (value: number) => string,
): string {
  if (values.length === 0) return "<p>Nothing was counted.</p>";
  const [first, last] = [values[0]!.atMs, values.at(-1)!.atMs];
  const most = Math.max(...values.map(({ value }) => value), Number.MIN_VALUE);
  const points = values.map(({ atMs, value }) => {
    const x = last === first ? width / 2 : ((atMs - first) / (last - first)) * width;
    return `${x.toFixed(1)},${(height - (value / most) * height).toFixed(1)}`;
  });
  const dots = points.map((point) => {
    const [x, y] = point.split(",");
    return `<circle cx="${x}" cy="${y}" r="2.5" fill="currentColor"/>`;
  });
  const time = (atMs: number) => new Date(atMs).toISOString().slice(0, 16).replace("T", " ");
  const label = `from ${time(first)} to ${time(last)} UTC; ${write(values[0]!.value)} at first, ${write(values.at(-1)!.value)} at last, ${write(most)} at most`;
  return `<figure><svg viewBox="-4 -4 ${width + 8} ${height + 8}" width="${width}" height="${height}" role="img" aria-label="${escaped(label)}">
<polyline points="${points.join(" ")}" fill="none" stroke="currentColor"/>${dots.join("")}</svg>
<figcaption>${escaped(label)}</figcaption></figure>`;
}
