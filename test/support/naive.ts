// The oracle for the fast search: the same semantics (design, section 4) written down as plainly as possible, over plain
// JSON texts, with nothing interned, memoized or reduced. It shares no code with src/model and src/explore.
//
// One shortcut: it sorts every array in states and messages, not only marked sets, and keeps repetitions. So it is
// meant for protocols in which the order of an array never matters and sets never repeat (PBFT with one slot).

import type { Setting } from "../../src/model/setting.js";
import { Liveness } from "./naive/liveness.js";
import type { State } from "./naive/texts.js";

export { canonicalText, observationText } from "./naive/texts.js";

/** What the naive search found. */
export interface NaiveResult {
  readonly states: number;
  /** Pairs of action and outcome that change the state, one by one, over all states expanded. */
  readonly transitions: number;
  /** The first violation in breadth-first order, or null; the search ends there. */
  readonly violation: { readonly property: string; readonly length: number } | null;
  /** Otherwise: the property whose goal is missed by a fair execution without end, or null. */
  readonly lasso: string | null;
  /** Otherwise: the verdict if a goal is missed where the bounds, or a replica that stays down, may be to blame. */
  readonly undecided: "inconclusive" | "outside" | null;
  /** The monitor states of every state reached, as canonical texts. */
  readonly observations: ReadonlySet<string>;
}

/** Explores everything that can happen in a setting, or throws once there are more than `maxStates`. */
export function naiveSearch(setting: Setting, maxStates = Number.POSITIVE_INFINITY): NaiveResult {
  return new Search(setting).result(maxStates);
}

/** A search of all states of a run, breadth first. */
class Search extends Liveness {
  /** Depths of the states found, by key. */
  readonly seen = new Map<string, number>();
  readonly observations = new Set<string>();
  violation: NaiveResult["violation"] = null;

  result(maxStates: number): NaiveResult {
    const isJudged = this.isLive && this.isOwed;
    let transitions = 0;
    for (const state of this.starts()) this.discover(state, 0);
    for (let next = 0; next < this.queue.length && !this.violation; next++) {
      const state = this.queue[next]!;
      const depth = this.seen.get(state.join("\n"))!;
      const successors = this.actions(state).filter((action) => !this.idle.has(action.state));
      const broken = isJudged ? this.brokenPromise(state, successors) : undefined;
      if (broken !== undefined) this.violation = { property: this.properties[broken]!.name, length: depth };
      else transitions += successors.length;
      for (const action of successors) if (!this.violation) this.discover(action.state, depth + 1);
      if (this.queue.length > maxStates) throw new RangeError(`more than ${maxStates} states`);
    }
    const lasso = isJudged && !this.violation ? this.missedForEver() : null;
    const { queue, violation, undecided, observations } = this;
    return { states: queue.length, transitions, violation, lasso, undecided, observations };
  }

  discover(state: State, depth: number): void {
    const key = state.join("\n");
    if (this.seen.has(key)) return;
    this.seen.set(key, depth);
    this.queue.push(state);
    this.observations.add(state.at(-1)!);
    const broken = this.monitorStates(state)
      .slice(0, this.properties.length)
      .findIndex((now, i) => this.monitors[i]!.verdict(now) === "violated");
    if (broken >= 0) this.violation ??= { property: this.properties[broken]!.name, length: depth };
  }
}
