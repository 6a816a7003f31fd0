// The result of an exhaustive search, as data: verdicts, counts, costs and counterexamples.

import type { Counterexample } from "../model/action.js";
import type { Caveat } from "../verdict/caveats.js";
import type { PropertyResult, Verdict, Witnesses } from "../verdict/verdict.js";
import type { Explanation } from "./explain.js";
import type { TallyReliance } from "./tallies/tally-book.js";

/** A reduction that would not have been sound. */
export interface RefusedReduction {
  readonly reduction: "symmetry" | "dead-messages" | "dominance" | "sleep-sets";
  readonly reason: string;
}

/**
 * Which states are stored: all (by all transitions, or without those that sleep-sets.ts leaves out), those
 * after visible steps, or of those the dominant ones (see dominance.ts).
 */
export type Reduction = "none" | "sleep-sets" | "visible-steps" | "dominance";

/** What a search that went on past violations has to tell. */
export interface PastViolations {
  /** How many states violate an `always` property: those of the first violation, and all behind them. */
  readonly violating: number;
  /** Whether the space was exhausted and `counterexamples` are all distinct ones within the bounds. */
  readonly complete: boolean;
}

/** What an exhaustive search has found out. */
export interface SearchResult {
  /** The worst of the properties' verdicts. */
  readonly verdict: Verdict;
  readonly reason: string | null;
  readonly properties: readonly PropertyResult[];
  /** What `holds` rests on, or does not cover; of a counterexample, that it need not be a shortest one, as the search for that was cut. */
  readonly caveats: readonly Caveat[];
  readonly reduction: Reduction;
  /** How many states at most one state stands for: the order of the symmetry group; 1 without symmetry. */
  readonly symmetry: number;
  /** Whether messages were forgotten once they were dead (see model/dead-messages.ts). */
  readonly deadMessages: boolean;
  /** Reductions that were asked for and not used, each with the reason. */
  readonly refused: readonly RefusedReduction[];
  /**
   * What the verdict rests on besides, if searches inside a node were made by tallies (see
   * tallies/tallied-exploration.ts).
   */
  readonly tallies?: TallyReliance;
  readonly states: number;
  /** Transitions of the states that were expanded, each counted once for every action that it stands for. */
  readonly transitions: number;
  /**
   * In actions, or in visible actions under `visible-steps` and `dominance`: how far the furthest expanded state
   * is from the start; for a violation, how far the violating state is. That is the fewest possible, except where
   * `caveats` says otherwise, and under visible steps with `deadMessages`: to send a forgotten message again is a
   * visible action there, and none without, so the same violation may count as further away.
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
  /** If the search went on past violations. */
  readonly past?: PastViolations;
  /** Where the states come from, if that was asked for. */
  readonly explanation: Explanation | null;
  readonly interrupted: boolean;
  /**
   * Why a search that was to be saved is not, where it ended or where it was saved last; null if it is, or
   * nobody asked for it.
   */
  readonly unsaved: string | null;
}
