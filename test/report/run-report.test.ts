// Reports say what the exit code says.

import test from "ava";
import { exitCodeOf } from "../../src/cli/exit-codes.js";
import { overallVerdict, toleratedVerdict } from "../../src/report/check.js";
import { checkReport } from "../../src/report/search-reports.js";
import { type PropertyResult, type Verdict, worst } from "../../src/verdict/verdict.js";
import { run } from "./fixtures.js";

const verdicts: readonly Verdict[] = ["holds", "violated", "inconclusive", "vacuous", "outside"];

const property = (verdict: Verdict, index: number): PropertyResult => ({
  name: `p${index}`,
  kind: "always",
  verdict,
  reason: verdict === "holds" ? null : `because of ${verdict}`,
  comparisons: 1,
});

/** A run whose properties have these verdicts. */
const runWith = (found: readonly Verdict[], expected: Verdict | "any" | null) =>
  run({ verdict: worst(found), properties: found.map(property) }, expected);

test("a check fails in its report exactly if it fails in its exit code", (t) => {
  let compared = 0;
  for (const first of verdicts)
    for (const second of verdicts)
      for (const expected of [null, "any", ...verdicts] as const)
        for (const allowInconclusive of [false, true]) {
          const completed = runWith([first, second], expected);
          const { cases } = checkReport(completed, { suite: "s", traces: [], allowInconclusive });
          const fails = cases.some(({ status }) => status === "failed" || status === "error");
          const verdict = (allowInconclusive ? toleratedVerdict : overallVerdict)([completed]);
          const what = `${first}, ${second}, expected ${expected}, allowed ${allowInconclusive}`;
          t.is(fails, exitCodeOf(verdict, false) !== 0, what);
          compared++;
        }
  t.is(compared, 5 * 5 * 7 * 2);
});

test("each verdict has its status", (t) => {
  const statuses = (found: readonly Verdict[], expected: Verdict | null = null, allowInconclusive = false) =>
    checkReport(runWith(found, expected), { suite: "s", traces: [], allowInconclusive }).cases.map(
      ({ status }) => status,
    );
  t.deepEqual(statuses(verdicts), ["passed", "failed", "skipped", "skipped", "skipped"]);
  t.deepEqual(statuses(["inconclusive", "vacuous"], null, true), ["skipped", "error"]);
  t.deepEqual(statuses(["outside"]), ["error"]);
  t.deepEqual(statuses(["violated", "holds"], "violated"), ["passed", "passed"]);
  t.deepEqual(statuses(["holds", "holds"], "violated"), ["failed", "failed"]);
});

test("a message says what is wrong, and what was expected", (t) => {
  const messages = (found: readonly Verdict[], expected: Verdict | null) =>
    checkReport(runWith(found, expected), { suite: "s", traces: [], allowInconclusive: false }).cases.map(
      ({ message }) => message,
    );
  t.deepEqual(messages(["holds", "vacuous"], null), [null, "because of vacuous"]);
  t.deepEqual(messages(["holds"], "violated"), ["expected of the run: violated, found: holds"]);
  t.deepEqual(messages(["violated"], "violated"), ["because of violated"]);
});

test("allowing inconclusive does not allow a property that was never exercised", (t) => {
  t.is(toleratedVerdict([runWith(["inconclusive", "vacuous"], null)]), "vacuous");
  t.is(toleratedVerdict([runWith(["inconclusive"], null), runWith(["vacuous"], null)]), "vacuous");
  t.is(toleratedVerdict([runWith(["inconclusive", "outside"], null)]), "holds");
});
