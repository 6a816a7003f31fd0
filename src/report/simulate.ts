// The terminal report of simulations: one run as a list of figures, a sweep as one row for each point.

import Table from "cli-table3";
import { declared, wordsFor } from "../catalogue/index.js";
import { bearsOnlyCrashes, nodesText } from "../model/contract.js";
import { visibleText } from "../model/visible-text.js";
import { settings } from "../parameters/own.js";
import type { Paint } from "../render/paint.js";
import { cryptoText } from "../simulate/crypto.js";
import type { SimulationResult } from "../simulate/result.js";
import type { PointResult } from "../simulate/sweep/points.js";
import { bytes, decimals, grouped, seconds } from "./numbers.js";
import { type Column, tableText } from "./table.js";

const style = { head: [], border: [], compact: true };

/** One run, figure by figure. */
export function runTable(result: SimulationResult, paint: Paint): string {
  const figureWidth = Math.max(24, Math.min(110, paint.width - 23));
  const table = new Table({ style, colWidths: [20, figureWidth], wordWrap: true });
  const { wall } = result;
  const messages = total(result.messages);
  const rows: readonly [string, string][] = [
    ["verdict", paintedVerdict(result, paint)],
    ...ownRows(result),
    ["requests", `${grouped(result.succeeded)} of ${grouped(result.requests)} succeeded`],
    ["digests agree", agreementText(result.agreement)],
    ["latency, ms", latencyText(result)],
    [
      "throughput",
      result.throughputPerSecond === null
        ? "- (no time passed)"
        : `${decimals(result.throughputPerSecond)} requests per second`,
    ],
    ["virtual time", `${decimals(result.virtualSeconds)} s`],
    ["messages", `${grouped(messages)} (${bytes(total(result.bytes))}): ${byType(result.messages)}`],
    ...tooLongRows(result),
    [`${wordsFor(result.parameters.protocol).views?.one ?? "view"} changes`, String(result.viewChanges)],
    ["Byzantine", byzantineText(result)],
    ...crashRows(result),
    ...cryptoRows(result),
    ...result.properties.map(({ name, verdict, comparisons }): [string, string] => [
      name,
      `${verdict} (${grouped(comparisons)} ${comparisons === 1 ? "comparison" : "comparisons"})`,
    ]),
    [
      "this machine",
      `${seconds(wall.seconds)}, ${grouped(result.events)} events, ${grouped(wall.eventsPerSecond)} per second, heap ${bytes(wall.heapBytes)}`,
    ],
  ];
  for (const [index, [name, value]] of rows.entries())
    table.push([paint.dim(visibleText(name)), index === 0 ? value : visibleText(value)]);
  return table.toString();
}

/** A dash if nobody was served. */
function latencyText({ latencyMs }: SimulationResult): string {
  if (latencyMs === null) return "-";
  const { p50, p95, p99, mean, max } = latencyMs;
  return Object.entries({ p50, p95, p99, mean, max })
    .map(([name, ms]) => `${name} ${decimals(ms)}`)
    .join(", ");
}

/** Who lies, and how many may. */
function byzantineText({ byzantine, parameters: { replicas, faults } }: SimulationResult): string {
  return `${byzantine.join(", ") || "nobody"} (of ${replicas} replicas, f = ${faults})`;
}

/** What a limit kept from being sent. */
function tooLongRows({ messagesTooLong, parameters: { maxMessage } }: SimulationResult): [string, string][] {
  if (maxMessage === null) return [];
  return [["too long", `${grouped(messagesTooLong)} messages (the limit: ${bytes(maxMessage)})`]];
}

/** Who crashes, and when. */
function crashRows({ parameters: { crashes } }: SimulationResult): [string, string][] {
  if (crashes.length === 0) return [];
  const text = crashes.map(
    ({ node, fromMs, toMs }) =>
      `${node} at ${fromMs} ms${toMs === null ? ", for good" : `, back at ${toMs} ms`}`,
  );
  return [["crashes", text.join("; ")]];
}

/** What cryptography costs, in words that make the same run again. */
function cryptoRows({ parameters: { crypto } }: SimulationResult): [string, string][] {
  return crypto === null
    ? []
    : [["cryptography", `--crypto ${cryptoText(crypto)} (sign, verify, hash 1,000 bytes)`]];
}

