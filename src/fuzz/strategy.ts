// A strategy: decides what happens next in a run. Strategies are siblings behind this interface, one file
// each in strategies/, with one conformance suite. A strategy depends only on the run's number and dice, and
// on what it sees of the world.

import type { Setting } from "../model/setting.js";
import type { World } from "./world/world.js";

/** What a strategy gets when a run begins. */
export interface RunStart {
  readonly setting: Setting;
  readonly world: World;
  /** The number of the run in its campaign. */
  readonly run: number;
  /** How many runs the strategy has made before in the campaign. */
  readonly ordinal: number;
  /** The campaign's seed, for choices that all runs share. */
  readonly campaign: number;
  /** The largest number of actions in the run. */
  readonly maxActions: number;
  /** Earlier runs that the strategy may build on. */
  readonly corpus: Corpus;
}

/** The beginning of an earlier run, up to a new situation. */
export interface Kept {
  /** The name of the run as used in paths, and its path: see lineage.ts. */
  readonly name: string;
  readonly path: string;
  readonly trace: Int32Array;
  /** Its initial state: see `World.beginAt`. */
  readonly initial: number;
}

/** Earlier runs that reached something new. */
export interface Corpus {
  /** Draws up to `count` beginnings for the run with this number, which records that it is made of them. */
  parents(run: number, count: number): readonly Kept[];
}

/** Makes one run. */
export interface Scheduler {
  /** Makes one action happen, if any can; false ends the run. */
  step(): boolean;
}

/** A strategy of runs. */
export interface Strategy {
  readonly name: string;
  /** For a composed strategy: the one that makes the run with this number. Default: itself. */
  part?(run: number): Strategy;
  /** One sentence for lists. */
  readonly summary: string;
  /** Whether it makes runs of earlier ones; then these are kept, at a tenth of the speed. Default: no. */
  readonly buildsOnOthers?: boolean;
  /** Begins a run. */
  begin(start: RunStart): Scheduler;
}
