// Asks the model whether a list of actions still violates the property. All questions of one setting go to the same
// transition system, which remembers every step that it has evaluated.

import type { Action, StartChoice } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import { focusOn } from "../trace/focus.js";

/** Replays candidates in one setting, from one start, for one property. */
export class Oracle {
  /** How many replays it has made. */
  tried = 0;
  readonly setting: Setting;
  readonly #system: TransitionSystem;
  readonly #start: StartChoice;

  constructor(setting: Setting, property: string, start: StartChoice) {
    this.setting = setting;
    this.#system = new TransitionSystem(focusOn(setting, property));
    this.#start = start;
  }

  /** Begins a walk of the oracle's own; null if there is no such start. */
  begin(): Walk | null {
    this.tried++;
    return Walk.begin(this.#system, this.#start);
  }

  /**
   * Replays leniently: what is not possible (any more) is left out. Returns the actions that were performed up to the
   * violation, or null if there is none.
   */
  lenient(actions: readonly Action[]): readonly Action[] | null {
    const walk = this.begin();
    if (!walk) return null;
    if (walk.violation()) return [];
    for (const action of actions) {
      if (walk.perform(action) && walk.violation()) return walk.actions;
    }
    return null;
  }

  /**
   * Replays strictly. Returns the violation's explanation if every action is possible and the last one, and none before
   * it, brings the violation about; otherwise null.
   */
  strict(actions: readonly Action[]): string | null {
    const walk = this.begin();
    if (!walk) return null;
    for (const action of actions) if (walk.violation() || !walk.perform(action)) return null;
    return walk.violation()?.explanation ?? null;
  }
}
