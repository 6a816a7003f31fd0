// What people and programs read about a fuzz campaign.

import test from "ava";
import { fuzzJson, fuzzNotes, fuzzTable } from "../../src/report/fuzz.js";
import { noPaint } from "../../src/report/paint.js";
import { campaign, counterexample } from "./fixtures.js";

const violated = {
  verdict: "violated",
  reason: "they differ",
  counterexample: counterexample(30),
  runs: 3,
  path: "2",
} as const;
const trace = { file: "traces/x.json", actions: 9 };

test("a table has one row for each campaign, and never says that something holds", (t) => {
  t.is(
    fuzzTable([campaign(), campaign({ ...violated, distinctStatesCapped: true })], noPaint),
    `
┌──────────┬───────────┬───────────┬───────┬─────────────────────┬──────────────┬───────┬────────┬─────────┬─────────┬───────┐
│ protocol │ adversary │ Byzantine │ views │ checked             │ verdict      │  runs │ events │  states │ decided │  time │
├──────────┼───────────┼───────────┼───────┼─────────────────────┼──────────────┼───────┼────────┼─────────┼─────────┼───────┤
│ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity │ no violation │ 1,000 │ 34,567 │   8,901 │     990 │ 1.5 s │
│ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity │ violated     │     3 │ 34,567 │ > 8,901 │     990 │ 1.5 s │
└──────────┴───────────┴───────────┴───────┴─────────────────────┴──────────────┴───────┴────────┴─────────┴─────────┴───────┘`.trim(),
  );
});

test("notes say that no violation is only a sample", (t) => {
  t.deepEqual(fuzzNotes([campaign()]), ["pbft, arbitrary at r0, views 0-1: no violation in 1000 runs."]);
});

test("notes say how to repeat a violation, and where its minimized trace is", (t) => {
  t.deepEqual(fuzzNotes([campaign(violated, { trace })]), [
    "pbft, arbitrary at r0, views 0-1: violated: they differ.",
    "  Found in run 3; the same run again: --seed 7 --path 2",
    "  Minimized from 30 to 9 actions in traces/x.json; look at it with: turncoat replay traces/x.json",
  ]);
  t.deepEqual(fuzzNotes([campaign({ ...violated, path: null }, { insideContract: false })]), [
    "pbft, arbitrary at r0, views 0-1: violated: they differ.",
    "  Found in run 3; the same run again: --seed 7",
    "pbft, arbitrary at r0, views 0-1: outside the contract of the protocol (it needs n >= 3f+1 and at most f replicas that are Byzantine or crash).",
  ]);
});

test("the JSON of a campaign has the fields of the contract", (t) => {
  t.deepEqual(fuzzJson(campaign(violated, { trace })), {
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
    expected: null,
    verdict: "violated",
    reason: "they differ",
    properties: [],
    strategy: "uniform",
    maxActions: 200,
    seed: 7,
    path: "2",
    runs: 3,
    events: 34_567,
    eventsPerSecond: 23_457,
    distinctStates: 8_901,
    distinctStatesCapped: false,
    decided: 990,
    undecided: 10,
    stepCalls: 300,
    seconds: 1.474,
    peakMemoryBytes: 100_000_000,
    witnesses: { decisions: 5, agreementComparisons: 4, viewChanges: 1, messages: {}, adversaryMoves: {} },
    trace: { file: "traces/x.json", actions: 9, minimal: true },
  });
  t.is(fuzzJson(campaign()).trace, null);
});
