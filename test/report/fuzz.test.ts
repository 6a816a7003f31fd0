// What people and programs read about a fuzz campaign.

import test from "ava";
import { noPaint } from "../../src/render/paint.js";
import { fuzzJson, fuzzNotes, fuzzTable } from "../../src/report/fuzz.js";
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
