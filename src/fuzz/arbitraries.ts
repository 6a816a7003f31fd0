// Schedules, fault plans and adversaries as fast-check arbitraries, for people who write properties of their own:
//
//   fc.assert(
//     fc.property(schedule(setting), faultPlan(setting), (schedule, plan) => schedule.run({ plan }).violation === null),
//   );
//
// A schedule is a list of choices. Choice 0 is the first delivery there is, so fast-check shrinks towards few actions, deliveries
// and early ones; what comes out reads as the list of what happened. (Campaigns do not go this way, see fuzz.ts: they are
// made for speed, and their failures are minimized by delta debugging over actions, which gets further.)

import * as fc from "fast-check";
import { type Action, actor, messageOf, type StartChoice } from "../model/action.js";
import { nodesOf, type Setting } from "../model/setting.js";
import { type InitialState, TransitionSystem } from "../model/system.js";
import { type Violation, Walk } from "../model/walk.js";
import type { Adversary, Json, NodeId } from "../protocol/index.js";
import { tally } from "./tally.js";

/** For some steps of a run: what does not work. */
export interface FaultPhase {
  /** How many choices of the schedule the phase lasts. */
  readonly steps: number;
  /** These nodes and the others cannot hear each other (Byzantine ones are everywhere). */
  readonly apart: readonly NodeId[];
  /** The timers of these nodes do not go off. */
  readonly patient: readonly NodeId[];
}

/** Phases one after the other; then everything works. */
export type FaultPlan = readonly FaultPhase[];

/** What a schedule comes to. */
export interface ScheduledRun {
  readonly start: StartChoice;
  readonly actions: readonly Action[];
  /** What the last state violates, or null. Nothing happens after a violation. */
  readonly violation: Violation | null;
  /** How often correct replicas have executed something. */
  readonly executions: number;
}

/** What can differ from run to run. */
export interface RunChanges {
  readonly plan?: FaultPlan;
  /** In place of the setting's own; null: nobody lies. */
  readonly adversary?: Adversary<Json> | null;
}

/** Choices, and the setting in which they are made. */
export interface Schedule {
  readonly choices: readonly Choice[];
  /** Lets it happen. The same schedule and changes always give the same run. */
  run(changes?: RunChanges): ScheduledRun;
}

/** What kind of thing happens (see {@link kindAt}), and which one of them. */
type Choice = readonly [kind: number, which: number];

export interface ScheduleOptions {
  /** Actions at most; default 100. */
  readonly maxActions?: number;
}

/**
 * Schedules of a setting.
 *
 * ```ts
 * fc.assert(fc.property(schedule(setting), (schedule) => schedule.run().violation === null));
 * ```
 */
export function schedule(
  setting: Setting,
  { maxActions = 100 }: ScheduleOptions = {},
): fc.Arbitrary<Schedule> {
  const shared = new SharedSystem(setting);
  const choice = fc.tuple(fc.nat(kindChoices - 1), fc.nat(whichMax));
  return fc
    .array(choice, { maxLength: maxActions + 1, size: "max" })
    .map((choices) => new StagedSchedule(shared, choices));
}

/** Fault plans for a setting: up to `phases` (default 3) phases of up to `steps` (default 40) steps. */
export function faultPlan(
  { protocol, config }: Setting,
  { phases = 3, steps = 40 }: { readonly phases?: number; readonly steps?: number } = {},
): fc.Arbitrary<FaultPlan> {
  const ids = nodesOf(protocol, config).map(({ id }) => id);
  const phase = fc.record({ steps: fc.nat(steps), apart: fc.subarray(ids), patient: fc.subarray(ids) });
  return fc.array(phase, { maxLength: phases });
}

/** One of these adversaries; shrinks to weaker ones, those of the same strength in their order. */
export function adversary<Message>(among: readonly Adversary<Message>[]): fc.Arbitrary<Adversary<Message>> {
  return fc.constantFrom(...among.toSorted((a, b) => a.strength - b.strength));
}

const whichMax = 2 ** 20 - 1;

