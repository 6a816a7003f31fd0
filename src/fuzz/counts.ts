// The counts of a block of runs. They depend on content only, never on numbers of this process, and add up:
// the sum over all blocks is the campaign's, whoever has made them.

import type { TransitionSystem } from "../model/system.js";
import type { Moment } from "./corpus.js";
import { mixed } from "./dice.js";
import { Incidence, type SerializedIncidence } from "./incidence.js";
import { DistinctSample, type SerializedSample } from "./sample.js";
import { countTimed, sumOfTimed, type TimedCounts } from "./timed-counts.js";
import { kinds } from "./world/event-kinds.js";
import type { ObservedRun, RunnableWorld, Witness } from "./world/world.js";

/** How often each thing happened, by name. */
export interface Tally {
  readonly [name: string]: number;
}

/** The counts of one strategy. */
export interface StrategyCounts {
  readonly runs: number;
  readonly events: number;
  readonly decided: number;
  /**
   * Runs that came to a situation that was new in their block, where such are looked for: see `BlockCounts`.
   */
  readonly novel: number;
}

/** The counts of some runs. */
export interface CampaignCounts {
  readonly runs: number;
  readonly events: number;
  /** Runs in which a correct replica executed something. */
  readonly decided: number;
  /** Executions by correct replicas. */
  readonly decisions: number;
  /** By property: its comparisons at the ends of all runs. */
  readonly comparisons: readonly number[];
  /** By property: runs that had reached a `sometimes` goal when they ended. */
  readonly reached: readonly number[];
  /** By property: runs in which it came to know anything else than at the start. Undefined: not counted, as in files of earlier versions. */
  readonly observed?: readonly number[];
  /** The highest view of a correct node at the end of a run. */
  readonly highestView: number;
  /** Events by kind; deliveries and adversary messages by type of message. */
  readonly kinds: Tally;
  readonly messages: Tally;
  readonly moves: Tally;
  readonly strategies: { readonly [name: string]: StrategyCounts };
  /** Of timed runs: how they ended. */
  readonly timed?: TimedCounts;
}

export const noCounts: CampaignCounts = {
  ...{ runs: 0, events: 0, decided: 0, decisions: 0, comparisons: [], reached: [], observed: [] },
  highestView: 0,
  ...{ kinds: {}, messages: {}, moves: {}, strategies: {} },
};

/** The sum of two counts. */
export function sumOf(a: CampaignCounts, b: CampaignCounts): CampaignCounts {
  const timed = sumOfTimed(a.timed, b.timed);
  const observed = a.observed && b.observed && sums(a.observed, b.observed);
  return {
    ...(timed && { timed }),
    ...(observed && { observed }),
    runs: a.runs + b.runs,
    events: a.events + b.events,
    decided: a.decided + b.decided,
    decisions: a.decisions + b.decisions,
    comparisons: sums(a.comparisons, b.comparisons),
    reached: sums(a.reached, b.reached),
    highestView: Math.max(a.highestView, b.highestView),
    kinds: sumOfTallies(a.kinds, b.kinds),
    messages: sumOfTallies(a.messages, b.messages),
    moves: sumOfTallies(a.moves, b.moves),
    strategies: merged(a.strategies, b.strategies, (one, other) => ({
      runs: one.runs + other.runs,
      events: one.events + other.events,
      decided: one.decided + other.decided,
      novel: one.novel + other.novel,
    })),
  };
}

function sums(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0));
}

function sumOfTallies(a: Tally, b: Tally): Tally {
  return merged(a, b, (one, other) => one + other);
}

/** Keys in alphabetical order, so that equal content is equal text. */
function merged<T>(
  a: { readonly [name: string]: T },
  b: { readonly [name: string]: T },
  add: (one: T, other: T) => T,
): { [name: string]: T } {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    names.map((name) => {
      const [one, other] = [a[name], b[name]];
      return [name, one === undefined ? other! : other === undefined ? one : add(one, other)];
    }),
  );
}

/**
 * Counts the runs of one block, and notices new situations. A situation is a coarse view of a state: what the
 * properties have observed, and for each node its view and how much it has sent. (States themselves are too
 * many: nearly every run reaches new ones.)
 */
export class BlockCounts implements Witness {
  /** The moments at which the current run reached new situations. */
  readonly moments: Moment[] = [];
  readonly #system: TransitionSystem;
  readonly #properties: number;
  readonly #sample: DistinctSample;
  readonly #incidence = new Incidence();
  /** The number of the current run in the campaign. */
  #run: number;
  readonly #strategies = new Map<string, { runs: number; events: number; decided: number; novel: number }>();
  /** How many runs ended with each observation. */
  readonly #ends: number[] = [];
  #highestView = 0;
  #timed: TimedCounts | undefined;
  readonly #kinds = new Array<number>(kinds.length).fill(0);
  readonly #messages: number[] = [];
  readonly #moves: number[] = [];
  #types: readonly string[] = [];
  readonly #looksForSituations: boolean;
  readonly #situations = new Set<number>();
  readonly #outboxes: Int32Array;
  #observation = 0;
  /** The last observation of the current run, and all of them. */
  #latest = -1;
  readonly #inRun: number[] = [];
  /** By property: see `CampaignCounts`. */
  readonly #observed: number[];
  #events = 0;
  /** Executions, by observation. */
  readonly #executions: number[] = [];

  /**
   * The first `properties` of the system are the setting's own; the next one counts executions. Recording
   * situations costs time. `sampleLevel`: see {@link DistinctSample}. `firstRun`: the number of the first run.
   */
  constructor(
    system: TransitionSystem,
    properties: number,
    looksForSituations = false,
    sampleLevel = 0,
    firstRun = 0,
  ) {
    this.#run = firstRun - 1;
    this.#system = system;
    this.#sample = new DistinctSample(sampleLevel);
    this.#properties = properties;
    this.#observed = new Array<number>(properties).fill(0);
    this.#looksForSituations = looksForSituations;
    this.#outboxes = new Int32Array(system.nodes.length);
  }

