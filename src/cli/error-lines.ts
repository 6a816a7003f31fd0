// What is printed of an expected error: its message, where it was thrown in the user's files, and how to see it again.

import type { UserError } from "../model/errors.js";
import { visibleText } from "../model/visible-text.js";
import { settingName } from "../render/setting.js";
import { alike, type FaultyRun } from "../report/faulty-run.js";

/** Lines for standard error. */
export function errorLines(error: UserError): string[] {
  const { message, frames, run, traceFile, origin } = error;
  const actions = run?.actions.length ?? 0;
  const led =
    actions === 0
      ? "It happens at once"
      : `The run that leads there has ${actions} action${actions === 1 ? "" : "s"}`;
  return [
    `turncoat: ${message}`,
    ...frames.map((frame) => `    ${visibleText(frame)}`),
    ...(traceFile === null ? [] : [`  ${led}: turncoat replay ${traceFile}`]),
    ...(origin === null ? [] : [`  Found by: ${visibleText(origin)}.`]),
  ];
}

/** Says on standard error which runs have no verdict, and why: each fault once. */
export function sayFaults(runs: readonly FaultyRun[]): void {
  for (const [first, ...others] of alike(runs)) {
    const lines = errorLines(first!.error);
    const names = [first!, ...others].map(({ planned }) => settingName(planned.description));
    console.error(
      [...lines, `  ${names.length === 1 ? "The run" : "The runs"}: ${names.join("; ")}.`].join("\n"),
    );
  }
}