/** The parameters of the protocol's own. */
function ownRows({ parameters: { set } }: SimulationResult): [string, string][] {
  return set === undefined ? [] : [["parameters", settings.write(set)]];
}

/** One row for each point of a sweep. */
export function sweepTable(points: readonly PointResult[], paint: Paint): string {
  const labels = labelNames(points);
  const rows = points.map((point) => [
    ...labels.map((name) => visibleText(String(point.labels[name] ?? ""))),
    point.verdict === "holds" ? paint.good(point.verdict) : paint.bad(point.verdict),
    ...figureCells(point),
  ]);
  const numbers = figures.map((figure) => ({ ...figure, isRight: true }));
  return tableText([...labels.map((head) => ({ head })), { head: "verdict" }, ...numbers], rows, paint);
}

/** The figures of a point: their heads in the terminal and on a page, and in which order a narrow terminal drops them. */
export const figures: readonly (Column & { readonly title: string })[] = [
  { head: "success", title: "success" },
  { head: "agree", title: "digests agree", drop: 4 },
  { head: "latency ms", title: "mean latency, ms" },
  { head: "p95 ms", title: "p95, ms", drop: 5 },
  { head: "req/s", title: "requests/s" },
  { head: "messages", title: "messages", drop: 2 },
  { head: "bytes", title: "bytes", drop: 1 },
  { head: "views", title: "view changes", drop: 3 },
  { head: "contract", title: "contract" },
];

/** The figures of a point, in the order of their heads. A dash stands for what no run has. */
export function figureCells(point: PointResult): readonly string[] {
  return [
    successText(point),
    point.successes === 0 ? "-" : `${point.agreements}/${point.successes}`,
    point.latencyMs ? decimals(point.latencyMs.mean) : "-",
    point.latencyMs ? decimals(point.latencyMs.p95) : "-",
    rateText(point.meanThroughputPerSecond),
    grouped(point.meanMessages),
    bytes(point.meanBytes),
    decimals(point.viewChanges),
    point.insideContract ? "inside" : "outside",
  ];
}

/** As in `20/20`, or `800/831 of 5,000` where some trials were not made. */
function successText({ successes, trials, planned }: PointResult): string {
  return `${successes}/${trials}${trials < planned ? ` of ${grouped(planned)}` : ""}`;
}

/** A dash where no time passed. */
function rateText(perSecond: number | null): string {
  return perSecond === null ? "-" : decimals(perSecond);
}

/** What has to be said of points that lack trials, or null. `planned`: how many points there should be. */
export function partialNote(points: readonly PointResult[], planned: number): string | null {
  const partial = points.filter((point) => point.trials < point.planned).length;
  const missing = planned - points.length;
  if (partial + missing === 0) return null;
  const all = points.reduce((sum, { planned: trials }) => sum + trials, 0);
  const made = points.reduce((sum, { trials }) => sum + trials, 0);
  return [
    `Not complete: ${grouped(partial)} of ${grouped(planned)} points lack trials (${grouped(made)} of ${grouped(all)} were made)`,
    ...(missing > 0 ? [`, and ${grouped(missing)} have none`] : []),
  ].join("");
}

/**
 * What has to be said beyond the figures: why a verdict is not simply `holds`. What differs only in numbers
 * is said once.
 */
export function simulationNotes(runs: readonly SimulationResult[]): string[] {
  const reasons = new Map<string, { readonly text: string; count: number }>();
  for (const { reason, verdict, parameters } of runs) {
    if (reason === null) continue;
    const text = visibleText(`${parameters.protocol}: ${verdict}: ${reason}`);
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

function paintedVerdict(
  { parameters, verdict, reason, insideContract }: SimulationResult,
  paint: Paint,
): string {
  const text = verdict === "holds" ? paint.good(verdict) : paint.bad(verdict);
  const protocol = declared(parameters.protocol);
  const who = bearsOnlyCrashes(protocol) ? "silent" : "Byzantine";
  const needs = `${nodesText(protocol, parameters.faults)} and at most f ${who}`;
  const contract = insideContract ? "" : ` (outside the contract: ${needs})`;
  return reason === null ? `${text}${contract}` : `${text}${contract}: ${visibleText(reason)}`;
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
