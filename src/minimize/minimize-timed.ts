// Minimizes the counterexample of a timed run. Actions that must happen in such a run cannot be removed.
// Removed are adversary actions without effect, messages received before they had to be, and powers of the
// adversary. Times stay as they are.

import { sayingToo } from "../liar/told.js";
import type { Action, ActionTimes, Counterexample, Execution } from "../model/action.js";
import { UserError } from "../model/errors.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { TimedRuns } from "../model/timed/timed-run.js";
import type { Adversary, Json } from "../protocol/index.js";
import { focusOn } from "../trace/focus.js";
import { Abandoned } from "../watch/clock.js";
import type { Removed } from "./account.js";
import type { Budget } from "./budget.js";
import { ddmin } from "./ddmin.js";
import type { Minimized } from "./minimized.js";

/** An action and its time. */
interface Timed {
  readonly action: Action;
  readonly timeMs: number;
}

/** The counterexample of a timed run. */
type TimedCounterexample = Execution &
  Pick<Counterexample, "property" | "loop"> & { readonly schedule: ActionTimes };

/**
 * @param weaker adversaries to try instead of the setting's own, the weakest first
 * @throws {UserError} `bad-file` if the execution does not violate the property.
 */
export function minimizeTimed(
  setting: Setting,
  execution: TimedCounterexample,
  weaker: readonly Adversary<Json>[],
  budget: Budget,
): Minimized {
  try {
    return minimizeWithin(setting, execution, weaker, budget);
  } catch (error) {
    if (!(error instanceof Abandoned)) throw error;
    budget.ignore();
    return bestSoFar(setting, execution, budget);
  }
}

/** The best timed run so far. */
interface BestTimed {
  readonly setting: Setting;
  readonly actions: readonly Timed[];
}

/** The result when the time is over: verified to violate the property, but perhaps not minimal. */
function bestSoFar(setting: Setting, execution: TimedCounterexample, budget: Budget): Minimized {
  const all = timedActions(execution);
  const best = (budget.best as BestTimed | null) ?? { setting, actions: all };
  const oracle = new TimedOracle(best.setting, execution, budget);
  const explanation = oracle.explain(best.actions);
  if (explanation === null) throw nothingToMinimize(setting, execution);
  const { property, start } = execution;
  return {
    setting: best.setting,
    counterexample: { property, explanation, start, ...oracle.runOf(best.actions) },
    tried: oracle.tried,
    account: {
      ...{ actionsBefore: all.length, removed: [], kept: [], needed: [] },
      ...{ isShortest: false, isTimed: true },
    },
    verifiedMinimal: false,
  };
}

function nothingToMinimize(setting: Setting, { property }: TimedCounterexample): UserError {
  return new UserError(
    "bad-file",
    `There is nothing to minimize: ${setting.protocol.name} does not violate ${property} any more.`,
  );
}

function minimizeWithin(
  setting: Setting,
  execution: TimedCounterexample,
  weaker: readonly Adversary<Json>[],
  budget: Budget,
): Minimized {
  const all = timedActions(execution);
  let oracle = new TimedOracle(setting, execution, budget);
  if (oracle.explain(all) === null) throw nothingToMinimize(setting, execution);
  let actions = ddmin(all, (candidate) => oracle.test(candidate));
  let tried = 0;
  for (const adversary of weaker) {
    const other = new TimedOracle({ ...setting, adversary }, execution, budget);
    const isPossible = other.explain(actions) !== null;
    if (isPossible) actions = ddmin(actions, (candidate) => other.test(candidate));
    tried += isPossible ? oracle.tried : other.tried;
    if (!isPossible) continue;
    oracle = other;
    break;
  }
  const explanation = oracle.explain(actions);
  if (explanation === null) throw new Error("the minimized actions do not replay to the violation");
  const { property, start } = execution;
  const counterexample = { property, explanation, start, ...oracle.runOf(actions) };
  return {
    setting: oracle.setting,
    counterexample,
    tried: tried + oracle.tried,
    account: {
      actionsBefore: execution.actions.length,
      removed: weakened(setting, oracle.setting),
      kept: [],
      needed: counterexample.actions.map(() => ({ impossibleWithout: [] })),
      isShortest: false,
      isTimed: true,
    },
    verifiedMinimal: true,
  };
}

/** The adversary, if a weaker one has taken its place. */
function weakened({ adversary: before }: Setting, { adversary: after }: Setting): Removed[] {
  if (!before || !after || before.name === after.name) return [];
  return [{ part: "adversary", before: before.name, after: after.name }];
}

/**
 * The numbers (from 1) of actions before the loop without which it is a violation too; null if it is none.
 */
export function superfluousInTime(setting: Setting, execution: TimedCounterexample): number[] | null {
  const oracle = new TimedOracle(setting, execution);
  const all = timedActions(execution);
  if (oracle.explain(all) === null) return null;
  return [...all.keys()]
    .filter((index) => oracle.explain(all.toSpliced(index, 1)) !== null)
    .map((index) => index + 1);
}

/** The actions before the loop. */
function timedActions({
  actions,
  schedule,
}: Execution & { readonly schedule: ActionTimes }): readonly Timed[] {
  return actions.map((action, index) => ({ action, timeMs: schedule.timesMs[index]! }));
}

/** Tests whether actions with these times are a timed run that violates the property. */
class TimedOracle {
  tried = 0;
  readonly setting: Setting;
  readonly #runs: TimedRuns;
  readonly #execution: TimedCounterexample;

  readonly #budget: Budget | null;

  constructor(setting: Setting, execution: TimedCounterexample, budget: Budget | null = null) {
    this.setting = setting;
    this.#budget = budget;
    this.#execution = execution;
    const told = [...execution.actions, ...(execution.loop ?? [])];
    const system = new TransitionSystem(sayingToo(focusOn(setting, execution.property), told));
    this.#runs = new TimedRuns(system, setting.timing!);
  }

  test(candidate: readonly Timed[]): readonly Timed[] | null {
    if (this.explain(candidate) === null) return null;
    this.#budget?.keep(candidate.length, { setting: this.setting, actions: candidate } satisfies BestTimed);
    return candidate;
  }

  /** The violation's explanation, or null. */
  explain(candidate: readonly Timed[]): string | null {
    return this.#budget === null
      ? this.#explain(candidate)
      : this.#budget.run(() => this.#explain(candidate));
  }

  #explain(candidate: readonly Timed[]): string | null {
    this.tried++;
    if (!this.#runs.begin(this.#execution.start)) return null;
    const outcome = this.#runs.check(this.runOf(candidate));
    return outcome.kind === "violated" ? outcome.explanation : null;
  }

  runOf(candidate: readonly Timed[]) {
    const { loop, schedule, actions } = this.#execution;
    const timesMs = [...candidate.map(({ timeMs }) => timeMs), ...schedule.timesMs.slice(actions.length)];
    return {
      actions: candidate.map(({ action }) => action),
      ...(loop && { loop }),
      schedule: { ...schedule, timesMs },
    };
  }
}
