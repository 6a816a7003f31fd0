// Replays the counterexample of a timed run: every action at its time, by the rules of timed runs (see
// model/timed/clockwork.ts).

import { match } from "ts-pattern";
import { sayingOnly } from "../liar/told.js";
import type { Execution } from "../model/action.js";
import type { Setting } from "../model/setting.js";
import { TransitionSystem } from "../model/system.js";
import { type TimedActions, TimedRuns } from "../model/timed/timed-run.js";
import { focusOn } from "./focus.js";
import { momentObserver } from "./moment.js";
import type { Replayed, ReplayResult } from "./replay-result.js";
import { type StepChange, stepObserver, summarizeNodes } from "./step-change.js";

/** Replays a timed run in a setting that has a timing. */
export function replayTimed(
  setting: Setting,
  property: string,
  execution: Execution & TimedActions,
): ReplayResult {
  const { start, actions, loop = [], schedule } = execution;
  const system = new TransitionSystem(sayingOnly(focusOn(setting, property), [...actions, ...loop]));
  const runs = new TimedRuns(system, setting.timing!);
  const steps: StepChange[] = [];
  const { timesMs } = schedule;
  const told: Replayed = { setting, property, start, starts: [], steps, nodes: [], timesMs };
  if (!runs.begin(start)) return { ...told, outcome: "diverged", at: 0, action: null };
  const starts = summarizeNodes(system, runs.vector);
  const startMoment = momentObserver(system, setting.properties)(runs.vector);
  const observe = stepObserver(system, setting.properties);
  const outcome = runs.check(execution, (before, after, action) =>
    steps.push(observe(before, after, action)),
  );
  const all: Replayed = { ...told, starts, startMoment, nodes: summarizeNodes(system, runs.vector) };
  return match(outcome)
    .returnType<ReplayResult>()
    .with({ kind: "holds" }, () => ({ ...all, outcome: "holds now" }))
    .with({ kind: "invalid" }, ({ at, reason }) => {
      const action = [...actions, ...loop][at] ?? null;
      return { ...all, outcome: "diverged", at: at + 1, action, reason };
    })
    .with({ kind: "violated" }, ({ explanation }) => {
      const repeats = loop.length > 0 ? { loop: loop.length } : {};
      return { ...all, outcome: "reproduced", after: steps.length, explanation, ...repeats };
    })
    .exhaustive();
}
