// The oracle of a minimization: replays a list of actions and tells whether it still violates the property.
// All replays in one setting use the same transition system, which caches every evaluated step.

import { sayingToo } from "../liar/told.js";
import type { Action, StartChoice } from "../model/action.js";
import { lassoText } from "../model/lasso-text.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import { focusOn } from "../trace/focus.js";
import { isFairLasso } from "../trace/lasso.js";
import type { Budget } from "./budget.js";

/** A sequence to a violation. */
export interface ActionSequence {
  readonly actions: readonly Action[];
  /** The loop of a lasso; empty if the violation needs none. */
  readonly loop: readonly Action[];
}

/** The number of actions of a sequence. */
export function lengthOf({ actions, loop }: ActionSequence): number {
  return actions.length + loop.length;
}

/** The number of replays made by all oracles of one minimization, and its budget. */
export interface Tally {
  replays: number;
  readonly budget: Budget | null;
}

interface OracleOptions {
  /** Default: one that counts from zero, without a budget. */
  readonly tally?: Tally;
  /** Default: nothing. */
  readonly told?: readonly Action[];
}

/** Replays candidates in one setting, from one start, for one property. */
export class Oracle {
  readonly tally: Tally;
  readonly setting: Setting;
  readonly property: string;
  readonly start: StartChoice;
  /** The setting with the property in question alone, in which the generic liar can say what it was told to have said in this setting. */
  readonly focused: Setting;
  readonly #system: TransitionSystem;
  readonly #told: readonly Action[];

  /** `told`: what the given trace has done in this setting. */
  constructor(
    setting: Setting,
    property: string,
    start: StartChoice,
    { tally = { replays: 0, budget: null }, told = [] }: OracleOptions = {},
  ) {
    this.setting = setting;
    this.property = property;
    this.#told = told;
    this.focused = sayingToo(focusOn(setting, property), told);
    this.#system = new TransitionSystem(this.focused);
    this.start = start;
    this.tally = tally;
  }

  /** An oracle for the same property in another setting, or from another start. */
  elsewhere(setting: Setting, start: StartChoice): Oracle {
    const told = setting === this.setting ? this.#told : [];
    return new Oracle(setting, this.property, start, { tally: this.tally, told });
  }

  /** The possible starts in this setting. */
  starts(): readonly StartChoice[] {
    return this.#system.initial().map(({ choice }) => choice);
  }

  /** Begins a walk; null if there is no such start. */
  begin(): Walk | null {
    this.tally.replays++;
    return Walk.begin(this.#system, this.start);
  }

  /**
   * Replays leniently: leaves out impossible actions. Returns the actions performed if they violate the
   * property on the way, or if the performed part of the loop can go on for ever; otherwise null.
   */
  lenientSequence(sequence: ActionSequence): ActionSequence | null {
    const { budget } = this.tally;
    if (budget === null) return this.#replayLeniently(sequence);
    const found = budget.run(() => this.#replayLeniently(sequence));
    if (found) budget.keep(lengthOf(found), { oracle: this, sequence: found });
    return found;
  }

  #replayLeniently({ actions, loop }: ActionSequence): ActionSequence | null {
    const walk = this.begin();
    if (!walk) return null;
    if (performLeniently(walk, actions)) return { actions: [...walk.actions], loop: [] };
    const before = walk.actions.length;
    const states: Int32Array[] = [];
    for (const action of loop) {
      const state = walk.vector;
      if (walk.performOnLoop(action)) states.push(state);
      if (walk.violation()) return { actions: [...walk.actions], loop: [] };
    }
    if (!isFairLasso(this.#system, states, walk.vector)) return null;
    return { actions: walk.actions.slice(0, before), loop: walk.actions.slice(before) };
  }

  /**
   * Replays strictly. Returns the violation's explanation if every action is possible and the last one, and
   * none before, causes the violation, or if the loop can go on for ever; otherwise null.
   */
  strictSequence({ actions, loop }: ActionSequence): string | null {
    const walk = this.begin();
    if (!walk) return null;
    const states: Int32Array[] = [];
    for (const [index, action] of [...actions, ...loop].entries()) {
      const state = walk.vector;
      const isOnLoop = index >= actions.length;
      if (walk.violation() || !(isOnLoop ? walk.performOnLoop(action) : walk.perform(action))) return null;
      if (isOnLoop) states.push(state);
    }
    if (loop.length === 0) return walk.violation()?.explanation ?? null;
    if (walk.violation() || !isFairLasso(this.#system, states, walk.vector)) return null;
    return lassoText(this.#system, walk.vector, loop);
  }

  /**
   * The indexes (from 0) of the actions that are impossible if the one at `missing` is left out, and those
   * with it.
   */
  impossibleWithout(actions: readonly Action[], missing: number): readonly number[] {
    const walk = this.begin();
    const failed: number[] = [];
    for (const [index, action] of actions.entries())
      if (index !== missing && !walk?.perform(action)) failed.push(index);
    return failed;
  }
}

/** Whether the possible ones of these actions violate the property; the walk stops there. */
function performLeniently(walk: Walk, actions: readonly Action[]): boolean {
  if (walk.violation()) return true;
  return actions.some((action) => walk.perform(action) && walk.violation() !== null);
}
