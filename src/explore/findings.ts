// The findings of a search so far: the observations and how many states have each, where `sometimes`
// properties are met, and what is violated, with the path to it.

import type { Counterexample, Execution } from "../model/action.js";
import { isFault } from "../model/errors.js";
import { addRun } from "../model/fault-path.js";
import type { Missed } from "../model/liveness.js";
import type { Representatives } from "../model/representatives.js";
import type { TransitionSystem } from "../model/system.js";
import { isLikeOneOf } from "../verdict/distinct.js";
import { alongPath, counterexamplesOf, executionOf, pathTo } from "./counterexample.js";
import type { SearchOptions } from "./search-options.js";
import type { VisibleSteps } from "./visible-steps.js";
import type { VisitedSet } from "./visited.js";

/**
 * Something is violated, and how it comes about is not known: other threads have found it, or the search
 * was resumed without the ways to its states. So it has to begin anew, with one thread.
 */
export class PathsNeeded extends Error {
  /** How long it has taken to find that out. */
  readonly seconds: number;

  constructor(seconds: number) {
    super("a violation without a way to it");
    this.seconds = seconds;
  }
}

/** The default of `maxViolations` in a search that goes on past violations. */
const defaultPastViolations = 10;

/** What findings are made from. */
export interface FindingsSource {
  readonly system: TransitionSystem;
  readonly visited: VisitedSet;
  readonly visible: VisibleSteps | null;
  readonly representatives: Representatives | null;
  readonly options: Pick<SearchOptions, "maxViolations" | "pastViolations" | "onObservation">;
  /** How long the search has taken. */
  seconds(): number;
}

/** What a search has found so far. */
export class Findings {
  /** Counterexamples, shortest first, and the depth of the first one. */
  readonly counterexamples: Counterexample[] = [];
  violationDepth = 0;
  /** How many states violate an `always` property. */
  violating = 0;
  /** How many states have each observation. */
  readonly statesByObservation: number[] = [];
  /** Whether every state knows its parent: not after workers have saved theirs. */
  hasPaths = true;
  /**
   * Goals that are missed where the bounds may be to blame: for each property and kind of verdict the
   * first.
   */
  readonly undecidedGoals: Missed[] = [];
  readonly #deps: FindingsSource;
  /** States from which the search went on although goals are missed in them. */
  readonly #missing = new Set<number>();
  /** The first state that meets the goal of each `sometimes` property, by the property's index. */
  readonly #reached = new Map<number, number>();

  constructor(deps: FindingsSource) {
    this.#deps = deps;
  }

  /** Whether as many counterexamples were found as were asked for. */
  hasEnough(): boolean {
    const { maxViolations, pastViolations } = this.#deps.options;
    return this.counterexamples.length >= (maxViolations ?? (pastViolations ? defaultPastViolations : 1));
  }

  /** Whether the search is over, although there are states left. */
  isOver(): boolean {
    return !this.#deps.options.pastViolations && this.hasEnough();
  }

