// The report of a replay: whether the trace has the outcome that its file expects and, for a mutant's trace,
// whether the correct protocol survives it.

import { match } from "ts-pattern";
import { isPath } from "../catalogue/index.js";
import type { UserError } from "../model/errors.js";
import { lengthText, violatedText } from "../render/run-length.js";
import type { Repair } from "../trace/repair.js";
import type { ReplayResult } from "../trace/replay-result.js";
import type { Trace } from "../trace/schema.js";
import type { CaseReport, RunReport } from "./run-report.js";

/** One trace, replayed wherever it should be. */
export interface Replayed {
  readonly file: string;
  readonly trace: Trace;
  readonly result: ReplayResult;
  /** See `codeChanges`. */
  readonly changes: readonly string[] | null;
  /**
   * Where it diverged: what it is without the actions that are not possible, if it violates its property
   * then.
   */
  readonly repaired: Repair | null;
  /** On the correct protocol, if the trace is a mutant's. */
  readonly onOriginal: { readonly protocol: string; readonly result: ReplayResult } | null;
  readonly seconds: number;
}

/**
 * That a trace was found in other code, or does not say in which; null: it is this code. Of a built-in
 * protocol older traces need not say.
 */
export function codeNote({ trace, changes }: Replayed): string | null {
  if (changes?.length === 0) return null;
  if (changes) return `The trace was found in other code: ${changes.join("; ")}.`;
  return isPath(trace.setting.protocol) ? "The trace does not say in which code it was found." : null;
}

export function isAsExpected({ trace, result, onOriginal }: Replayed): boolean {
  return result.outcome === trace.expect && onOriginal?.result.outcome !== "reproduced";
}

export function outcomeText(result: ReplayResult): string {
  return match(result)
    .with({ outcome: "reproduced" }, ({ property, after, loop, fault }) => {
      if (fault) return `reproduced, an error after ${lengthText(after)}`;
      if (!loop) return `reproduced, ${property} violated after ${lengthText(after)}`;
      return `reproduced, ${property} ${violatedText(after - loop, loop)}`;
    })
    .with({ outcome: "holds now" }, () => "holds now")
    .with({ outcome: "diverged" }, ({ at }) => `diverged at action ${at}`)
    .exhaustive();
}

/** A trace for JUnit files and pages: one case for its own protocol, and one for the correct one. */
export function replayReport(replayed: Replayed): RunReport {
  const { file, trace, result, onOriginal, seconds } = replayed;
  const { property } = trace.violates;
  const isExpected = result.outcome === trace.expect;
  const own: CaseReport = {
    property,
    verdict: result.outcome,
    status: isExpected ? "passed" : "failed",
    message: isExpected ? outcomeText(result) : `expected: ${trace.expect}, found: ${outcomeText(result)}`,
    traces: [{ file, result }],
  };
  const other = onOriginal?.result;
  const onCorrect: CaseReport[] = other
    ? [
        {
          property: `${property}, on ${onOriginal?.protocol}`,
          verdict: other.outcome,
          status: other.outcome === "reproduced" ? "failed" : "passed",
          message: outcomeText(other),
          traces: other.outcome === "reproduced" ? [{ file, result: other }] : [],
        },
      ]
    : [];
  return {
    suite: "traces",
    name: file,
    setting: trace.setting,
    seconds,
    verdict: result.outcome,
    expected: trace.expect,
    isAsExpected: isAsExpected(replayed),
    cases: [own, ...onCorrect],
    figures: [
      ["protocol", trace.setting.protocol],
      ["actions", String(trace.actions.length + (trace.loop?.length ?? 0))],
    ],
    witnesses: [],
    notes: trace.origin === undefined ? [] : [`Found by: ${trace.origin}.`],
  };
}

/** A file that could not be replayed, and why. */
export interface Unread {
  readonly file: string;
  readonly error: UserError;
}

/** Such a file for JUnit files and pages. */
export function unreadReport({ file, error }: Unread): RunReport {
  const message = [error.message, ...error.frames].join("\n    ");
  return {
    suite: "traces",
    name: file,
    setting: null,
    seconds: 0,
    verdict: "unread",
    expected: null,
    isAsExpected: false,
    cases: [{ property: "can be replayed", verdict: "unread", status: "error", message, traces: [] }],
    figures: [],
    witnesses: [],
    notes: [error.message, ...error.frames],
  };
}

/** Such a file as the contract's JSON object. */
export function unreadJson({ file, error: { code, message, frames } }: Unread) {
  return { file, code, message, frames: [...frames] };
}
