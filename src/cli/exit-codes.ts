// The exit codes of the command line. 70 (EX_SOFTWARE in sysexits.h) is a bug of Turncoat. As in a shell,
// Ctrl-C and SIGTERM have different codes.

import type { Verdict } from "../verdict/verdict.js";

export const exitCode = {
  holds: 0,
  violated: 1,
  usage: 2,
  undecided: 3,
  internal: 70,
  interrupted: 130,
  terminated: 143,
} as const;

/** The exit code of a verdict. `outside` counts as undecided: the question has no answer. */
export function exitCodeOf(verdict: Verdict, allowInconclusive: boolean): number {
  switch (verdict) {
    case "holds":
      return exitCode.holds;
    case "violated":
      return exitCode.violated;
    case "inconclusive":
      return allowInconclusive ? exitCode.holds : exitCode.undecided;
    case "vacuous":
    case "outside":
      return exitCode.undecided;
  }
}
