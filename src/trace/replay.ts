// Replays a trace: performs it action by action on a protocol, its own or another (the repaired one), and
// tells whether it still violates the property.

import { findProtocol, settingFrom, withoutMutation } from "../catalogue/index.js";
import { sayingOnly } from "../liar/told.js";
import { type Action, type Counterexample, type Execution, messageOf } from "../model/action.js";
import { canonicalizer, SchemaMismatch } from "../model/canonical.js";
import { type FaultCode, isFault, UserError } from "../model/errors.js";
import { lassoText } from "../model/lasso-text.js";
import { asJson, type Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { Walk } from "../model/walk.js";
import { watched } from "../watch/clock.js";
import { focusOn } from "./focus.js";
import { isFairLasso } from "./lasso.js";
import { momentObserver } from "./moment.js";
import type { Diverged, Replayed, ReplayResult } from "./replay-result.js";
import { replayTimed } from "./replay-timed.js";
import type { Trace } from "./schema.js";
import { type StepChange, stepObserver, summarizeNodes } from "./step-change.js";

/**
 * Replays a trace on its protocol, or on the one named `overrideProtocol`.
 *
 * ```ts
 * (await replay(trace)).outcome // => "reproduced"
 * (await replay(trace, "pbft")).outcome // => "diverged"
 * ```
 * The run of a simulation is made again from its options, and compared with the trace.
 *
 * @param signal ends it: then `Abandoned` is thrown. Default: none.
 * @throws {UserError} for unknown names, and `bad-file` for messages that do not fit the protocol's schema.
 */
export async function replay(
  trace: Trace,
  overrideProtocol?: string,
  signal?: AbortSignal,
): Promise<ReplayResult> {
  const { setting: own } = trace;
  if (trace.simulation) {
    const { replaySimulated } = await import("./replay-simulated.js"); // few traces need it
    return replaySimulated(trace, overrideProtocol, signal);
  }
  if (trace.recorded) {
    const { replayRecorded } = await import("./replay-recorded.js");
    return replayRecorded(trace, overrideProtocol);
  }
  const setting = await settingFrom(
    overrideProtocol === undefined
      ? own
      : { ...withoutMutation(own, await findProtocol(own.protocol)), protocol: overrideProtocol },
  );
  checkMessages(trace, setting);
  return watched(
    () => signal?.aborted === true,
    () => replayIn(setting, trace.violates.property, trace),
  );
}

/**
 * Replays an execution in a setting.
 *
 * ```ts
 * replayIn(setting, "agreement", trace).outcome // => "reproduced"
 * ```
 * @throws {UserError} if the protocol or the adversary misbehaves.
 */
export function replayIn<Message, Request>(
  asked: Setting<Message, Request>,
  property: string,
  execution: Execution & Pick<Counterexample, "loop" | "schedule"> & Pick<Trace, "throws">,
): ReplayResult {
  const setting = asJson(asked);
  if (execution.throws) return replayFault(setting, property, execution, execution.throws);
  if (setting.timing && execution.schedule)
    return replayTimed(setting, property, { ...execution, schedule: execution.schedule });
  const { start, actions, loop = [] } = execution;
  const system = new TransitionSystem(sayingOnly(focusOn(setting, property), [...actions, ...loop]));
  const question = { setting, property, start };
  const walk = Walk.begin(system, start);
  if (!walk)
    return { ...question, starts: [], steps: [], nodes: [], outcome: "diverged", at: 0, action: null };
  const starts = summarizeNodes(system, walk.vector);
  const startMoment = momentObserver(system, setting.properties)(walk.vector);
  const { steps, loopStates, impossible } = performAll(system, walk, execution);
  const nodes = summarizeNodes(system, walk.vector);
  const all: Replayed = { ...question, starts, startMoment, steps, nodes };
  if (impossible) return { ...all, ...divergedAt(system, walk, impossible), at: steps.length + 1 };
  const after = steps.length;
  const violation = walk.violation();
  if (violation) return { ...all, outcome: "reproduced", after, explanation: violation.explanation };
  if (!isFairLasso(system, loopStates, walk.vector)) return { ...all, outcome: "holds now" };
  const explanation = lassoText(system, walk.vector, loop);
  return { ...all, outcome: "reproduced", after, loop: loop.length, explanation };
}

/** An action that is not possible; if it is a forgery, why. */
function divergedAt(
  system: TransitionSystem,
  walk: Walk,
  action: Action,
): Pick<Diverged, "outcome" | "action" | "reason"> {
  const reason = system.whyForged(walk.vector, action);
  return { outcome: "diverged", action, ...(reason !== null && { reason }) };
}

/** What was performed of an execution: up to a violation, or up to an action that is not possible. */
interface Performed {
  readonly steps: readonly StepChange[];
  /** The states before each action of the loop. */
  readonly loopStates: readonly Int32Array[];
  readonly impossible: Action | null;
}

function performAll(
  system: TransitionSystem,
  walk: Walk,
  { actions, loop = [] }: Pick<Counterexample, "actions" | "loop">,
): Performed {
  const observe = stepObserver(system, system.setting.properties);
  const steps: StepChange[] = [];
  const loopStates: Int32Array[] = [];
  for (const [index, action] of [...actions, ...loop].entries()) {
    if (walk.violation()) break;
    const before = walk.vector;
    const isOnLoop = index >= actions.length;
    if (isOnLoop) loopStates.push(before);
    const isPossible = isOnLoop ? walk.performOnLoop(action) : walk.perform(action);
    if (!isPossible) return { steps, loopStates, impossible: action };
    steps.push(observe(before, walk.vector, action));
  }
  return { steps, loopStates, impossible: null };
}

/** Replays a run that ends with a fault. It takes place at the last action, or in the state after it. */
function replayFault(
  setting: Setting,
  property: string,
  execution: Execution,
  code: FaultCode,
): ReplayResult {
  const { start, actions } = execution;
  const steps: StepChange[] = [];
  const told: Replayed = { setting, property, start, starts: [], steps, nodes: [] };
  let [all, performed] = [told, 0];
  try {
    const system = new TransitionSystem(sayingOnly(focusOn(setting, property), actions));
    const walk = Walk.begin(system, start);
    if (!walk) return { ...told, outcome: "diverged", at: 0, action: null };
    const observe = stepObserver(system, setting.properties);
    const starts = summarizeNodes(system, walk.vector);
    const startMoment = momentObserver(system, setting.properties)(walk.vector);
    all = { ...told, starts, startMoment };
    for (const action of actions) {
      performed++;
      const before = walk.vector;
      if (!walk.perform(action)) return { ...all, ...divergedAt(system, walk, action), at: performed };
      steps.push(observe(before, walk.vector, action));
      all = { ...all, nodes: summarizeNodes(system, walk.vector) };
    }
    walk.meet(code);
  } catch (error) {
    if (!isFault(error) || error.code !== code) throw error;
    const action = steps.length < performed ? { faultAction: actions[performed - 1]! } : {};
    const { message: explanation } = error;
    return { ...all, outcome: "reproduced", after: performed, explanation, fault: error, ...action };
  }
  return { ...all, outcome: "holds now" };
}

/** @throws {UserError} `bad-file` for messages that do not fit the protocol's schema, with the path of each. */
export function checkMessages(trace: Trace, setting: Setting): void {
  const canonical = canonicalizer(setting.protocol.message as never);
  const problems = (["actions", "loop"] as const).flatMap((field) =>
    (trace[field] ?? []).flatMap((action, index) => {
      const message = messageOf(action);
      if (message === undefined) return [];
      const checked = canonical(message);
      return checked instanceof SchemaMismatch ? [`  ${checked.within(`${field}[${index}].message`)}`] : [];
    }),
  );
  if (problems.length === 0) return;
  const heading = `The trace has messages that do not fit the schema of ${setting.protocol.name}:`;
  const advice =
    "Has the protocol got other messages since? Then the trace says nothing about it: find the violation anew in its `setting`, or take the file away.";
  throw new UserError("bad-file", [heading, ...problems, advice].join("\n"));
}
