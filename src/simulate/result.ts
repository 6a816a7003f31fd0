// The result of a run as plain data, which reports print and workers send back.

import { builtinProperties } from "../catalogue/index.js";
import type { Micros } from "../model/timed/timing.js";
import type { NodeId } from "../protocol/index.js";
import { type Verdict, worst } from "../verdict/verdict.js";
import type { End } from "./end.js";
import { type Outcome, type RunOptions, run } from "./engine.js";
import type { Traffic } from "./measures.js";
import type { RunObserver } from "./observer.js";
import { type Latency, latencyMs } from "./percentiles.js";
import { Recorder } from "./recorder.js";
import {
  decidesOnce,
  type Parameters,
  type SettledParameters,
  type Simulation,
  simulationFrom,
} from "./setting.js";
import { isInsideContract } from "./unmet.js";
import type { PropertyVerdict } from "./watch.js";

/** What one simulated run has shown. */
export interface SimulationResult {
  readonly parameters: SettledParameters;
  /** The Byzantine replicas, and the f from which quorums were computed. */
  readonly byzantine: readonly NodeId[];
  readonly insideContract: boolean;
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly properties: readonly PropertyVerdict[];
  readonly end: End;
  /**
   * Requests issued, and those that succeeded: a client accepted the result or, without clients, every
   * correct replica executed it. Where all that is promised is one decision (`Protocol.promises`), the requests are proposals, and one
   * counts.
   */
  readonly requests: number;
  readonly succeeded: number;
  /** Whether correct replicas executed the same wherever two can be compared; null: nowhere. */
  readonly agreement: boolean | null;
  /** Of the requests that succeeded, in microseconds, in the order of their successes. */
  readonly latencies: readonly Micros[];
  readonly latencyMs: Latency | null;
  /** Until the last request succeeded or, if not all did, until the run ended. */
  readonly virtualSeconds: number;
  /** Requests that succeeded per second until the last of them; null if no time passed. */
  readonly throughputPerSecond: number | null;
  /** Messages sent, and their bytes, by type. */
  readonly messages: { readonly [type: string]: number };
  readonly bytes: { readonly [type: string]: number };
  /** Of the messages sent, those from replicas to replicas. */
  readonly messagesBetweenReplicas: number;
  /** Messages that were not sent, since they were longer than the limit; not among `messages`. */
  readonly messagesTooLong: number;
  /** What all nodes together sent per virtual second of the run; null if no time passed. */
  readonly messagesPerSecond: number | null;
  readonly bytesPerSecond: number | null;
  readonly delivered: number;
  readonly events: number;
  /** The highest view that a correct replica entered. */
  readonly viewChanges: number;
  /** Executions by correct replicas. */
  readonly executed: number;
  /** The fraction of the time that the replicas' processors were busy: 0 to 1. */
  readonly processorUse: number;
  readonly wall: Wall;
}

/** Wall-clock time: the only figures that differ from run to run. */
export interface Wall {
  readonly seconds: number;
  readonly eventsPerSecond: number;
  readonly heapBytes: number;
}

/**
 * Makes one run in virtual time. The same parameters give the same result, `wall` aside.
 *
 * ```ts
 * const result = await simulate({ ...simulationDefaults, requests: 3 });
 * result.succeeded // => 3
 * result.verdict // => "holds"
 * ```
 * @throws {UserError} for unknown names and parameters that make no sense.
 */
export async function simulate(parameters: Parameters, options: RunOptions = {}): Promise<SimulationResult> {
  const simulation = await simulationFrom(parameters);
  return resultOf(simulation, await run(simulation, options));
}

/** A run that was recorded. */
export interface Recording {
  readonly simulation: Simulation;
  readonly result: SimulationResult;
  readonly recorder: Recorder;
}

/** Makes one run and records it. @throws {UserError} as {@link simulate} does. */
export async function record(parameters: Parameters, options: RunOptions = {}): Promise<Recording> {
  const simulation = await simulationFrom(parameters);
  const recorder = new Recorder(simulation);
  const result = await observe(simulation, recorder, options);
  return { simulation, result, recorder };
}

/** Makes one run and tells an observer of it. */
export async function observe(
  simulation: Simulation,
  recorder: RunObserver,
  options: RunOptions = {},
): Promise<SimulationResult> {
  return resultOf(simulation, await run(simulation, { ...options, recorder }));
}

function resultOf(simulation: Simulation, outcome: Outcome): SimulationResult {
  const { measures, end } = outcome;
  const properties = outcome.watch.verdicts(simulation, outcome);
  const verdict = verdictOf(decisive(simulation, properties));
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
    requests: decidesOnce(simulation) ? Math.min(1, measures.issued) : measures.issued,
    succeeded,
    agreement: measures.compared === 0 ? null : measures.differed === 0,
    latencies: measures.latencies,
    latencyMs: latencyMs(measures.latencies),
    virtualSeconds: outcome.time / 1e6,
    throughputPerSecond: throughput(succeeded, succeeded > 0 ? lastSecond : outcome.time / 1e6),
    ...trafficIn(outcome),
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
 * The properties that the verdict of the run follows from. Where nobody has named any, a protocol's own ones that compared nothing are not among
 * them, as long as others held: no run puts what happens after a change of leaders to the test if the first one serves everybody.
 */
function decisive(
  { parameters }: Simulation,
  properties: readonly PropertyVerdict[],
): readonly PropertyVerdict[] {
  const isGeneral = ({ name }: PropertyVerdict) =>
    builtinProperties.some((property) => property.name === name);
  const hasHeld = properties.some((property) => property.verdict === "holds" && isGeneral(property));
  if (parameters.properties !== null || !hasHeld) return properties;
  return properties.filter((property) => property.verdict !== "vacuous" || isGeneral(property));
}

/**
 * The worst of the properties' verdicts. `outside` does not count, except for liveness: a run in which
 * somebody was not served does not hold, even if liveness was not guaranteed.
 */
function verdictOf(properties: readonly PropertyVerdict[]): Verdict {
  const verdict = worst(properties.map((property) => property.verdict));
  const isUnserved = properties.some(({ kind, verdict: of }) => kind === "eventually" && of === "outside");
  return verdict === "holds" && isUnserved ? "outside" : verdict;
}

function throughput(succeeded: number, inSeconds: number): number | null {
  return inSeconds > 0 ? round(succeeded / inSeconds) : null;
}

/** The first reason for a verdict; a missing liveness comes before its consequences. */
function reasonOf(properties: readonly PropertyVerdict[], verdict: Verdict): string | null {
  const reasons = properties.filter((property) => property.verdict === verdict && property.reason !== null);
  return (reasons.find(({ kind }) => kind === "eventually") ?? reasons[0])?.reason ?? null;
}

/** What was sent. */
function trafficIn(outcome: Outcome) {
  return {
    messages: byType(outcome, ({ messages }) => messages),
    bytes: byType(outcome, ({ bytes }) => bytes),
    messagesBetweenReplicas: outcome.measures.betweenReplicas,
    messagesTooLong: outcome.measures.tooLong,
    messagesPerSecond: rate(outcome, ({ messages }) => messages),
    bytesPerSecond: rate(outcome, ({ bytes }) => bytes),
  };
}

/** A figure of the traffic per virtual second. */
function rate(outcome: Outcome, figure: (traffic: Traffic) => number): number | null {
  const all = [...outcome.measures.traffic.values()].reduce((sum, traffic) => sum + figure(traffic), 0);
  return throughput(all, outcome.time / 1e6);
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