  /** A state was found that was not known. */
  discovered(state: number, observation: number): void {
    const { observations } = this.#deps.system;
    if (this.count(observation, 1))
      for (const property of observations.reached(observation))
        if (!this.#reached.has(property)) this.#reached.set(property, state);
    if (observations.violated(observation) < 0) return;
    this.violating++;
    if (this.#newlyViolated(state, observation).some((property) => this.#isWanted(property)))
      this.violation(state);
  }

  /**
   * Whether one more counterexample of a property (by name) is wanted. Past violations the first of each
   * always is, however many there are of others: or it would seem to hold.
   */
  #isWanted(property: string): boolean {
    if (!this.hasEnough()) return true;
    return (
      (this.#deps.options.pastViolations ?? false) &&
      this.counterexamples.every((other) => other.property !== property)
    );
  }

  /** What is violated in a state and was not before it: behind a violation everything is violated. */
  #newlyViolated(state: number, observation: number): string[] {
    const { visited, options } = this.#deps;
    const { observations } = this.#deps.system;
    const parent = options.pastViolations ? visited.parent(state) : -1;
    const before = parent < 0 ? null : visited.read(parent, new Int32Array(visited.width)).at(-1)!;
    if (before === observation) return [];
    const known = before === null ? [] : observations.allViolated(before);
    const now = observations.allViolated(observation).filter((property) => !known.includes(property));
    return now.map((property) => observations.properties[property]!.name);
  }

  /**
   * Goals are missed for good in a state that the search goes on from: one more counterexample for each of
   * them.
   */
  missed(state: number, { properties, why }: Missed): void {
    const { system, visible, representatives, visited } = this.#deps;
    const isBehind = this.#missing.has(visited.parent(state));
    this.#missing.add(state);
    const named = properties.map((index) => ({
      index,
      property: system.observations.properties[index]!.name,
    }));
    const wanted = named.filter(({ property }) => this.#isWanted(property));
    if (isBehind || wanted.length === 0) return;
    const path = pathTo(visited, state);
    const { execution, last } = alongPath({ system, visible, representatives }, visited, path);
    const resting = visible?.silent.resting(last, 0) ?? null;
    const silent = resting ? visible!.silent.silentActions(last, 0, resting) : [];
    const { start, actions } = execution;
    for (const { index, property } of wanted) {
      const explanation = `${why} ${system.liveness.explain(resting ?? last, 0, index)}`;
      this.found({ property, explanation, start, actions: [...actions, ...silent] }, path.length - 1);
    }
  }

  /** So many more states have this observation. True if they are the first ones. */
  count(observation: number, states: number): boolean {
    const before = this.statesByObservation[observation] ?? 0;
    this.statesByObservation[observation] = before + states;
    if (before > 0) return false;
    const { system, options } = this.#deps;
    options.onObservation?.(system.observations.monitorStates(observation));
    return true;
  }

  /**
   * A state violates a property: one more counterexample, unless it is like one that is known.
   *
   * @throws {PathsNeeded} if it is not known how to come there.
   */
  violation(state: number): void {
    if (!this.hasPaths) throw new PathsNeeded(this.#deps.seconds());
    const { system, visible, representatives, visited } = this.#deps;
    const path = pathTo(visited, state);
    try {
      for (const one of counterexamplesOf(system, visible, representatives, visited, path))
        if (this.#isWanted(one.property)) this.found(one, path.length - 1);
    } catch (error) {
      throw this.blamed(error, state); // the property's own sentence about it
    }
  }

  /**
   * An error in somebody's code, with the run that leads to it, where `state` was being expanded (-1: none
   * was yet). As with violations, a search that does not know the way begins anew, so the run does not
   * depend on the number of threads.
   */
  blamed(error: unknown, state: number): unknown {
    if (!isFault(error) || error.run !== null) return error;
    if (!this.hasPaths) return new PathsNeeded(this.#deps.seconds());
    const { system, visible, representatives, visited } = this.#deps;
    if (state < 0) error.run = { start: {}, actions: [] };
    else {
      const path = pathTo(visited, state);
      const { execution, last } = alongPath({ system, visible, representatives }, visited, path);
      addRun(error, system, last, execution);
    }
    return error;
  }

  found(counterexample: Counterexample, depth: number): void {
    if (isLikeOneOf(this.counterexamples, counterexample)) return;
    if (this.counterexamples.push(counterexample) === 1) this.violationDepth = depth;
  }

  /** Goals are missed, and whether the protocol is to blame is not known. */
  undecided({ properties, verdict, why }: Missed): void {
    const isKnown = (property: number) =>
      this.undecidedGoals.some((one) => one.verdict === verdict && one.properties.includes(property));
    const news = properties.filter((property) => !isKnown(property));
    if (news.length > 0) this.undecidedGoals.push({ properties: news, verdict, why });
  }

  /**
   * An execution to the first state that meets the goal of each `sometimes` property, by the property's
   * index.
   */
  examples(): Map<number, Execution> {
    const { system, visible, representatives, visited } = this.#deps;
    return new Map(
      [...this.#reached].map(([property, state]) => [
        property,
        executionOf(system, visible, representatives, visited, pathTo(visited, state)),
      ]),
    );
  }
}
