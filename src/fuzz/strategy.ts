// Which way a run goes. Strategies are siblings behind this one interface, one file each in strategies/; what all of them owe
// stands in their conformance suite. A strategy is a function of the run's number and dice, and of what it sees of the world.

import type { Setting } from "../model/setting.js";
import type { World } from "./world/world.js";

/** What a strategy is told when a run begins. */
export interface RunStart {
  readonly setting: Setting;
  readonly world: World;
  /** The number of the run in its campaign. */
  readonly run: number;
  /** How many runs the strategy has made before in the campaign. */
  readonly ordinal: number;
  /** The campaign's seed, for what is the same in all runs. */
  readonly campaign: number;
  /** Actions in the run at most. */
  readonly maxActions: number;
  /** Earlier runs that the strategy may build on. */
  readonly corpus: Corpus;
}

/** The beginning of an earlier run: as far as a situation that was new. */
export interface Kept {
  /** The name of the run, as paths have it; and its path: see lineage.ts. */
  readonly name: string;
  readonly path: string;
  readonly trace: Int32Array;
  /** How it began: see `World.beginAt`. */
  readonly initial: number;
}

/** Earlier runs that came to something new. */
export interface Corpus {
  /** Up to `count` beginnings, drawn for the run with this number, which notes that it is made of them. */
  parents(run: number, count: number): readonly Kept[];
}

/** Makes one run. */
export interface Scheduler {
  /** Makes one thing happen, at least if anything can; false ends the run. */
  step(): boolean;
}

/** See the file comment. */
export interface Strategy {
  readonly name: string;
  /** For a strategy that is made of others: the one that makes the run with this number. Default: itself. */
  part?(run: number): Strategy;
  /** One sentence for lists. */
  readonly summary: string;
  /** Whether it makes runs of earlier ones; then these are kept, which costs a tenth of the speed. Default: no. */
  readonly buildsOnOthers?: boolean;
  begin(start: RunStart): Scheduler;
}
