// The verdict of a search, from its counts.

import type { Counterexample, Execution } from "../model/action.js";
import { exerciseText } from "../model/guarded-monitor.js";
import type { Missed } from "../model/liveness.js";
import type { Observations } from "../model/observations.js";
import { viewNoun } from "../model/setting.js";
import type { TransitionSystem } from "../model/system.js";
import type { Property } from "../protocol/index.js";
import { idleAdversary, messagesOf } from "../verdict/activity.js";
import { type Caveat, caveatsOf, deafCaveatsOf } from "../verdict/caveats.js";
import { faultsIn, idleFaults } from "../verdict/faults.js";
import { conclusion, type PropertyResult, type Verdict, type Witnesses } from "../verdict/verdict.js";
import type { Explanation } from "./explain.js";
import { liarCaveats } from "./liar.js";
import type { Progress } from "./progress.js";
import type { Reductions } from "./reductions.js";
import type { PastViolations, SearchResult } from "./search-result.js";

/** The raw outcome of a search. */
export interface RawOutcome {
  readonly system: TransitionSystem;
  readonly reductions: Reductions;
  readonly progress: Progress;
  readonly bytesPerState: number;
  readonly peakMemoryBytes: number;
  readonly decisions: number;
  readonly stepCalls: number;
  readonly statesByObservation: readonly number[];
  /** Why the search ended early, or null. */
  readonly stopped: string | null;
  readonly interrupted: boolean;
  readonly unsaved: string | null;
  readonly counterexamples: readonly Counterexample[];
  /** Goals that are missed where the bounds may be to blame. */
  readonly undecided: readonly Missed[];
  readonly explanation: Explanation | null;
  /** Null if the search ends at a violation. */
  readonly past: PastViolations | null;
  /** By index of the property: how a `sometimes` goal is reached. */
  readonly examples: ReadonlyMap<number, Execution>;
}

/** The result of a search, from what it has counted and found. */
export function summarize(outcome: RawOutcome): SearchResult {
  const { progress, counterexamples, reductions } = outcome;
  const properties = propertyResults(outcome);
  return {
    ...conclusion(properties),
    properties,
    caveats: [
      ...caveatsOf(outcome.system.setting, properties),
      ...deafCaveats(outcome, properties),
      ...(properties.some(({ verdict }) => verdict === "holds")
        ? liarCaveats(outcome.system, outcome.explanation?.alphabet ?? null)
        : []),
    ],
    reduction: reductions.reduction,
    symmetry: reductions.symmetry?.order ?? 1,
    deadMessages: reductions.deadMessages,
    refused: reductions.refused,
    states: progress.states,
    transitions: progress.transitions,
    depth: progress.depth,
    frontier: progress.frontier,
    stepCalls: outcome.stepCalls,
    seconds: progress.seconds,
    statesPerSecond: Math.round(progress.states / Math.max(progress.seconds, 0.001)),
    bytesPerState: Math.round(outcome.bytesPerState),
    peakMemoryBytes: outcome.peakMemoryBytes,
    witnesses: witnesses(outcome),
    counterexample: counterexamples[0] ?? null,
    counterexamples,
    ...(outcome.past && { past: outcome.past }),
    explanation: outcome.explanation,
    interrupted: outcome.interrupted,
    unsaved: outcome.unsaved,
  };
}

function propertyResults(outcome: RawOutcome): PropertyResult[] {
  const { system, counterexamples, statesByObservation } = outcome;
  // What went on past violations has seen all that the other properties need.
  const endedBy = outcome.past ? null : (counterexamples[0] ?? null);
  const idle =
    endedBy === null
      ? (idleAdversary(system.setting, system.reactions.causes()) ?? idleFaults(faultsIn(system)))
      : null;
  return system.observations.properties.map((property, index): PropertyResult => {
    const { name, kind } = property;
    const comparisons = comparisonsOf(system.observations, statesByObservation, index);
    const own = counterexamples.find((other) => other.property === name);
    if (own) return { name, kind, verdict: "violated", reason: own.explanation, comparisons };
    const example = outcome.examples.get(index);
    if (example) return { name, kind, verdict: "holds", reason: null, comparisons, example };
    const [verdict, reason] =
      undecided(outcome, property, index, endedBy) ?? decided(outcome, property, comparisons, idle);
    return { name, kind, verdict, reason, comparisons };
  });
}

/** Why a search has not decided a property that it found no violation of, or null. */
function undecided(
  { system, progress, stopped, undecided: missed }: RawOutcome,
  { kind }: Property,
  index: number,
  endedBy: Counterexample | null,
): [Verdict, string] | null {
  const outside = kind === "eventually" ? system.liveness.outside : null;
  if (outside) return ["outside", outside];
  if (endedBy)
    return [
      "inconclusive",
      progress.frontier === 0
        ? `what comes after a violation of ${endedBy.property} was not explored`
        : `the search ended when ${endedBy.property} was violated`,
    ];
  if (stopped) return ["inconclusive", stopped];
  for (const verdict of ["inconclusive", "outside"] as const) {
    const goal = missed.find((one) => one.verdict === verdict && one.properties.includes(index));
    if (goal) return [verdict, goal.why];
  }
  return null;
}

/** Where nothing has happened, perhaps because steps beyond the last view were left out: which bound to raise. */
function boundsHint({ setting, reactions }: TransitionSystem): string {
  if (!reactions.hasLeftBounds) return "";
  const { one, many } = viewNoun(setting.protocol);
  const { views } = setting.bounds;
  return `; steps beyond ${one} ${views} were left out: try --${many} ${views + 1}`;
}

/** The verdict on a property after an exhaustive search. */
function decided(
  { system }: RawOutcome,
  property: Property,
  comparisons: number,
  idle: string | null,
): [Verdict, string | null] {
  const { name, kind } = property;
  if (kind === "sometimes") return ["violated", "its goal is never reached within the bounds"];
  if (idle) return ["vacuous", idle];
  if (comparisons > 0) return ["holds", null];
  const exercise = exerciseText(property, system.setting.protocol);
  return ["vacuous", `${name} was never exercised: ${exercise}${boundsHint(system)}`];
}

/** How many comparisons a property has made over all states (or runs), which are counted by observation. */
function comparisonsOf(
  observations: Observations,
  countByObservation: readonly number[],
  property: number,
): number {
  let sum = 0;
  for (const [observation, count] of countByObservation.entries())
    if (count) sum += count * observations.exercised(observation, property);
  return sum;
}

function deafCaveats(
  { system: { observations }, statesByObservation }: RawOutcome,
  properties: readonly PropertyResult[],
): readonly Caveat[] {
  return deafCaveatsOf(properties, (index) =>
    statesByObservation.some((count, observation) => count && observations.hasObserved(observation, index)),
  );
}

function witnesses({ system, decisions, statesByObservation }: RawOutcome): Witnesses {
  const { observations } = system;
  const faults = faultsIn(system);
  const agreement = observations.properties.findIndex((property) => property.name === "agreement");
  return {
    decisions,
    agreementComparisons: agreement < 0 ? 0 : comparisonsOf(observations, statesByObservation, agreement),
    viewChanges: Math.max(
      0,
      ...system.nodes
        .slice(0, system.correctCount)
        .map((node) => node.viewOf.reduce((a, b) => Math.max(a, b), 0)),
    ),
    ...messagesOf(system.reactions.causes()),
    ...(faults && { faults }),
  };
}
