// What a search found out, as data. A verdict is exactly one of five words, and never better than what was looked at.

import type { Counterexample, Execution } from "../model/action.js";
import type { Property } from "../protocol/index.js";
import type { Explanation } from "./explain.js";

/**
 * - `holds`: the whole space within the bounds was explored, and the property was put to the test.
 * - `violated`: there is a counterexample; or a `sometimes` property is never reached.
 * - `inconclusive`: a limit was reached first; the reason says which.
 * - `vacuous`: nothing was violated because nothing was put to the test.
 * - `outside`: the property promises nothing in this setting.
 */
export type Verdict = "holds" | "violated" | "inconclusive" | "vacuous" | "outside";

export interface PropertyResult {
  readonly name: string;
  readonly kind: Property["kind"];
  readonly verdict: Verdict;
  /** Why it is not simply `holds` or `violated`. */
  readonly reason: string | null;
  /** Over all states: how many comparisons the property made. */
  readonly comparisons: number;
  /** For `sometimes`: a shortest execution that reaches the goal. */
  readonly example?: Execution;
}

/** What happened during the search: a verdict without these would be worth nothing. */
export interface Witnesses {
  /** Transitions in which a correct replica executed a request. */
  readonly decisions: number;
  /** Comparisons of the agreement property, over all states. */
  readonly agreementComparisons: number;
  /** The highest view that a correct replica reached. */
  readonly viewChanges: number;
  /** Distinct messages of correct nodes that had an effect, by type. */
  readonly messages: { readonly [type: string]: number };
  /** Distinct messages of the adversary that had an effect, by type. */
  readonly adversaryMoves: { readonly [type: string]: number };
}

/** A reduction that would not have been sound. */
export interface RefusedReduction {
  readonly reduction: "symmetry" | "dead-messages" | "dominance" | "sleep-sets";
  readonly reason: string;
}

/**
 * Which states are stored: all (by all transitions, or without those that sleep-sets.ts leaves out), those after visible steps, or of
 * those the dominant ones (see dominance.ts).
 */
export type Reduction = "none" | "sleep-sets" | "visible-steps" | "dominance";

export interface SearchResult {
  /** The worst of the properties' verdicts. */
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly properties: readonly PropertyResult[];
  readonly reduction: Reduction;
  /** How many states at most one state stands for: the order of the symmetry group; 1 without symmetry. */
  readonly symmetry: number;
  /** Whether messages were forgotten once they were dead (see model/dead-messages.ts). */
  readonly deadMessages: boolean;
  /** Reductions that were asked for and not used, each with the reason. */
  readonly refused: readonly RefusedReduction[];
  readonly states: number;
  /** Transitions of the states that were expanded, each counted once for every action that it stands for. */
  readonly transitions: number;
  /**
   * In actions, or in visible actions under `visible-steps`: how far the furthest expanded state is from the start; for a
   * violation, how far the violating state is, which is the fewest possible.
   */
  readonly depth: number;
  /** States discovered but not expanded. */
  readonly frontier: number;
  readonly stepCalls: number;
  readonly seconds: number;
  readonly statesPerSecond: number;
  readonly bytesPerState: number;
  readonly peakMemoryBytes: number;
  readonly witnesses: Witnesses;
  readonly counterexample: Counterexample | null;
  /** All that were asked for (`maxViolations`), the shortest first. */
  readonly counterexamples: readonly Counterexample[];
  /** Where the states come from, if that was asked for. */
  readonly explanation: Explanation | null;
  readonly interrupted: boolean;
  /** Why a search that was to be saved is not, where it ended or where it was saved last; null if it is, or nobody asked for it. */
  readonly unsaved: string | null;
}

const worstFirst: readonly Verdict[] = ["violated", "inconclusive", "vacuous", "holds", "outside"];

/** The worst verdict; `outside` counts only if there is nothing else. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? "vacuous";
}

/** The verdict of a run and the reason for it, from those of its properties. */
export function conclusion(properties: readonly PropertyResult[]): Pick<SearchResult, "verdict" | "reason"> {
  const verdict = worst(properties.map((property) => property.verdict));
  const reason = properties.find(
    (property) => property.verdict === verdict && property.reason !== null,
  )?.reason;
  return { verdict, reason: reason ?? null };
}

const worstRunFirst: readonly Verdict[] = ["violated", "inconclusive", "vacuous", "outside", "holds"];

/** The verdict of several runs: here a run without an answer (`outside`) does count. */
export function worstRun(verdicts: readonly Verdict[]): Verdict {
  return worstRunFirst.find((verdict) => verdicts.includes(verdict)) ?? "vacuous";
}
