// What people and programs read about a check.

import test from "ava";
import { networks } from "../../src/model/network.js";
import { noPaint } from "../../src/render/paint.js";
import {
  checkHeading,
  checkJson,
  checkNotes,
  checkTable,
  isAsExpected,
  overallVerdict,
} from "../../src/report/check.js";
import { caveatsOf } from "../../src/verdict/caveats.js";
import type { Verdict } from "../../src/verdict/verdict.js";
import { pbftSetting } from "../support/settings.js";
import { counterexample, description, run } from "./fixtures.js";

const violated = { verdict: "violated", reason: "they differ", counterexample: counterexample(9) } as const;

test("a table has one row for each run", (t) => {
  const bare = { ...description, adversary: null, byzantine: [], properties: ["validity"] };
  const withClients = { ...bare, config: { ...bare.config, clients: true } };
  const single = { ...violated, reduction: "none", counterexample: counterexample(1), depth: 1 } as const;
  const runs = [
    run(),
    run({ ...violated, states: 33, transitions: 38, depth: 2, seconds: 0.04 }, "holds"),
    run(single, null, { planned: { description: withClients, expect: "violated", reduction: "none" } }),
  ];
  t.is(
    `${checkHeading("PBFT", runs, noPaint)}\n${checkTable(runs, noPaint)}`,
    `
PBFT
  1  n=4, f=1, async network, 2 requests, 1 slot, no client nodes
  2  n=4, f=1, async network, 2 requests, 1 slot, client nodes
┌───┬──────────┬───────────┬───────────┬───────┬─────────────────────────┬─────────┬───────────────────────────────────────────────────────────────┬───────────┬─────────────┬───────┬────────┐
│ # │ protocol │ adversary │ Byzantine │ views │ checked                 │ search  │ verdict                                                       │    states │ transitions │ depth │   time │
├───┼──────────┼───────────┼───────────┼───────┼─────────────────────────┼─────────┼───────────────────────────────────────────────────────────────┼───────────┼─────────────┼───────┼────────┤
│ 1 │ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity     │ visible │ holds                                                         │ 4,409,109 │  45,503,318 │    41 │  9.8 s │
│ 1 │ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity     │ visible │ agreement violated in 9 actions (2 visible) (expected: holds) │        33 │          38 │     2 │ 0.04 s │
│ 2 │ pbft     │ none      │ -         │ 0-1   │ validity (with clients) │ plain   │ violated in 1 action                                          │ 4,409,109 │  45,503,318 │     1 │  9.8 s │
└───┴──────────┴───────────┴───────────┴───────┴─────────────────────────┴─────────┴───────────────────────────────────────────────────────────────┴───────────┴─────────────┴───────┴────────┘`.trim(),
  );
});

test("a table does not number settings that are all the same", (t) => {
  t.is(
    `${checkHeading("PBFT", [run()], noPaint)}\n${checkTable([run()], noPaint)}`,
    `
PBFT (n=4, f=1, async network, 2 requests, 1 slot, no client nodes)
┌──────────┬───────────┬───────────┬───────┬─────────────────────┬─────────┬─────────┬───────────┬─────────────┬───────┬───────┐
│ protocol │ adversary │ Byzantine │ views │ checked             │ search  │ verdict │    states │ transitions │ depth │  time │
├──────────┼───────────┼───────────┼───────┼─────────────────────┼─────────┼─────────┼───────────┼─────────────┼───────┼───────┤
│ pbft     │ arbitrary │ r0        │ 0-1   │ agreement, validity │ visible │ holds   │ 4,409,109 │  45,503,318 │    41 │ 9.8 s │
└──────────┴───────────┴───────────┴───────┴─────────────────────┴─────────┴─────────┴───────────┴─────────────┴───────┴───────┘`.trim(),
  );
});

test("what came out as expected is painted good, everything else bad", (t) => {
  const paint = { ...noPaint, good: (text: string) => `+${text}`, bad: (text: string) => `!${text}` };
  const painted = (...args: Parameters<typeof run>) =>
    /([+!])(?:agreement )?(\w+)/
      .exec(checkTable([run(...args)], paint))
      ?.slice(1)
      .join("");
  t.is(painted(), "+holds");
  t.is(painted(violated, "violated"), "+violated");
  t.is(painted(violated, "any"), "+violated");
  t.is(painted(violated), "!violated");
  t.is(painted({}, "violated"), "!holds");
  t.is(painted({ verdict: "vacuous" }), "!vacuous");
});

