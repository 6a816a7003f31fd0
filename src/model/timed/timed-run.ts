// Checks a timed run: actions with times are checked against the rules of clockwork.ts, one by one, and
// whether a client is not served in time. Replay and minimization use it, and so believe nothing that a
// counterexample claims.

import type { Action, ActionTimes, Counterexample, StartChoice } from "../action.js";
import { actor } from "../action.js";
import { insideContract } from "../setting.js";
import type { TransitionSystem } from "../system.js";
import { Clockwork } from "./clockwork.js";
import { goesRound, isLate, isStuck } from "./explanations.js";
import type { Micros, Timing } from "./timing.js";

/** What becomes of the actions and times that somebody claims to be a timed run. */
export type TimedOutcome =
  /** All is as the rules say, and a client was not served in time. */
  | { readonly kind: "violated"; readonly explanation: string }
  /** All is as the rules say, and nobody can complain. */
  | { readonly kind: "holds" }
  /**
   * Action number `at` (from 0) is not possible, or not then; the number of all actions: it is about the
   * end.
   */
  | { readonly kind: "invalid"; readonly at: number; readonly reason: string };

/** Actions with their times. */
export type TimedActions = Pick<Counterexample, "actions" | "loop"> & { readonly schedule: ActionTimes };

/** Called after every action that was performed, with the states before and after. */
export type Watcher = (before: Int32Array, after: Int32Array, action: Action) => void;

/** Checks timed runs in one system. */
export class TimedRuns {
  readonly system: TransitionSystem;
  readonly #timing: Timing;
  readonly #clock: Clockwork;

  constructor(system: TransitionSystem, timing: Timing) {
    this.system = system;
    this.#timing = timing;
    this.#clock = new Clockwork(system, timing);
  }

  /** The state reached so far. */
  get vector(): Int32Array {
    return this.#clock.vector;
  }

  /** Begins a run; false if there is no such start. */
  begin(start: StartChoice): boolean {
    const wanted = JSON.stringify(Object.entries(start).sort());
    const initial = this.system
      .initial()
      .find(({ choice }) => JSON.stringify(Object.entries(choice).sort()) === wanted);
    if (initial) this.#clock.begin(initial);
    return initial !== undefined;
  }

  /** Checks a run that has begun, to its end. */
  check(run: TimedActions, watch: Watcher = () => {}): TimedOutcome {
    const { actions, loop = [], schedule } = run;
    let again: string | null = null;
    for (const [at, action] of [...actions, ...loop].entries()) {
      if (at === actions.length) again = this.#situationAt(schedule.againMs);
      const reason = this.#perform(action, schedule.timesMs[at], watch);
      if (reason !== null) return { kind: "invalid", at, reason };
    }
    if (loop.length === 0) again = this.#situationAt(schedule.againMs);
    return this.#judge(schedule, again, actions.length + loop.length);
  }

  #situationAt(ms: number | undefined): string | null {
    if (ms === undefined || micros(ms) < Math.max(this.#clock.now, this.#clock.timing.gst)) return null;
    return this.#goOn(micros(ms)) === null ? this.#clock.situation() : null;
  }

  #perform(action: Action, timeMs: number | undefined, watch: Watcher): string | null {
    if (timeMs === undefined) return "it has no time";
    const clock = this.#clock;
    if (micros(timeMs) < clock.now) return `it comes at ${timeMs} ms, which is over`;
    const problem = this.#goOn(micros(timeMs));
    if (problem !== null) return problem;
    const before = clock.vector.slice();
    const next = this.system.perform(before, action);
    if (next === null) return "it is no longer possible";
    if (!this.#happens(action, next)) return `that timer does not run out at ${timeMs} ms`;
    watch(before, next, action);
    return null;
  }

  /** Finds the reaction that leads to `next`, and takes it. */
  #happens(action: Action, next: Int32Array): boolean {
    const clock = this.#clock;
    const { nodes, reactions } = this.system;
    const node = nodes.findIndex(({ spec }) => spec.id === actor(action));
    const what = this.#whatOf(action, node);
    if (action.kind === "timer") {
      const isDue = clock.due().some((one) => one.node === node && one.timer === what);
      if (!isDue && node < this.system.correctCount) return false; // a Byzantine node's clock shows what it likes
      clock.skip(node, what);
    }
    const kind = action.kind as "deliver" | "timer" | "restart";
    const received =
      action.kind === "deliver" && this.system.channels !== null
        ? (clock.envelope(node, what, this.#linkOf(action)) ?? null)
        : null;
    const reaction = reactions
      .react(node, clock.vector[node]!, kind, what)
      .find(
        (one) =>
          one.component === next[node] && one.label === ("choice" in action ? action.choice : undefined),
      );
    clock.take(node, reaction!, received);
    return true;
  }

  /** The node that has sent what is delivered, where that matters. */
  #linkOf(action: Extract<Action, { readonly from: string }>): number {
    const via = ("via" in action ? action.via : undefined) ?? action.from;
    return this.#clock.hasLinks ? this.system.nodes.findIndex(({ spec }) => spec.id === via) : -1;
  }

  #whatOf(action: Action, node: number): number {
    if (action.kind === "timer") return this.system.nodes[node]!.timers.indexOf(action.timer);
    return "message" in action ? this.system.packetOf(action.from, action.message)! : -1;
  }

  #goOn(time: Micros): string | null {
    const halt = this.#clock.advance(time);
    if (halt === null) return null;
    if (halt.kind === "views") return `at ${halt.at / 1000} ms the last view within the bounds is over`;
    return `${halt.what} should have come by ${halt.at / 1000} ms`;
  }

  #judge({ untilMs, againMs }: ActionTimes, again: string | null, length: number): TimedOutcome {
    const clock = this.#clock;
    const { waiting } = clock;
    if (clock.hasLeftBounds)
      return { kind: "invalid", at: length, reason: "the last view within the bounds is over" };
    if (!waiting.isAnybody || !insideContract(this.system.setting)) return { kind: "holds" };
    if (clock.isStill()) return { kind: "violated", explanation: isStuck(waiting.requests) };
    const end = micros(untilMs);
    if (end < clock.now) return { kind: "invalid", at: length, reason: "it ends before its last action" };
    const isOverdue = end >= waiting.until;
    // Nothing of that moment may be missing: what is due at it has to have happened.
    const reason = this.#goOn(isOverdue ? end + 1 : end);
    if (reason !== null) return { kind: "invalid", at: length, reason };
    if (isOverdue) return { kind: "violated", explanation: isLate(waiting.requests, end, this.#timing) };
    if (againMs === undefined || end <= micros(againMs) || again !== clock.situation())
      return { kind: "holds" };
    return { kind: "violated", explanation: goesRound(waiting.requests, micros(againMs), end) };
  }
}

function micros(ms: number): Micros {
  return Math.round(ms * 1000);
}
