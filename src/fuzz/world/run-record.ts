// The record of a run: everything that has happened, the state that was reached, and its name. For those who
// make, count and keep runs; strategies do not see it.

import type { Action, StartChoice } from "../../model/action.js";

/** Integers for each event of a trace. */
export const traceStride = 4;

/** The record of a run. */
export interface RunRecord {
  /** The initial state, and all events so far, as data. */
  readonly start: StartChoice;
  /** Everything that has happened, as data. */
  actions(): Action[];
  /** The state: see `TransitionSystem`. And its name, in two words. */
  readonly vector: Int32Array;
  /** What the properties have observed: 32 bits. */
  readonly observed: number;
  readonly high: number;
  readonly low: number;
  /** The types of messages by number, as `Witness` is told. */
  readonly types: readonly string[];
  /** The same in this process's numbers. */
  trace(): Int32Array;
}