test("notes give the reason and the trace of what was not expected, or of everything if asked for", (t) => {
  const fell = [run(violated, "violated", { traceFiles: ["traces/x.json"] })];
  t.deepEqual(checkNotes(fell, false), []);
  const notes = [
    "pbft, arbitrary at r0, views 0-1: violated: they differ.",
    "  The trace is in traces/x.json; look at it with: turncoat replay traces/x.json",
  ];
  t.deepEqual(checkNotes(fell, true), notes);
  t.deepEqual(checkNotes([run(violated, "holds", { traceFiles: ["traces/x.json"] })], false), notes);
  t.deepEqual(checkNotes([run()], true), []);
});

test("a search that was cut says how to go on, or why that is not possible", (t) => {
  const cut = { verdict: "inconclusive", reason: "the limit of 5 states was reached", frontier: 3 } as const;
  const notes = (unsaved: string | null, checkpointFile: string | null) =>
    checkNotes([run({ ...cut, unsaved }, "any", { checkpointFile })], false).slice(1);
  t.deepEqual(notes(null, "x.checkpoint"), ["  Go on with: turncoat check --resume x.checkpoint"]);
  t.deepEqual(notes("the disk is full.", null), [
    "pbft, arbitrary at r0, views 0-1: not saved: the disk is full.",
  ]);
  t.is(checkJson(run({ ...cut, unsaved: "the disk is full." })).unsaved, "the disk is full.");
  t.false("unsaved" in checkJson(run(cut)));
});

test("liveness that holds on async says what it rests on; so do faults that were asked for", (t) => {
  const properties = [
    { name: "totality", kind: "eventually", verdict: "holds", reason: null, comparisons: 1 },
  ] as const;
  const setting = { ...pbftSetting("silent", "r0"), network: "async" };
  const live = { properties, caveats: caveatsOf(setting, properties) };
  t.deepEqual(caveatsOf({ ...setting, network: "once" }, properties), []);
  const faults = { crashes: 1200, recoveries: 7 };
  const witnesses = { ...run().result.witnesses, faults };
  const notes = checkNotes([run({ ...live, witnesses }, null)], false);
  t.is(notes.length, 2);
  t.regex(notes[0]!, /on the async network liveness assumes that messages are sent again for ever/);
  t.regex(notes[1]!, /crashes 1,200, recoveries 7/);
  t.is(checkNotes([run(live, "holds")], false).length, 0, "a suite knows");
});

test("liveness that is violated on a network that loses messages for good says so, wherever it can happen", (t) => {
  const broken = { name: "totality", reason: "r2 never does", comparisons: 1 } as const;
  const violated = [{ ...broken, kind: "eventually", verdict: "violated" }] as const;
  const setting = pbftSetting("silent", "r0");
  const names = networks.map(({ name }) => name.replace("K", "1"));
  const losing = (properties: Parameters<typeof caveatsOf>[1]) =>
    names.filter((network) =>
      caveatsOf({ ...setting, network }, properties).some(({ text }) =>
        text.includes("loses messages for good"),
      ),
    );
  t.deepEqual(losing(violated), [
    ...["lossy:1", "lossy", "lossy-fifo:1", "lossy-fifo"],
    ...["partitions:1", "partitions", "one-way-partitions:1", "one-way-partitions"],
    ...["bridge-partitions:1", "bridge-partitions"],
  ]);
  t.deepEqual(losing([{ ...broken, kind: "always", verdict: "violated" }]), []);
  t.deepEqual(losing([{ ...broken, kind: "eventually", verdict: "holds" }]), []);
});

test("a caveat that another run covers is not told in the notes, and always in JSON", (t) => {
  const caveats = [{ text: "it is blind to this", coveredBy: "sharp-eyed" }];
  const other = run({});
  const { description } = other.planned;
  const covering = {
    ...other,
    planned: { ...other.planned, description: { ...description, properties: ["sharp-eyed"] } },
  };
  t.deepEqual(checkNotes([run({ caveats })], false), [
    "pbft, arbitrary at r0, views 0-1: it is blind to this.",
  ]);
  t.deepEqual(checkNotes([run({ caveats }), covering], false), []);
  t.deepEqual(checkJson(run({ caveats })).caveats, ["it is blind to this"]);
});