/** Of sixteen choices eleven are deliveries, three the adversary's, one a timer, one whatever else can happen. */
const kindChoices = 16;

type Kind = "deliver" | "lie" | "timer" | "other";

function kindAt(choice: number): Kind {
  if (choice < 11) return "deliver";
  return choice < 14 ? "lie" : choice === 14 ? "timer" : "other";
}

function kindOf({ kind }: Action): Kind {
  if (kind === "deliver" || kind === "timer") return kind;
  return kind === "inject" || kind === "relay" ? "lie" : "other";
}

/** What was evaluated is remembered from run to run. */
class SharedSystem {
  readonly #setting: Setting;
  readonly #systems = new Map<Adversary<Json> | null, TransitionSystem>();
  readonly #initial = new Map<TransitionSystem, readonly InitialState[]>();
  readonly #texts = new WeakMap<object, string>();

  constructor(setting: Setting) {
    this.#setting = { ...setting, properties: [...setting.properties, tally] };
  }

  begin(adversary: Adversary<Json> | null = this.#setting.adversary, choice = 0): Walk {
    const system = this.#systems.get(adversary) ?? new TransitionSystem({ ...this.#setting, adversary });
    this.#systems.set(adversary, system);
    const initial = this.#initial.get(system) ?? system.initial();
    this.#initial.set(system, initial);
    return new Walk(system, initial[choice % initial.length]!);
  }

  /** What can happen, kind by kind; in an order that depends on nothing but its content. */
  options(walk: Walk): readonly { readonly index: number; readonly action: Action }[] {
    const successors = walk.successors();
    const options = Array.from({ length: successors.length }, (_, index) => ({
      index,
      action: walk.system.reactions.action(successors.node(index), successors.cause(index)),
    }));
    const named = options.map((option) => ({ ...option, name: this.#nameOf(option.action) }));
    return named.sort((a, b) => (a.name < b.name ? -1 : 1));
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

class StagedSchedule implements Schedule {
  readonly choices: readonly Choice[];
  readonly #shared: SharedSystem;

  constructor(shared: SharedSystem, choices: readonly Choice[]) {
    this.#shared = shared;
    this.choices = choices;
  }

  run({ plan = [], adversary }: RunChanges = {}): ScheduledRun {
    const [first, ...rest] = this.choices;
    const walk = this.#shared.begin(adversary, first?.[1] ?? 0);
    let violation = walk.violation();
    for (const [step, choice] of rest.entries()) {
      if (violation !== null) break;
      const index = this.#choose(walk, choice, phaseAt(plan, step));
      if (index === null) continue; // perhaps in the next phase
      walk.take(index);
      violation = walk.violation();
    }
    const { observations, setting } = walk.system;
    const executions = observations.exercised(walk.vector.at(-1)!, setting.properties.length - 1);
    return { ...walk.execution, violation, executions };
  }

  #choose(walk: Walk, [kind, which]: Choice, phase: FaultPhase | null): number | null {
    const possible = this.#shared
      .options(walk)
      .filter(({ action }) => phase === null || isPossible(action, phase));
    const wanted = possible.filter(({ action }) => kindOf(action) === kindAt(kind));
    const options = wanted.length > 0 ? wanted : possible;
    return options.length === 0 ? null : options[which % options.length]!.index;
  }

  /** How fast-check prints it. */
  [fc.toStringMethod](): string {
    const { start, actions } = this.run();
    return `schedule(${JSON.stringify(start)}, [\n${actions.map((action) => `  ${JSON.stringify(action)}`).join(",\n")}\n])`;
  }
}

function phaseAt(plan: FaultPlan, step: number): FaultPhase | null {
  let end = 0;
  for (const phase of plan) {
    end += phase.steps;
    if (step < end) return phase;
  }
  return null;
}

function isPossible(action: Action, { apart, patient }: FaultPhase): boolean {
  if (action.kind === "timer") return !patient.includes(action.node);
  if (action.kind !== "deliver") return true;
  return apart.includes(action.via ?? action.from) === apart.includes(action.to);
}
