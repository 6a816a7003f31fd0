// The trace of a simulated run. The run follows from its options and its seed, so it is replayed by making it again: what it does is compared
// with the trace, action by action.

import { isDeepStrictEqual } from "node:util";
import { identityWith, type Parts } from "../identity/identity.js";
import type { Action } from "../model/action.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import type { Setting } from "../model/setting.js";
import type { Adversary, Json } from "../protocol/index.js";
import type { RecordedNode } from "../simulate/observer.js";
import type { RawOptions } from "../simulate/parameters.js";
import { parametersFrom } from "../simulate/raw-options.js";
import type { RecordedStep } from "../simulate/recorder.js";
import { type Recording, record } from "../simulate/result.js";
import type { SettledParameters } from "../simulate/setting.js";
import { version } from "../version.js";
import { Abandoned } from "../watch/clock.js";
import type { Replayed, ReplayResult } from "./replay-result.js";
import { type Trace, traceFormat, traceVersion } from "./schema.js";
import { changeOf, type NodeSummary, type StepChange } from "./step-change.js";

/**
 * The trace of a run that was recorded.
 *
 * @param words the options that the run was made from
 */
export function traceOfSimulation(
  recording: Recording,
  words: RawOptions,
  { origin, parts }: { readonly origin: string; readonly parts: Parts },
): Trace {
  const { simulation, result, recorder } = recording;
  const { parameters, properties } = simulation;
  const violated = result.properties.find(({ verdict }) => verdict === "violated");
  const setting = describedSetting(recording);
  return {
    format: traceFormat,
    version: traceVersion,
    turncoat: version,
    identity: identityWith(setting, parts),
    origin,
    violates: {
      property: violated?.name ?? properties[0]?.name ?? "",
      explanation: violated?.reason ?? "a simulated run, in which nothing is violated",
    },
    expect: violated ? "reproduced" : "holds now",
    setting,
    start: recorder.startChoices,
    actions: recorder.steps.map(({ action }) => action),
    schedule: {
      timesMs: recorder.steps.map(({ timeMs }) => timeMs),
      untilMs: Math.max(result.virtualSeconds * 1000, recorder.steps.at(-1)?.timeMs ?? 0),
    },
    simulation: { ...words, ...jitterOf(parameters), seed: parameters.seed },
  };
}

/** Said in the trace where the default of a protocol without a leader is meant, so that the run stays what it was if that changes. */
function jitterOf({ timerJitter }: SettledParameters): RawOptions {
  return timerJitter > 0 ? { timerJitter } : {};
}

/** The setting of a run, as trace files describe it. */
function describedSetting({ simulation, result }: Recording) {
  const { parameters, config, byzantine, puppet, properties } = simulation;
  const { replicas, faults, requests, slots, clients } = config;
  return {
    protocol: parameters.protocol,
    config: { replicas, faults, requests, slots, clients },
    byzantine,
    adversary: puppet?.name ?? null,
    network: networkName(parameters.seed),
    bounds: { views: result.viewChanges },
    properties: properties.map(({ name }) => name),
  };
}

/** Makes the run of a trace again. */
export async function replaySimulated(
  trace: Trace,
  overrideProtocol: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ReplayResult> {
  const protocol = overrideProtocol ?? trace.setting.protocol;
  // Each word is checked as it is read. Where none tells of it, timers ran exactly as long as they said.
  const words = { timerJitter: 0, ...trace.simulation, protocol } as RawOptions;
  const recording = await record(parametersFrom(words), { ...(signal && { signal }) });
  if (recording.result.end.kind === "interrupted") throw new Abandoned();
  return replayedRecording(recording, trace);
}

/** What a recording shows, as a replay of the trace that it should be. */
export function replayedRecording(
  recording: Recording,
  { actions, schedule, violates }: Trace,
): ReplayResult {
  const { result, recorder } = recording;
  const all = replayedOf(recording, violates.property);
  const timesMs = schedule?.timesMs ?? [];
  const happened = recorder.steps;
  const isSame = (index: number) =>
    happened[index]?.timeMs === timesMs[index] && isDeepStrictEqual(happened[index]?.action, actions[index]);
  const count = Math.max(happened.length, actions.length);
  const at = Array.from({ length: count }, (_, index) => index).find((index) => !isSame(index));
  if (at !== undefined) return divergedAt(at, all, actions);
  const verdict = result.properties.find(({ name }) => name === violates.property);
  if (verdict?.verdict !== "violated") return { ...all, outcome: "holds now" };
  const explanation = verdict.reason ?? violates.explanation;
  return { ...all, outcome: "reproduced", after: happened.length, explanation };
}

/** Whatever comes after the first difference is another run. */
function divergedAt(at: number, all: Replayed, actions: readonly Action[]): ReplayResult {
  const instead =
    all.steps[at] === undefined ? "the run ends before" : "the run goes on differently from here";
  const nodes = all.starts.map(
    (start) => all.steps.slice(0, at).findLast(({ node }) => node === start.node)?.now ?? start,
  );
  return {
    ...all,
    steps: all.steps.slice(0, at),
    timesMs: all.timesMs!.slice(0, at),
    nodes,
    outcome: "diverged",
    at: at + 1,
    action: actions[at] ?? null,
    reason: actions[at] === undefined ? "the run goes on" : instead,
  };
}

function replayedOf(recording: Recording, property: string): Replayed {
  const { simulation, recorder } = recording;
  const roles = new Map(simulation.nodes.map(({ id, role }) => [id, role]));
  const summary = (recorded: RecordedNode): NodeSummary => ({
    ...recorded,
    role: roles.get(recorded.node)!,
  });
  const checked = canonicalizer(simulation.entry.protocol.message as never);
  const canonical = (message: Json) => {
    const found = checked(message);
    return found instanceof SchemaMismatch ? message : (found as Json); // puppets say what they like
  };
  const starts = recorder.starts.map(summary);
  const standing = new Map(starts.map((start) => [start.node, start]));
  const steps = recorder.steps.map((step): StepChange => {
    const [was, now] = [standing.get(step.now.node)!, summary(step.now)];
    standing.set(now.node, now);
    return stepOf(step, was, now, canonical);
  });
  return {
    setting: settingOf(recording),
    property,
    start: recorder.startChoices,
    starts,
    startMoment: { monitors: recorder.startStandings, known: [] },
    steps,
    nodes: [...standing.values()],
    timesMs: recorder.steps.map(({ timeMs }) => timeMs),
  };
}

function settingOf({ simulation, result }: Recording): Setting {
  const { entry, config, byzantine, puppet, properties, parameters } = simulation;
  return {
    protocol: entry.protocol,
    config,
    byzantine,
    // Nobody asks for its moves: the run has been made.
    adversary: puppet && ({ name: puppet.name } as Adversary<Json>),
    network: networkName(parameters.seed),
    bounds: { views: result.viewChanges },
    properties,
  };
}

function stepOf(
  { action, effects, events, standings }: RecordedStep,
  was: NodeSummary,
  now: NodeSummary,
  canonical: (message: Json) => Json,
): StepChange {
  return changeOf({
    action,
    was,
    now,
    effects,
    events,
    canonical,
    moment: { monitors: standings, known: [] },
  });
}

function networkName(seed: number): string {
  return `simulated:${seed}`;
}
