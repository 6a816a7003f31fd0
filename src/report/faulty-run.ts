// Runs that have no verdict, because code of the user's was at fault in them. The other runs of the command do have one: so the fault
// stands beside them, in tables, in JSON and in reports.

import type { UserError } from "../model/errors.js";
import type { Json } from "../protocol/index.js";
import { settingJson, settingName } from "../render/setting.js";
import type { PlannedRun } from "../suite/plan.js";
import type { RunReport } from "./run-report.js";

/** A run that ended with a fault of the user's code. */
export interface FaultyRun {
  readonly planned: PlannedRun;
  readonly error: UserError;
  readonly insideContract: boolean;
}

/** Whether a run has no verdict. */
export function isFaulty(run: object): run is FaultyRun {
  return "error" in run;
}

/** What stands where the verdict of a run would. */
export const faultWord = "fault";

/** Runs with one fault: found in the same place of the same file. */
export function alike(runs: readonly FaultyRun[]): readonly (readonly FaultyRun[])[] {
  const groups = new Map<string, FaultyRun[]>();
  for (const run of runs) {
    const { code, property, frames, message } = run.error;
    const key = JSON.stringify([code, property, frames[0] ?? message]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()];
}

/** As in "1 with a fault of your code". */
export function faultCount(runs: readonly FaultyRun[]): string {
  return `${runs.length} with a fault of your code`;
}

/** One such run as the contract's JSON object. */
export function faultJson({ planned, error, insideContract }: FaultyRun): Json {
  const { code, message, frames, property, run, traceFile, origin } = error;
  const trace = traceFile === null ? null : { file: traceFile, actions: run?.actions.length ?? 0 };
  return {
    ...settingJson(planned.description, insideContract),
    ...{ expected: planned.expect, code, message, frames: [...frames], property, trace, origin },
  } as Json;
}

/** One such run as files report it: none of its properties has an answer. */
export function faultReport({ planned, error }: FaultyRun, suite: string): RunReport {
  const { description, expect } = planned;
  const { message, frames, traceFile } = error;
  const look = traceFile === null ? [] : [`The run that leads there: turncoat replay ${traceFile}`];
  return {
    suite,
    name: settingName(description),
    setting: description,
    seconds: 0,
    verdict: faultWord,
    expected: expect,
    isAsExpected: false,
    cases: description.properties.map((property) => ({
      ...({ property, verdict: faultWord, status: "error", traces: [] } as const),
      message: [message, ...frames].join("\n    "),
    })),
    figures: [],
    witnesses: [],
    notes: [message, ...frames, ...look],
  };
}
