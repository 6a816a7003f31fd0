// A run as a strategy has it before it (what it sees, and what it may do), and as those who make and count
// runs do (its record, too).
//
// There are three worlds: for the `async` network, where sent messages stay deliverable; for all other
// networks; and for virtual time.

import type { ActionTimes } from "../../model/action.js";
import type { Dice } from "../dice.js";
import type { RunActions } from "./run-actions.js";
import type { RunRecord } from "./run-record.js";
import type { RunView } from "./run-view.js";

/** What a strategy sees of a run, and what it can do. */
export interface World extends RunView, RunActions {}

/** A run as seen by those who watch it. */
export interface ObservedRun extends RunView, RunRecord {}

/** Observes every event of a run. */
export interface Witness {
  /** A run begins. */
  began(run: ObservedRun): void;
  /**
   * An event has changed the state: its kind (the index in `kinds`) and, for a message, the number of its
   * type, or -1.
   */
  happened(run: ObservedRun, kind: number, type: number): void;
}

/**
 * How a timed run ended by itself: everybody was served; somebody was not, in time (`late`) or ever
 * (`round`); or it left the bounds of the model, which proves nothing, just like being cut off by the number
 * of actions.
 */
export interface TimedEnd {
  readonly kind: "served" | "late" | "round" | "views";
}

/** A world as seen by the code that makes runs in it. */
export interface RunnableWorld extends World, RunRecord {
  begin(dice: Dice): void;
  /** Timed runs: not null once the run is over. */
  readonly end?: TimedEnd | null;
  /** Timed runs: the longest wait after GST of those who were served, in microseconds. */
  readonly longestWait?: number;
  /**
   * Timed runs: when everything happened, and after how many actions the lasso begins (all, if there is
   * none).
   */
  readonly schedule?: ActionTimes;
  readonly loopFrom?: number;
}
