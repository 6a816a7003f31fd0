// JUnit XML: validated by libxml2 against a schema of what Jenkins accepts, and looked at for what it says.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { validateXML } from "xmllint-wasm";
import { junitXml } from "../../src/report/junit.js";
import type { CommandReport, ShownTrace } from "../../src/report/run-report.js";
import { checkReport, fuzzReport } from "../../src/report/search-reports.js";
import { replay } from "../../src/trace/index.js";
import type { PropertyResult, Verdict } from "../../src/verdict/verdict.js";
import { root } from "../cli/support.js";
import { equivocation } from "../trace/fixtures.js";
import { campaign, run } from "./fixtures.js";

const schema = readFileSync(join(root, "test/report/junit.xsd"), "utf8");

async function problems(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: [{ fileName: "report.xml", contents: xml }],
    schema: [schema],
  });
  return errors.map(({ message }) => message);
}

const property = (name: string, verdict: Verdict, reason: string | null = null): PropertyResult => ({
  name,
  kind: "always",
  verdict,
  reason,
  comparisons: 1,
});

async function trace(): Promise<ShownTrace> {
  return { file: "traces/a.json", result: await replay(await equivocation()) };
}

const around = { command: "check", commandLine: "turncoat check", verdict: "violated", seed: null } as const;

async function reportOfAll(): Promise<CommandReport> {
  const surroundings = { suite: "mine", traces: [await trace()], allowInconclusive: false };
  const mixed = run({
    verdict: "violated",
    seconds: 6,
    properties: [
      property("agreement", "violated"),
      property("validity", "holds"),
      property("integrity", "vacuous", 'never & nowhere <"exercised"> \u0000\u001b[31m'),
      property("bounded-log", "inconclusive", "limit"),
      property("liveness", "outside", "the primary ]]> is ]]> Byzantine ]]> \ud800 \ufffe \uffff \u202e"),
    ],
  });
  const held = run({ properties: [property("agreement", "holds")], seconds: 0.25 });
  return {
    ...around,
    seconds: 7,
    runs: [
      checkReport(mixed, surroundings),
      checkReport(held, { ...surroundings, suite: "other", traces: [] }),
    ],
    notBegun: 3,
  };
}

test("a report with everything in it is valid", async (t) => {
  t.deepEqual(await problems(junitXml(await reportOfAll())), []);
});

test("JUnit's schema is not content with everything", async (t) => {
  const xml = junitXml(await reportOfAll());
  for (const [found, replaced] of [
    ["<failure ", "<fault "],
    [' time="1.2"', ' time="soon"'],
    [' tests="5"', ""],
    ["<properties>", "<properties/><properties>"],
  ] as const) {
    t.true(xml.includes(found), found);
    t.not((await problems(xml.replace(found, replaced))).length, 0, found);
  }
});

test("one test case for each run and property, with its share of the time and its outcome", async (t) => {
  const xml = junitXml(await reportOfAll());
  const cases = [...xml.matchAll(/<testcase classname="([^"]*)" name="([^"]*)" time="([^"]*)">\s*<(\S+)/g)];
  t.deepEqual(
    cases.map(([, , name, time, outcome]) => [name, time, outcome]),
    [
      ["agreement", "1.2", "failure"],
      ["validity", "1.2", "system-out><![CDATA[states:"],
      ["integrity", "1.2", "skipped/>"],
      ["bounded-log", "1.2", "skipped/>"],
      ["liveness", "1.2", "skipped/>"],
      ["agreement", "0.25", "system-out><![CDATA[states:"],
      ["every run is made", "0", "error"],
    ],
  );
  t.is(
    cases[0]![1],
    "pbft, arbitrary at r0, views 0-1 (n=4, f=1, async network, 2 requests, 1 slot, no client nodes)",
  );
  t.deepEqual(
    [...xml.matchAll(/<testsuites? name="([^"]*)".* tests="(\d)" failures="(\d)" errors="(\d)"/g)].map(
      ([, ...counts]) => counts,
    ),
    [
      ["turncoat check", "7", "1", "1"],
      ["mine", "5", "1", "0"],
      ["other", "1", "0", "0"],
      ["interrupted", "1", "0", "1"],
    ],
  );
});

test("a failure says what is wrong, where the trace is, and tells it", async (t) => {
  const xml = junitXml(await reportOfAll());
  t.true(
    xml.includes(
      '<failure message="r1 executed c0:1:A at slot 1, but r2 executed c1:1:B there" type="violated">' +
        "<![CDATA[The trace is in traces/a.json\n\npbft/quorum-2f, n = 4, f = 1, Byzantine: r0 (equivocating-primary)\n",
    ),
  );
  t.true(xml.includes("  4  r0 ⇢ r2  commit view 0 slot 1 c1:1:B  (Byzantine)\n"));
});

test("a campaign's seed is in the file, and what was not found is not said to hold", async (t) => {
  const fuzzed = campaign({ properties: [property("agreement", "holds")] });
  const run = fuzzReport(fuzzed, { suite: "pbft", traces: [], allowInconclusive: false });
  t.is(run.verdict, "no violation"); // random runs never show that something holds
  t.deepEqual(
    run.cases.map(({ verdict }) => verdict),
    ["no violation"],
  );
  const report: CommandReport = {
    command: "fuzz",
    commandLine: "turncoat fuzz pbft",
    verdict: run.verdict,
    seed: 7,
    seconds: 2,
    runs: [run],
    notBegun: 0,
  };
  const xml = junitXml(report);
  t.deepEqual(await problems(xml), []);
  t.true(xml.includes('<property name="seed" value="7"/>'));
  t.true(xml.includes('<property name="command" value="turncoat fuzz pbft"/>'));
});
