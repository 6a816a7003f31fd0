// `turncoat check` without a protocol: the built-in suites, those of a project's own, and what Ctrl-C leaves of them.

import test from "ava";
import { directoryWith, parse, refusedWith, says, start, turncoat, turncoatJson } from "./support.js";

const correct = {
  protocol: "pbft",
  adversaries: ["arbitrary"],
  byzantine: ["r0"],
  properties: ["agreement"],
  views: 0,
};
const mutant = { protocol: "pbft/quorum-2f" };

/** The text of a configuration with one suite. */
function configuration(...requests: readonly object[]): string {
  return JSON.stringify({ suites: [{ name: "mine", requests }] });
}

test("a project's own suite exits with 0 if every verdict is as expected", async (t) => {
  const text = configuration({ ...correct, expect: "holds" }, { ...mutant, expect: "violated" });
  const directory = await directoryWith(t, { "turncoat.config.json": text });
  const { code, document } = await turncoatJson(directory, "check");
  t.is(code, 0);
  t.deepEqual([document.verdict, document.asExpected], ["violated", true]);
  t.deepEqual(
    document.runs.map((run: { expected: string; verdict: string }) => [run.expected, run.verdict]),
    [
      ["holds", "holds"],
      ["violated", "violated"],
    ],
  );
  const { stdout } = await turncoat(directory, "check");
  t.regex(stdout, /\n2 of 2 runs: 2 as expected, 0 not\. [\d.]+ s\.\n$/);
});

for (const [expect, request, verdict] of [
  ["violated", correct, "holds"],
  ["vacuous", correct, "holds"],
  ["holds", mutant, "violated"],
] as const) {
  test(`a suite that expects ${expect} of a run that is ${verdict} exits with 1`, async (t) => {
    const text = configuration({ ...correct, expect: "holds" }, { ...request, expect });
    const { code, document } = await turncoatJson(
      await directoryWith(t, { "turncoat.config.json": text }),
      "check",
    );
    t.is(code, 1);
    t.deepEqual([document.verdict, document.asExpected], [verdict, false]);
    t.deepEqual([document.runs[0].asExpected, document.runs[1].asExpected], [true, false]);
    t.is(document.runs[1].expected, expect);
    t.is(document.runs[1].verdict, verdict);
  });
}

test("a suite may leave it open what comes out", async (t) => {
  const text = configuration({ ...mutant, expect: "any" });
  const { code, document } = await turncoatJson(
    await directoryWith(t, { "turncoat.config.json": text }),
    "check",
  );
  t.is(code, 0);
  t.is(document.runs[0].verdict, "violated");
});

test("a suite says which reduction to use, and --reduce goes before it", async (t) => {
  const text = configuration({ ...mutant, reduce: "none", expect: "violated" });
  const directory = await directoryWith(t, { "turncoat.config.json": text });
  const reduction = async (...options: string[]) =>
    (await turncoatJson(directory, "check", ...options)).document.runs[0].reduction;
  t.is(await reduction(), "none");
  t.is(await reduction("--reduce", "visible-steps"), "visible-steps");
});

test("a suite without runs has put nothing to the test: exit code 3", async (t) => {
  const directory = await directoryWith(t, { "turncoat.config.json": '{"suites":[]}' });
  const { code, document } = await turncoatJson(directory, "check");
  t.is(code, 3);
  t.is(document.verdict, "vacuous");
  t.deepEqual(document.runs, []);
});

test("a configuration in TypeScript is read too", async (t) => {
  const text = `const expect: string = "violated";
    export default { suites: [{ name: "mine", requests: [{ protocol: "pbft/quorum-2f", expect }] }] };`;
  const { code, document } = await turncoatJson(
    await directoryWith(t, { "turncoat.config.ts": text }),
    "check",
  );
  t.is(code, 0);
  t.is(document.runs.length, 1);
});

test("a misspelt option is an error and not a default", async (t) => {
  const text = configuration({ ...mutant, expct: "violated" });
  refusedWith(
    t,
    await turncoat(await directoryWith(t, { "turncoat.config.json": text }), "check", "--json"),
    "turncoat: turncoat.config.json is not a configuration:\n" +
      '  suites[0].requests[0].expct: is not a known field; did you mean "expect"?',
  );
});

test("an interrupt ends the run at hand and reports what was found: exit code 130", async (t) => {
  const { child, done } = start(
    await directoryWith(t),
    ...["check", "pbft", "--adversary", "silent,arbitrary", "--byzantine", "r0"],
    ...["--slots", "2", "--requests", "2", "--property", "agreement", "--reduce", "none", "--json"],
  );
  // The first run has ended, and the other has many millions of states before it.
  await says(child.stderr, "views 0-1: holds, 19,875 states");
  child.kill("SIGINT");
  const outcome = await done;
  t.is(outcome.code, 130);
  t.true(
    outcome.stderr.includes(
      "\nInterrupted: reporting what was found so far (press Ctrl-C again to stop at once).\n",
    ),
  );
  const document = parse(outcome);
  t.is(document.verdict, "inconclusive");
  t.deepEqual(
    document.runs.map((run: { adversary: string; verdict: string; reason: string | null }) => [
      run.adversary,
      run.verdict,
      run.reason,
    ]),
    [
      ["silent", "holds", null],
      ["arbitrary", "inconclusive", "the search was interrupted"],
    ],
  );
  t.true(document.runs[1].frontier > 0);
});
