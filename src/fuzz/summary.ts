// From what a campaign has counted to what it may claim.

import { comparisonsOf, idleAdversary, messagesOf } from "../explore/summary.js";
import { conclusion, type PropertyResult, type Verdict, type Witnesses } from "../explore/verdict.js";
import type { Counterexample } from "../model/action.js";
import { livenessIsOutside } from "../model/setting.js";
import type { TransitionSystem } from "../model/system.js";
import type { Counts } from "./counts.js";
import type { FuzzResult } from "./result.js";
import { tally } from "./tally.js";

/** The raw outcome of a campaign. */
export interface Findings {
  readonly system: TransitionSystem;
  readonly counts: Counts;
  readonly strategy: string;
  readonly maxActions: number;
  readonly seed: number;
  readonly path: string | null;
  readonly counterexample: Counterexample | null;
  readonly seconds: number;
  readonly peakMemoryBytes: number;
  readonly interrupted: boolean;
}

/** See the file comment. */
export function summarize(findings: Findings): FuzzResult {
  const { system, counts, counterexample, seconds } = findings;
  const properties = propertyResults(findings);
  return {
    ...conclusion(properties),
    properties,
    strategy: findings.strategy,
    maxActions: findings.maxActions,
    seed: findings.seed,
    path: findings.path,
    counterexample,
    runs: counts.runs,
    events: counts.events,
    eventsPerSecond: Math.round(counts.events / Math.max(seconds, 0.001)),
    distinctStates: counts.distinctStates,
    distinctStatesCapped: counts.distinctStatesCapped,
    decided: counts.decided,
    undecided: counts.runs - counts.decided,
    decisionsPerRun: counts.decisions / Math.max(counts.runs, 1),
    stepCalls: system.stepCalls,
    seconds,
    peakMemoryBytes: findings.peakMemoryBytes,
    witnesses: witnesses(findings),
    interrupted: findings.interrupted,
  };
}

function propertyResults(findings: Findings): PropertyResult[] {
  const { system, counts, counterexample } = findings;
  const idle = idleAdversary(system.setting, causesTaken(findings));
  return system.observations.properties.flatMap((property, index) => {
    if (property === tally) return [];
    const comparisons = comparisonsOf(system.observations, counts.runsByObservation, index);
    const result = (verdict: Verdict, reason: string | null): PropertyResult[] => [
      { name: property.name, kind: property.kind, verdict, reason, comparisons },
    ];
    if (counterexample?.property === property.name) return result("violated", counterexample.explanation);
    const outside = property.kind === "eventually" ? livenessIsOutside(system.setting) : null;
    if (outside) return result("outside", outside);
    if (counterexample)
      return result("inconclusive", `the campaign ended when ${counterexample.property} was violated`);
    if (findings.interrupted)
      return result("inconclusive", `the campaign was interrupted after ${counts.runs} runs`);
    if (idle) return result("vacuous", idle);
    if (property.kind === "sometimes" && !isReached(findings, index))
      return result("inconclusive", `its goal was not reached in ${counts.runs} runs`);
    if (comparisons === 0)
      return result("vacuous", `${property.name} was never exercised: ${property.exercise}`);
    return result("holds", sampled(findings));
  });
}

function isReached({ system, counts }: Findings, property: number): boolean {
  return [...counts.runsByObservation.entries()].some(
    ([observation, runs]) => runs > 0 && system.observations.reached(observation).includes(property),
  );
}

function sampled({ counts, maxActions }: Findings): string {
  return `no violation in ${counts.runs} runs of at most ${maxActions} actions: sampled, not exhausted`;
}

function causesTaken({ system, counts }: Findings) {
  return system.reactions.causes().filter((_, id) => counts.causes.has(id));
}

function witnesses(findings: Findings): Witnesses {
  const { system, counts } = findings;
  const { observations } = system;
  const agreement = observations.properties.findIndex((property) => property.name === "agreement");
  return {
    decisions: counts.decisions,
    agreementComparisons:
      agreement < 0 ? 0 : comparisonsOf(observations, counts.runsByObservation, agreement),
    viewChanges: counts.highestView,
    ...messagesOf(causesTaken(findings)),
  };
}
