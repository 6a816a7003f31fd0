// What the runs of one setting share: the transition systems, one for each adversary, so that no step is evaluated again in the next
// run; and the order in which possible actions are numbered, which depends on their content alone.

import { tally } from "../fuzz/tally.js";
import { type Action, actor, type Execution, messageOf } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import { type InitialState, TransitionSystem } from "../model/system.js";
import { type Violation, Walk } from "../model/walk.js";
import type { Adversary, Json } from "../protocol/index.js";
import { type Choice, kindAt, kindOf } from "./choice.js";
import { type FaultPhase, type FaultPlan, isPossible, phaseAt } from "./fault-plan.js";

/** The run that a schedule makes. */
export interface ScheduledRun extends Execution {
  /** What the last state violates, or null. Nothing happens after a violation. */
  readonly violation: Violation | null;
  /** How often correct replicas have executed something. */
  readonly executions: number;
  /** How many comparisons each property has made in the run, in the order of the setting's properties. */
  readonly comparisons: readonly number[];
  /** Whether each property came to know anything else in the run than at its start. */
  readonly observed: readonly boolean[];
}

/** What can differ from run to run. */
export interface RunChanges<Message = Json> {
  /** Default: everything works. */
  readonly plan?: FaultPlan;
  /** Who misbehaves in place of the setting's own adversary; null: nobody. */
  readonly adversary?: Adversary<Message> | null;
}

/** A transition system that several runs share. */
export class SharedSystem {
  readonly #setting: Setting;
  readonly #systems = new Map<Adversary<Json> | null, TransitionSystem>();
  readonly #initial = new Map<TransitionSystem, readonly InitialState[]>();
  readonly #texts = new WeakMap<object, string>();

  constructor(setting: Setting) {
    this.#setting = { ...setting, properties: [...setting.properties, tally] };
  }

  /** Makes the run of these choices: the first one chooses the start. */
  run([first, ...rest]: readonly Choice[], { plan = [], adversary }: RunChanges = {}): ScheduledRun {
    const walk = this.#begin(adversary, first?.[1] ?? 0);
    const { observations } = walk.system;
    const seen = new Set([walk.vector.at(-1)!]);
    let violation = walk.violation();
    for (const [step, choice] of rest.entries()) {
      if (violation !== null) break;
      const index = this.#choose(walk, choice, phaseAt(plan, step));
      if (index === null) continue; // perhaps in the next phase
      walk.take(index);
      violation = walk.violation();
      seen.add(walk.vector.at(-1)!);
    }
    const exercised = this.#setting.properties.map((_, at) =>
      observations.exercised(walk.vector.at(-1)!, at),
    );
    return {
      ...walk.execution,
      violation,
      executions: exercised.at(-1)!,
      comparisons: exercised.slice(0, -1),
      observed: exercised
        .slice(0, -1)
        .map((_, at) => [...seen].some((one) => observations.hasObserved(one, at))),
    };
  }

  #begin(adversary: Adversary<Json> | null = this.#setting.adversary, choice = 0): Walk {
    const system = this.#systems.get(adversary) ?? new TransitionSystem({ ...this.#setting, adversary });
    this.#systems.set(adversary, system);
    const initial = this.#initial.get(system) ?? system.initial();
    this.#initial.set(system, initial);
    return new Walk(system, initial[choice % initial.length]!);
  }

  #choose(walk: Walk, [kind, which]: Choice, phase: FaultPhase | null): number | null {
    const possible = this.#options(walk).filter(({ action }) => phase === null || isPossible(action, phase));
    const wanted = possible.filter(({ action }) => kindOf(action) === kindAt(kind));
    const options = wanted.length > 0 ? wanted : possible;
    return options.length === 0 ? null : options[which % options.length]!.index;
  }

  /** What can happen, in an order that depends on nothing but its content. */
  #options(walk: Walk): readonly { readonly index: number; readonly action: Action }[] {
    const successors = walk.successors();
    const options = Array.from({ length: successors.length }, (_, index) => {
      const action = walk.system.reactions.action(successors.node(index), successors.cause(index));
      return { index, action, name: this.#nameOf(action) };
    });
    return options.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  #nameOf(action: Action): string {
    const message = messageOf(action);
    if (typeof message !== "object" || message === null) return JSON.stringify(action);
    let text = this.#texts.get(message);
    if (text === undefined) {
      text = JSON.stringify(message);
      this.#texts.set(message, text);
    }
    return `${actor(action)} ${action.kind} ${text}`;
  }
}
