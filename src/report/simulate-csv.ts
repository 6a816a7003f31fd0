// Simulations for spreadsheets: one row for each run. The columns of the DistAlgo report come first, under names that end in their
// units, then what it does not have.

import type { SimulationResult } from "../simulate/result.js";
import { total } from "./simulate.js";

type Cell = string | number | boolean | null;
/** Which trial of its point a run is, and how many the point was to have: where rows are missing, the point is not complete. */
export interface Trial {
  readonly trial: number;
  readonly trials: number;
}
type Column = readonly [
  name: string,
  value: (result: SimulationResult, timing: boolean, trial: Trial) => Cell,
];

const live = (result: SimulationResult) =>
  result.properties.find(({ kind }) => kind === "eventually")?.verdict ?? null;
const safe = (result: SimulationResult) => {
  const verdicts = result.properties.filter(({ kind }) => kind === "always").map(({ verdict }) => verdict);
  if (verdicts.includes("violated")) return "no";
  return verdicts.includes("holds") ? "yes" : "nothing executed";
};

const columns: readonly Column[] = [
  ["replicas", ({ parameters }) => parameters.replicas],
  ["clients", ({ parameters }) => parameters.clients],
  ["operations_per_client", ({ parameters }) => parameters.requests],
  [
    "network_delay",
    ({ parameters: { delay } }) => (delay.kind === "constant" ? `${delay.ms}ms` : delay.kind),
  ],
  ["replica_delay_ms", ({ parameters }) => parameters.processingDelayMs],
  ["byzantine", ({ byzantine }) => byzantine.length],
  ["primary_byzantine", ({ byzantine }) => byzantine.includes("r0")],
  ["view_changed", ({ viewChanges }) => viewChanges > 0],
  ["throughput_per_second", ({ throughputPerSecond }) => throughputPerSecond],
  ["run_time_seconds", ({ virtualSeconds }) => virtualSeconds],
  ["wall_seconds", ({ wall }, timing) => (timing ? wall.seconds : null)],
  [
    "processor_seconds_per_replica",
    ({ virtualSeconds, processorUse, parameters: { processors, replicas } }) =>
      Math.round((1e6 * virtualSeconds * processorUse * (processors ?? replicas)) / replicas) / 1e6,
  ],
  ["safe", safe],
  ["live", (result) => (live(result) === "holds" ? "yes" : live(result) === null ? null : "no")],
  ["messages", ({ messages }) => total(messages)],
  ["heap_bytes", ({ wall }, timing) => (timing ? wall.heapBytes : null)],
  ["protocol", ({ parameters }) => parameters.protocol],
  ["adversary", ({ parameters }) => parameters.adversary],
  ["byzantine_replicas", ({ byzantine }) => byzantine.join(" ")],
  ["inside_contract", ({ insideContract }) => insideContract],
  ["seed", ({ parameters }) => parameters.seed],
  ["verdict", ({ verdict }) => verdict],
  ["reason", ({ reason }) => reason],
  ["requests", ({ requests }) => requests],
  ["succeeded", ({ succeeded }) => succeeded],
  ["digests_agree", ({ agreement }) => agreement],
  ["latency_mean_ms", ({ latencyMs }) => latencyMs?.mean ?? null],
  ["latency_p50_ms", ({ latencyMs }) => latencyMs?.p50 ?? null],
  ["latency_p95_ms", ({ latencyMs }) => latencyMs?.p95 ?? null],
  ["latency_p99_ms", ({ latencyMs }) => latencyMs?.p99 ?? null],
  ["latency_max_ms", ({ latencyMs }) => latencyMs?.max ?? null],
  ["bytes", ({ bytes }) => total(bytes)],
  ["view_changes", ({ viewChanges }) => viewChanges],
  ["events", ({ events }) => events],
  ["messages_between_replicas", ({ messagesBetweenReplicas }) => messagesBetweenReplicas],
  ["messages_too_long", ({ messagesTooLong }) => messagesTooLong],
  ["messages_per_second", ({ messagesPerSecond }) => messagesPerSecond],
  ["bytes_per_second", ({ bytesPerSecond }) => bytesPerSecond],
  ["trial", (_result, _timing, { trial }) => trial],
  ["trials", (_result, _timing, { trials }) => trials],
];

export const csvHead = `${columns.map(([name]) => name).join(",")}\n`;

/** One run as a line. */
export function csvRow(result: SimulationResult, trial: Trial, timing: boolean): string {
  return `${columns.map(([, value]) => quoted(value(result, timing, trial))).join(",")}\n`;
}

/** RFC 4180; nothing is an empty cell. */
function quoted(cell: Cell): string {
  const text = cell === null ? "" : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
