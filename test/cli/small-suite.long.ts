// `check --suite small`, whole.

import test from "ava";
import { directoryWith, turncoatJson } from "./support.js";

test("the small suite gives every run its expected verdict", async (t) => {
  t.timeout(120_000);
  const { code, document } = await turncoatJson(await directoryWith(t), "check", "--suite", "small");
  t.is(code, 0);
  t.deepEqual([document.verdict, document.asExpected], ["violated", true]);
  const verdicts = document.runs.map((run: { expected: string; verdict: string }) => [
    run.expected,
    run.verdict,
  ]);
  t.deepEqual(verdicts, [...Array(28).fill(["holds", "holds"]), ...Array(23).fill(["violated", "violated"])]);
});
