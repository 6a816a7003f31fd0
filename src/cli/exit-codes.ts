// The exit codes of the contract, and 70 (EX_SOFTWARE in sysexits.h) for a bug of our own. An interrupt by Ctrl-C is told apart from one by SIGTERM as a shell does.

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

/** The exit code of a verdict. `outside` asked for something that has no answer: undecided. */
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
