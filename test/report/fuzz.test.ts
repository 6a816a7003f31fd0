// What people and programs read about a fuzz campaign.

import test from "ava";
import { noPaint } from "../../src/render/paint.js";
import { fuzzJson, fuzzNotes, fuzzTable } from "../../src/report/fuzz.js";
import { junitXml } from "../../src/report/junit.js";
import { runPage } from "../../src/report/run-page.js";
import { fuzzReport } from "../../src/report/search-reports.js";
import { markdownSummary } from "../../src/report/summary.js";
import { campaign, counterexample } from "./fixtures.js";

const violated = {
  verdict: "violated",
  reason: "they differ",
  counterexample: counterexample(30),
  failures: [
    { run: 2, path: "2", strategy: "pos", counterexample: counterexample(30), minimized: null, times: 1 },
  ],
  runs: 3,
  path: "2",
} as const;

const again =
  "turncoat fuzz pbft --replicas 4 --faults 1 --adversary arbitrary --byzantine r0 --property agreement,validity " +
  "--network async --views 1 --requests 2 --slots 1 --clients no --max-actions 200 --strategy uniform --seed 7";
const trace = { file: "traces/x.json", actions: 9, minimal: true };

test("a table has one row for each campaign, and never says that something holds", (t) => {
  t.is(
    fuzzTable([campaign(), campaign({ ...violated, distinctStatesEstimated: true })], noPaint),
    `
┌──────────┬───────────┬───────────┬───────┬─────────────────────┬──────────────┬───────┬────────┬────────┬─────────┬───────┐
│ protocol │ adversary │ Byzantine │ views │ checked             │ verdict      │  runs │ events │ states │ decided │  time │
├──────────┼───────────┼───────────┼───────┼─────────────────────┼──────────────┼───────┼────────┼────────┼─────────┼───────┤
│ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity │ no violation │ 1,000 │ 34,567 │  8,901 │     990 │ 1.5 s │
│ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity │ violated     │     3 │ 34,567 │ ~8,901 │     990 │ 1.5 s │
└──────────┴───────────┴───────────┴───────┴─────────────────────┴──────────────┴───────┴────────┴────────┴─────────┴───────┘`.trim(),
  );
});

test("notes say that no violation is only a sample", (t) => {
  t.deepEqual(fuzzNotes([campaign()]), ["pbft, arbitrary at r0, views 0-1: no violation in 1000 runs."]);
});

test("notes say how to repeat a violation, and where its minimized trace is", (t) => {
  t.deepEqual(fuzzNotes([campaign(violated, { traces: [trace] })]), [
    "pbft, arbitrary at r0, views 0-1: violated: they differ.",
    `  Found in run 3 by pos; the same run again: ${again} --path '2'`,
    "  Minimized from 30 to 9 actions in traces/x.json; look at it with: turncoat replay traces/x.json",
  ]);
  t.deepEqual(fuzzNotes([campaign({ ...violated, path: null }, { insideContract: false })]), [
    "pbft, arbitrary at r0, views 0-1: violated: they differ.",
    `  Found in run 3 by pos; the same run again: ${again}`,
    "pbft, arbitrary at r0, views 0-1: outside the contract of the protocol (it needs n >= 3f+1 and at most f replicas that are Byzantine or crash).",
  ]);
});

test("notes pass on what is wrong with a campaign", (t) => {
  t.deepEqual(fuzzNotes([campaign({ warnings: ["hardly anything happened"] })]), [
    "pbft, arbitrary at r0, views 0-1: no violation in 1000 runs.",
    "pbft, arbitrary at r0, views 0-1: hardly anything happened.",
  ]);
});

test("caveats are in the notes, in JSON, in JUnit files, in pages and in the summary; one that another property covers is not said", (t) => {
  const caveats = [
    { text: "agreement has not observed anything" },
    { text: "blind", coveredBy: "agreement" },
  ];
  const properties = [
    { name: "agreement", kind: "always", verdict: "holds", reason: null, comparisons: 1 },
  ] as const;
  const made = campaign({ caveats, properties });
  const said = "pbft, arbitrary at r0, views 0-1: agreement has not observed anything.";
  t.deepEqual(fuzzNotes([made]).slice(1), [said]);
  t.deepEqual(fuzzJson(made).caveats, ["agreement has not observed anything", "blind"]);
  const report = fuzzReport(made, { suite: "fuzz", traces: [], allowInconclusive: false });
  const command = {
    command: "fuzz",
    commandLine: "turncoat fuzz",
    verdict: "holds",
    seed: 7,
    seconds: 1,
  } as const;
  const whole = { ...command, runs: [report], notBegun: 0 };
  t.true(junitXml(whole).includes(said));
  t.true(runPage(whole).includes(said));
  t.regex(markdownSummary(whole), /\nCaveats:\n- pbft, .*: agreement has not observed anything\n/);
  t.false(markdownSummary({ ...whole, runs: [{ ...report, caveats: [] }] }).includes("Caveats"));
});

test("the JSON of a campaign has the fields of the contract", (t) => {
  t.deepEqual(fuzzJson(campaign(violated, { traces: [trace] })), {
    protocol: "pbft",
    mutant: null,
    replicas: 4,
    faults: 1,
    adversary: "arbitrary",
    byzantine: ["r0"],
    network: "async",
    clients: false,
    bounds: { views: 1, requests: 2, slots: 1 },
    insideContract: true,
    identity: { digest: "d1", parts: { turncoat: "0.1.0, build b1" } },
    expected: null,
    verdict: "violated",
    reason: "they differ",
    properties: [],
    caveats: [],
    strategy: "uniform",
    foundBy: "pos",
    strategies: { uniform: { runs: 1000, events: 34_567, decided: 990, novel: 12 } },
    maxActions: 200,
    seed: 7,
    path: "2",
    runs: 3,
    events: 34_567,
    eventsPerSecond: 23_457,
    distinctStates: 8_901,
    distinctStatesEstimated: false,
    coverage: null,
    decided: 990,
    undecided: 10,
    decisionsPerRun: 1.5,
    kinds: { deliver: 34_567 },
    warnings: [],
    repeat: `${again} --path '2'`,
    stepCalls: 300,
    seconds: 1.474,
    peakMemoryBytes: 100_000_000,
    witnesses: { decisions: 5, agreementComparisons: 4, viewChanges: 1, messages: {}, adversaryMoves: {} },
    trace: { file: "traces/x.json", actions: 9, minimal: true },
    failures: [
      {
        ...{ run: 2, path: "2", strategy: "pos", times: 1, property: "agreement" },
        explanation: counterexample(30).explanation,
        repeat: `${again} --path '2'`,
        trace: { file: "traces/x.json", actions: 9, minimal: true },
      },
    ],
  });
  t.is(fuzzJson(campaign()).trace, null);
});