test("a run outside the contract always gets a note", (t) => {
  t.deepEqual(checkNotes([run({}, "holds", { insideContract: false })], false), [
    "pbft, arbitrary at r0, views 0-1: outside the contract of the protocol (it needs n >= 3f+1 and at most f replicas that are Byzantine or crash).",
  ]);
});

test("the JSON of a run has the fields of the contract", (t) => {
  t.deepEqual(checkJson(run(violated, "holds", { traceFiles: ["traces/x.json"] })), {
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
    expected: "holds",
    asExpected: false,
    verdict: "violated",
    reason: "they differ",
    properties: [],
    caveats: [],
    reduction: "visible-steps",
    states: 4_409_109,
    transitions: 45_503_318,
    depth: 41,
    frontier: 0,
    stepCalls: 2_185_773,
    symmetry: 1,
    deadMessages: false,
    refused: [],
    seconds: 9.805,
    statesPerSecond: 449_909,
    bytesPerState: 40,
    peakMemoryBytes: 411_000_000,
    witnesses: { decisions: 5, agreementComparisons: 4, viewChanges: 1, messages: {}, adversaryMoves: {} },
    trace: { file: "traces/x.json", property: "agreement", actions: 9, minimal: false },
    traces: [{ file: "traces/x.json", property: "agreement", actions: 9, minimal: false }],
  });
  t.is(checkJson(run()).trace, null);
});

test("a lasso has two lengths, and each violated property is named with its first counterexample", (t) => {
  const { actions: _, ...lasso } = counterexample(0);
  const loop = counterexample(4).actions;
  const one = run({ ...violated, counterexample: { ...lasso, actions: [], loop } }, null, {
    planned: { description: { ...description, properties: ["agreement"] }, expect: null, reduction: null },
  });
  t.true(checkTable([one], noPaint).includes("│ violated: a loop of 4 actions after 0 │"));
  const other = { ...counterexample(1), property: "validity" };
  const two = run({ ...violated, counterexamples: [counterexample(9), counterexample(10), other] }, null, {
    traceFiles: ["a.json", null, "c.json"],
  });
  const cell = "agreement violated in 9 actions (41 visible); validity violated in 1 action";
  t.true(checkTable([two], noPaint).includes(`│ ${cell} │`));
  t.deepEqual(checkNotes([two], true).slice(1), [
    "  agreement violated in 9 actions: the trace is in a.json; look at it with: turncoat replay a.json",
    "  validity violated in 1 action: the trace is in c.json; look at it with: turncoat replay c.json",
  ]);
});

test("a run is as expected if its verdict is the expected one, and holds where nothing is expected", (t) => {
  t.true(isAsExpected(run()));
  t.false(isAsExpected(run(violated)));
  t.true(isAsExpected(run(violated, "violated")));
  t.false(isAsExpected(run({}, "violated")));
  t.true(isAsExpected(run({ verdict: "vacuous" }, "any")));
});

test("the verdict of a command is the worst, where an expected one counts as holds", (t) => {
  const of = (...runs: readonly (readonly [Verdict, (Verdict | "any" | null)?])[]) =>
    overallVerdict(runs.map(([verdict, expect]) => run({ verdict }, expect ?? null)));
  t.is(of(["holds"], ["holds"]), "holds");
  t.is(of(["holds"], ["outside"]), "outside");
  t.is(of(["outside"], ["vacuous"]), "vacuous");
  t.is(of(["vacuous"], ["inconclusive"]), "inconclusive");
  t.is(of(["inconclusive"], ["violated"]), "violated");
  t.is(of(["violated", "violated"], ["vacuous", "vacuous"], ["inconclusive", "any"]), "holds");
  t.is(of(["violated", "holds"]), "violated");
  t.is(of(["inconclusive", "holds"]), "inconclusive");
  t.is(of(), "vacuous");
});

test("a verdict that is missed never counts as holds", (t) => {
  for (const expect of ["violated", "inconclusive", "vacuous", "outside"] as const)
    t.is(overallVerdict([run({ verdict: "holds" }, expect)]), "violated", expect);
});
