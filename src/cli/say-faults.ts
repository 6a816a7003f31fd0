// Prints the runs that ended with a fault of the user's code.

import { settingName } from "../render/setting.js";
import { alike, type FaultyRun } from "../report/faulty-run.js";
import { errorLines } from "./error-lines.js";

/** Prints on standard error which runs have no verdict, and why: each fault once. */
export function sayFaults(runs: readonly FaultyRun[]): void {
  for (const [first, ...others] of alike(runs)) {
    const lines = errorLines(first!.error);
    const names = [first!, ...others].map(({ planned }) => settingName(planned.description));
    console.error(
      [...lines, `  ${names.length === 1 ? "The run" : "The runs"}: ${names.join("; ")}.`].join("\n"),
    );
  }
}
