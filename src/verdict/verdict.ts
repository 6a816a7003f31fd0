// The verdict on a property or a run: exactly one of five words, and never better than what was looked at.

import type { Execution } from "../model/action.js";
import type { Property } from "../protocol/index.js";
import type { Faults } from "./faults.js";

/**
 * - `holds`: the whole space within the bounds was explored, and the property was put to the test.
 * - `violated`: there is a counterexample; or a `sometimes` property is never reached.
 * - `inconclusive`: a limit was reached first; the reason says which.
 * - `vacuous`: nothing was violated because nothing was put to the test.
 * - `outside`: the property promises nothing in this setting.
 */
export type Verdict = "holds" | "violated" | "inconclusive" | "vacuous" | "outside";

/** The verdict on one property. */
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
  /** Crashes, losses, duplicates and partitions, where they were asked for. */
  readonly faults?: Faults;
}

const worstFirst: readonly Verdict[] = ["violated", "inconclusive", "vacuous", "holds", "outside"];

/** The worst verdict; `outside` counts only if there is nothing else. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  return worstFirst.find((verdict) => verdicts.includes(verdict)) ?? "vacuous";
}

/** A verdict, and why it is not simply `holds` or `violated`; null if it is. */
export interface Conclusion {
  readonly verdict: Verdict;
  readonly reason: string | null;
}

/** The verdict of a run and the reason for it, from those of its properties. */
export function conclusion(properties: readonly PropertyResult[]): Conclusion {
  const verdict = worst(properties.map((property) => property.verdict));
  const reason = properties.find(
    (property) => property.verdict === verdict && property.reason !== null,
  )?.reason;
  return { verdict, reason: reason ?? (properties.length === 0 ? "no property was checked" : null) };
}

const worstRunFirst: readonly Verdict[] = ["violated", "inconclusive", "vacuous", "outside", "holds"];

/** The verdict of several runs: here a run without an answer (`outside`) does count. */
export function worstRun(verdicts: readonly Verdict[]): Verdict {
  return worstRunFirst.find((verdict) => verdicts.includes(verdict)) ?? "vacuous";
}
