// Fault plans: partitions and stopped timers during some steps of a scheduled run. They shrink towards no faults at all.

import * as fc from "fast-check";
import { type Action, actor } from "../model/action.js";
import { asJson, nodesOf, type Setting } from "../model/setting.js";
import type { NodeId } from "../protocol/index.js";

/** For some steps of a run: what does not work. */
export interface FaultPhase {
  /** How many choices of the schedule the phase lasts. */
  readonly steps: number;
  /** These nodes and the others cannot hear each other. Byzantine nodes reach everybody. */
  readonly apart: readonly NodeId[];
  /** The timers of these nodes do not go off. */
  readonly patient: readonly NodeId[];
}

/** Phases one after the other; afterwards everything works. */
export type FaultPlan = readonly FaultPhase[];

/** How large fault plans become. */
export interface FaultPlanOptions {
  /** Phases at most; default 3. */
  readonly phases?: number;
  /** Steps of a phase at most; default 40. */
  readonly steps?: number;
}

/**
 * Fault plans for a setting: partitions of its nodes, and nodes whose timers do not go off.
 *
 * ```ts
 * const [plan] = fc.sample(faultPlan(setting, { phases: 1 }), { seed: 1, numRuns: 1 });
 * plan.every(({ apart }) => apart.every((id) => ["r0", "r1", "r2", "r3"].includes(id))) // => true
 * ```
 * @throws {UserError} if the protocol's `nodes` throws.
 */
export function faultPlan<Message, Request>(
  setting: Setting<Message, Request>,
  options: FaultPlanOptions = {},
): fc.Arbitrary<FaultPlan> {
  const { protocol, config } = asJson(setting);
  return faultPlanFor(
    nodesOf(protocol, config).map(({ id }) => id),
    options,
  );
}

/** The same for nodes with these ids. */
export function faultPlanFor(
  ids: readonly NodeId[],
  { phases = 3, steps = 40 }: FaultPlanOptions,
): fc.Arbitrary<FaultPlan> {
  const some = fc.subarray([...ids]);
  return fc.array(fc.record({ steps: fc.nat(steps), apart: some, patient: some }), { maxLength: phases });
}

/** The phase in which a step falls, or null. */
export function phaseAt(plan: FaultPlan, step: number): FaultPhase | null {
  let end = 0;
  for (const phase of plan) {
    end += phase.steps;
    if (step < end) return phase;
  }
  return null;
}

/** Whether a phase lets this action happen. */
export function isPossible(action: Action, { apart, patient }: FaultPhase): boolean {
  if (action.kind === "timer") return !patient.includes(actor(action));
  if (action.kind !== "deliver") return true;
  return apart.includes(action.via ?? action.from) === apart.includes(action.to);
}
