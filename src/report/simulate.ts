// What people read about simulations: one run as a list of figures, a sweep as one row for each point.

import Table from "cli-table3";
import type { SimulationResult } from "../simulate/result.js";
import type { PointResult } from "../simulate/sweep/points.js";
import { bytes, decimals, grouped, seconds } from "./numbers.js";
import type { Paint } from "./paint.js";

const style = { head: [], border: [], compact: true };

/** One run, figure by figure. */
export function runTable(result: SimulationResult, paint: Paint): string {
  const table = new Table({ style, colWidths: [20, 110], wordWrap: true });
  const { latencyMs, wall } = result;
  const messages = total(result.messages);
  const rows: readonly [string, string][] = [
    ["verdict", paintedVerdict(result, paint)],
    ["requests", `${grouped(result.succeeded)} of ${grouped(result.requests)} succeeded`],
    ["digests agree", agreementText(result.agreement)],
    [
      "latency, ms",
      latencyMs
        ? `p50 ${decimals(latencyMs.p50)}, p95 ${decimals(latencyMs.p95)}, p99 ${decimals(latencyMs.p99)}, ` +
          `mean ${decimals(latencyMs.mean)}, max ${decimals(latencyMs.max)}`
        : "-",
    ],
    ["throughput", `${decimals(result.throughputPerSecond)} requests per second`],
    ["virtual time", `${decimals(result.virtualSeconds)} s`],
    ["messages", `${grouped(messages)} (${bytes(total(result.bytes))}): ${byType(result.messages)}`],
    ["view changes", String(result.viewChanges)],
    ["Byzantine", result.byzantine.join(", ") || "nobody"],
    ...result.properties.map(({ name, verdict, comparisons }): [string, string] => [
      name,
      `${verdict} (${grouped(comparisons)} ${comparisons === 1 ? "comparison" : "comparisons"})`,
    ]),
    [
      "this machine",
      `${seconds(wall.seconds)}, ${grouped(result.events)} events, ${grouped(wall.eventsPerSecond)} per second, heap ${bytes(wall.heapBytes)}`,
    ],
  ];
  for (const [name, value] of rows) table.push([paint.dim(name), value]);
  return table.toString();
}

/** One row for each point of a sweep. */
export function sweepTable(points: readonly PointResult[], paint: Paint): string {
  const labels = labelNames(points);
  const heads = [
    ...labels,
    "verdict",
    "success",
    "agree",
    "latency ms",
    "p95 ms",
    "req/s",
    "messages",
    "bytes",
    "views",
    "contract",
  ];
  const table = new Table({
    head: heads.map((head) => paint.dim(head)),
    colAligns: heads.map((_, index) => (index <= labels.length ? "left" : "right")),
    style,
  });
  for (const point of points)
    table.push([
      ...labels.map((name) => String(point.labels[name] ?? "")),
      point.verdict === "holds" ? paint.good(point.verdict) : paint.bad(point.verdict),
      `${point.successes}/${point.trials}`,
      point.successes === 0 ? "-" : `${point.agreements}/${point.successes}`,
      point.latencyMs ? decimals(point.latencyMs.mean) : "-",
      point.latencyMs ? decimals(point.latencyMs.p95) : "-",
      decimals(point.meanThroughputPerSecond),
      grouped(point.meanMessages),
      bytes(point.meanBytes),
      decimals(point.viewChanges),
      point.insideContract ? "inside" : "outside",
    ]);
  return table.toString();
}

/** What has to be said beyond the figures: why a verdict is not simply `holds`. What differs only in numbers is said once. */
export function simulationNotes(runs: readonly SimulationResult[]): string[] {
  const reasons = new Map<string, { readonly text: string; count: number }>();
  for (const { reason, verdict, parameters } of runs) {
    if (reason === null) continue;
    const text = `${parameters.protocol}: ${verdict}: ${reason}`;
    const kind = text.replaceAll(/\d+/g, "#");
    const known = reasons.get(kind);
    if (known) known.count++;
    else reasons.set(kind, { text, count: 1 });
  }
  return [...reasons.values()].map(({ text, count }) =>
    count === 1 ? `${text}.` : `${text} (and ${count - 1} more like it).`,
  );
}

/** The labels that some point has, in the order in which they are first seen. */
export function labelNames(points: readonly Pick<PointResult, "labels">[]): readonly string[] {
  return [...new Set(points.flatMap(({ labels }) => Object.keys(labels)))];
}

function paintedVerdict({ verdict, reason, insideContract }: SimulationResult, paint: Paint): string {
  const text = verdict === "holds" ? paint.good(verdict) : paint.bad(verdict);
  const contract = insideContract ? "" : " (outside the contract: n >= 3f+1 and at most f Byzantine)";
  return reason === null ? `${text}${contract}` : `${text}${contract}: ${reason}`;
}

function agreementText(agreement: boolean | null): string {
  if (agreement === null) return "nothing to compare";
  return agreement ? "yes" : "no";
}

function byType(counts: { readonly [type: string]: number }): string {
  return Object.entries(counts)
    .map(([type, count]) => `${type} ${grouped(count)}`)
    .join(", ");
}

export function total(counts: { readonly [type: string]: number }): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
