// The result of a replay: reproduced, holds now, or diverged at some action; with what each step has changed.

import type { Action, StartChoice } from "../model/action.js";
import type { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import type { Moment } from "./moment.js";
import type { NodeSummary, StepChange } from "./step-change.js";

/** What every replay tells, however it ends. */
export interface Replayed {
  readonly setting: Setting;
  /** The property in question. */
  readonly property: string;
  /** Which start each node took, for the nodes that had a choice. */
  readonly start: StartChoice;
  /** Where the correct nodes begin; empty if there is no such start. */
  readonly starts: readonly NodeSummary[];
  /** What the properties and the adversary begin with; absent if there is no such start. */
  readonly startMoment?: Moment;
  /** What each action that was performed has changed. */
  readonly steps: readonly StepChange[];
  /** Where the correct nodes stand at the end; empty if the run could not even start. */
  readonly nodes: readonly NodeSummary[];
  /** Of a timed run: when each action happened, in milliseconds. */
  readonly timesMs?: readonly number[];
}

/**
 * The property named in the trace is violated once the first `after` actions have happened; or the last of
 * them meets `fault`.
 */
export interface Reproduced extends Replayed {
  readonly outcome: "reproduced";
  /** The error of somebody's code with which the run ends, where that is what the trace is about. */
  readonly fault?: UserError;
  /** The action that meets it; absent if it is met where nothing happens. */
  readonly faultAction?: Action;
  readonly after: number;
  /** How many of the last actions are a loop that can be repeated for ever. */
  readonly loop?: number;
  readonly explanation: string;
}

/** All actions are possible, and the property named in the trace is not violated. */
export interface HoldsNow extends Replayed {
  readonly outcome: "holds now";
}

/**
 * Action number `at` (from 1) is not possible any more; 0 if there is no such start. Expected after a
 * repair.
 */
export interface Diverged extends Replayed {
  readonly outcome: "diverged";
  readonly at: number;
  /** Null if there is no such start, or if it is about the end of a timed run. */
  readonly action: Action | null;
  /** Why: of every timed run; of others where a Byzantine node would have to forge something. */
  readonly reason?: string;
}

/**
 * What a replay has come to: the same violation, no violation, or an action that is not possible any more.
 */
export type ReplayResult = Reproduced | HoldsNow | Diverged;
