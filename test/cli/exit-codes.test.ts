import test from "ava";
import { exitCode, exitCodeOf } from "../../src/cli/exit-codes.js";
import type { Verdict } from "../../src/verdict/verdict.js";

test("every verdict has its exit code, and only inconclusive can be allowed", (t) => {
  const codes = { holds: 0, violated: 1, inconclusive: 3, vacuous: 3, outside: 3 };
  for (const [verdict, code] of Object.entries(codes)) {
    t.is(exitCodeOf(verdict as Verdict, false), code);
    t.is(exitCodeOf(verdict as Verdict, true), verdict === "inconclusive" ? 0 : code);
  }
});

test("bad usage is 2 and an interrupt 130", (t) => {
  t.is(exitCode.usage, 2);
  t.is(exitCode.interrupted, 130);
});
