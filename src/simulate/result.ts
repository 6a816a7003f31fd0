// What a run has shown, as plain data: it is what reports print and what a worker sends back.

import type { Micros } from "../model/timed/timing.js";
import type { NodeId } from "../protocol/index.js";
import { type Verdict, worst } from "../verdict/verdict.js";
import type { End } from "./end.js";
import { type Outcome, type RunOptions, run } from "./engine.js";
import { type Latency, latencyMs } from "./percentiles.js";
import { type Parameters, type Simulation, simulationFrom } from "./setting.js";
import { isInsideContract, type PropertyVerdict } from "./watch.js";

export interface SimulationResult {
  readonly parameters: Parameters;
  /** Who was Byzantine, and the f that quorums were computed from. */
  readonly byzantine: readonly NodeId[];
  readonly insideContract: boolean;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly properties: readonly PropertyVerdict[];
  readonly end: End;
  /** Requests issued, and those that succeeded: accepted by their client or, without clients, executed by every correct replica. */
  readonly requests: number;
  readonly succeeded: number;
  /** Whether correct replicas have executed the same wherever two of them can be compared; null: nowhere. */
  readonly agreement: boolean | null;
  /** Of the requests that succeeded, in microseconds, in the order of their successes. */
  readonly latencies: readonly Micros[];
  readonly latencyMs: Latency | null;
  /** Until the last request succeeded or, if not all did, until the run was given up. */
  readonly virtualSeconds: number;
  /** Requests that succeeded, for each second until the last of them; null where no time passed. */
  readonly throughputPerSecond: number | null;
  /** Messages sent, and their bytes, by type. */
  readonly messages: { readonly [type: string]: number };
  readonly bytes: { readonly [type: string]: number };
  readonly delivered: number;
  readonly events: number;
  /** How many views further the furthest correct replica went. */
  readonly viewChanges: number;
  /** Executions by correct replicas. */
  readonly executed: number;
  /** How much of the time the replicas' processors were busy: 0 to 1. */
  readonly processorUse: number;
  readonly wall: Wall;
}

/** What a clock on the wall shows: the only figures that differ from run to run. */
export interface Wall {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly heapBytes: number;
}

/** Makes one run. @throws {UserError} */
export async function simulate(parameters: Parameters, options: RunOptions = {}): Promise<SimulationResult> {
  const simulation = await simulationFrom(parameters);
  return resultOf(simulation, await run(simulation, options));
}

function resultOf(simulation: Simulation, outcome: Outcome): SimulationResult {
  const { measures, end } = outcome;
  const properties = outcome.watch.verdicts(simulation, end);
  const verdict = verdictOf(properties);
  const lastSecond = measures.lastSuccess / 1e6;
  const succeeded = measures.latencies.length;
  const { parameters } = simulation;
  const processors = parameters.processors ?? parameters.replicas;
  return {
    parameters,
    byzantine: simulation.byzantine,
    insideContract: isInsideContract(simulation),
    verdict,
    reason: reasonOf(properties, verdict),
    properties,
    end,
    requests: measures.issued,
    succeeded,
    agreement: measures.compared === 0 ? null : measures.differed === 0,
    latencies: measures.latencies,
    latencyMs: latencyMs(measures.latencies),
    virtualSeconds: outcome.time / 1e6,
    throughputPerSecond: throughput(succeeded, succeeded > 0 ? lastSecond : outcome.time / 1e6),
    messages: byType(outcome, ({ messages }) => messages),
    bytes: byType(outcome, ({ bytes }) => bytes),
    delivered: outcome.delivered,
    events: outcome.events,
    viewChanges: outcome.highestView,
    executed: measures.executed,
    processorUse: outcome.time > 0 ? round(Math.min(1, outcome.busy / (processors * outcome.time))) : 0,
    wall: {
      seconds: outcome.wallSeconds,
      eventsPerSecond: outcome.events / outcome.wallSeconds,
      heapBytes: process.memoryUsage().heapUsed,
    },
  };
}

/**
 * The worst of the properties' verdicts. Those that are `outside` do not count, except liveness: a run in which somebody was not served does
 * not hold, even where nothing was promised.
 */
function verdictOf(properties: readonly PropertyVerdict[]): Verdict {
  const verdict = worst(properties.map((property) => property.verdict));
  const isUnserved = properties.some(({ kind, verdict: of }) => kind === "eventually" && of === "outside");
  return verdict === "holds" && isUnserved ? "outside" : verdict;
}

function throughput(succeeded: number, inSeconds: number): number | null {
  return inSeconds > 0 ? round(succeeded / inSeconds) : null;
}

/** The first reason for a verdict; that a run is not live comes before what follows from it. */
function reasonOf(properties: readonly PropertyVerdict[], verdict: Verdict): string | null {
  const reasons = properties.filter((property) => property.verdict === verdict && property.reason !== null);
  return (reasons.find(({ kind }) => kind === "eventually") ?? reasons[0])?.reason ?? null;
}

function byType(
  { measures }: Outcome,
  figure: (traffic: { readonly messages: number; readonly bytes: number }) => number,
): { readonly [type: string]: number } {
  return Object.fromEntries([...measures.traffic].map(([type, traffic]) => [type, figure(traffic)]));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