  /** Marks these situations as known. */
  knows(situations: readonly number[]): void {
    for (const name of situations) this.#situations.add(name);
  }

  began(world: ObservedRun): void {
    this.#run++;
    this.#types = world.types;
    this.moments.length = 0;
    this.#observation = world.vector.at(-1)!;
    this.#latest = this.#observation;
    this.#inRun.length = 0;
    this.#inRun.push(this.#latest);
    this.#events = 0;
    this.#outboxes.fill(-1);
    this.#sample.add(world.high, world.low);
    this.#incidence.add(world.high, world.low, this.#run);
  }

  happened(world: ObservedRun, kind: number, type: number): void {
    this.#events++;
    (this.#kinds[kind] as number)++;
    if (kind === 0) this.#messages[type] = (this.#messages[type] ?? 0) + 1;
    else if (kind <= 2) this.#moves[type] = (this.#moves[type] ?? 0) + 1;
    this.#sample.add(world.high, world.low);
    this.#incidence.add(world.high, world.low, this.#run);
    const latest = world.vector[world.vector.length - 1] as number;
    if (latest !== this.#latest) this.#inRun.push(latest);
    this.#latest = latest;
    if (this.#looksForSituations && this.#looksDifferent(world.vector)) this.#situate(world);
  }

  /** Whether anything has changed that situations depend on. */
  #looksDifferent(vector: Int32Array): boolean {
    const count = this.#outboxes.length;
    let differs = vector[vector.length - 1] !== this.#observation;
    this.#observation = vector[vector.length - 1] as number;
    for (let node = 0; node < count; node++) {
      const outbox = this.#system.nodes[node]!.outboxOf[vector[node] as number] as number;
      if (outbox === this.#outboxes[node]) continue;
      this.#outboxes[node] = outbox;
      differs = true;
    }
    return differs;
  }

  #situate(world: ObservedRun): void {
    let name = world.observed;
    const { nodes } = this.#system;
    for (let node = 0; node < nodes.length; node++) {
      const sent = nodes[node]!.outboxes[this.#outboxes[node] as number]!.length;
      name = mixed(name, sent * 256 + world.view(node));
    }
    if (this.#situations.has(name)) return;
    this.#situations.add(name);
    this.moments.push({ events: this.#events, situation: name });
  }

  /** The run is over. */
  ended(world: RunnableWorld, strategy: string): void {
    this.#timed = countTimed(this.#timed, world);
    const observation = world.vector.at(-1) as number;
    let own = this.#strategies.get(strategy);
    if (!own) {
      own = { runs: 0, events: 0, decided: 0, novel: 0 };
      this.#strategies.set(strategy, own);
    }
    own.runs++;
    own.events += this.#events;
    if (this.#executionsAt(observation) > 0) own.decided++;
    if (this.moments.length > 0) own.novel++;
    this.#ends[observation] = (this.#ends[observation] ?? 0) + 1;
    const { observations } = this.#system;
    for (let index = 0; index < this.#properties; index++)
      if (this.#inRun.some((one) => observations.hasObserved(one, index))) this.#observed[index]!++;
    for (let node = 0; node < this.#system.correctCount; node++)
      this.#highestView = Math.max(this.#highestView, world.view(node));
  }

  #executionsAt(observation: number): number {
    this.#executions[observation] ??= this.#system.observations.exercised(observation, this.#properties);
    return this.#executions[observation];
  }

  /** The progress of the block. */
  get soFar(): { readonly runs: number; readonly events: number; readonly decided: number } {
    const sum = { runs: 0, events: 0, decided: 0 };
    for (const { runs, events, decided } of this.#strategies.values()) {
      sum.runs += runs;
      sum.events += events;
      sum.decided += decided;
    }
    return sum;
  }

  /** The counts so far. */
  result(): {
    readonly counts: CampaignCounts;
    readonly sample: SerializedSample;
    readonly incidence: SerializedIncidence;
  } {
    const named = (names: readonly string[], counts: readonly number[]) =>
      Object.fromEntries(names.flatMap((name, id) => (counts[id] ? [[name, counts[id]]] : [])));
    const counts = {
      ...noCounts,
      ...this.soFar,
      ...this.#atEnds(),
      observed: this.#observed,
      highestView: this.#highestView,
      kinds: named(kinds, this.#kinds),
      messages: named(this.#types, this.#messages),
      moves: named(this.#types, this.#moves),
      strategies: Object.fromEntries(this.#strategies),
      ...(this.#timed && { timed: this.#timed }),
    };
    return {
      counts: sumOf(noCounts, counts),
      sample: this.#sample.serialized(),
      incidence: this.#incidence.serialized(),
    };
  }

  /** What the properties had observed at the ends of runs. */
  #atEnds(): Pick<CampaignCounts, "decisions" | "comparisons" | "reached"> {
    const { observations } = this.#system;
    const comparisons = new Array<number>(this.#properties).fill(0);
    const reached = new Array<number>(this.#properties).fill(0);
    let decisions = 0;
    for (const [observation, runs] of this.#ends.entries()) {
      if (!runs) continue;
      decisions += runs * this.#executionsAt(observation);
      const met = observations.reached(observation);
      for (let index = 0; index < this.#properties; index++) {
        comparisons[index]! += runs * observations.exercised(observation, index);
        if (met.includes(index)) reached[index]! += runs;
      }
    }
    return { decisions, comparisons, reached };
  }
}
